/** Venues that tell an account wrongly: its fills, outcomes, stream, holdings and secrets. */
import { type PrivateEvent, type Trading, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { KEY } from "../reference/Wire.ts"
import { account, changing, opening, telling } from "./brokenAccount.ts"
import type { Mutants } from "./table.ts"

const failing = (reason: VenueError.Reason) =>
  Effect.fail(new VenueError.VenueError({ venue: "mine", operation: "order", reason }))

/** Every failure of an order has another reason. */
const failingAs = (reason: (clientOrderId: string) => VenueError.Reason) =>
  account(({ submit }) => ({
    submit: (order) => Effect.catch(submit(order), () => failing(reason(order.clientOrderId)))
  }))

const rejection = () => new VenueError.OrderRejected({ message: "no", code: 1 })
const unknown = (clientOrderId: string) => new VenueError.OutcomeUnknown({ message: "who knows", clientOrderId })

/** Sends every order again that failed. */
const stubborn = account(({ submit }) => ({
  submit: (order) => Effect.tapError(submit(order), () => Effect.ignore(submit(order)))
}))

const withoutFee = changing("fill", (given) => {
  const { fee: _, ...event } = given
  return event
})

const everyFillTwice = telling("fill", () => (event) => [event, event])

/** Only the first event of an order is told. */
const firstOnly = telling("order", () => {
  const seen = new Set<string>()
  return (event) => {
    if (seen.has(event.clientOrderId)) return []
    seen.add(event.clientOrderId)
    return [event]
  }
})

/** Nothing is told until the account's own order was answered. */
const deafUntilAnswered = opening((open, emit) => {
  let isAsking = false
  return Effect.map(
    open((event) => {
      if (!isAsking) emit(event)
    }),
    (made) => ({
      ...made,
      submit: (order: Parameters<typeof made.submit>[0]) =>
        Effect.suspend(() => {
          isAsking = true
          return Effect.ensuring(
            made.submit(order),
            Effect.sync(() => (isAsking = false))
          )
        })
    })
  )
})

type Open = Parameters<Parameters<typeof opening>[0]>[0]

/** Does something with each change of an account's stream. */
const following = (
  made: Effect.Success<ReturnType<Open>>,
  run: (state: Trading.StreamState) => Effect.Effect<unknown>
): Effect.Effect<unknown, never, Scope.Scope> =>
  Effect.forkScoped(Stream.runForEach(SubscriptionRef.changes(made.stream), run))

/** The stream's states are told otherwise, or not. */
const restating = (change: (state: Trading.StreamState) => Trading.StreamState | undefined) =>
  opening((open, emit) =>
    Effect.gen(function* () {
      const made = yield* open(emit)
      const stream = yield* SubscriptionRef.make<Trading.StreamState>({ _tag: "Down", reason: undefined })
      yield* following(made, (state) => {
        const told = change(state)
        return told === undefined ? Effect.void : SubscriptionRef.set(stream, told)
      })
      return { ...made, stream }
    })
  )

/** Nothing is told any more once the first session is over. */
const onceOnly = opening((open, emit) =>
  Effect.gen(function* () {
    let isOver = false
    const made = yield* open((event) => {
      if (!isOver) emit(event)
    })
    yield* following(made, (state) =>
      Effect.sync(() => {
        if (state._tag === "Down" && state.reason !== undefined) isOver = true
      })
    )
    return made
  })
)

/** An order is known as it was told last. */
const deafReads = opening((open, emit) => {
  const told = new Map<string, PrivateEvent.Order>()
  return Effect.map(
    open((event) => {
      if (event.type === "order") told.set(event.clientOrderId, event)
      emit(event)
    }),
    (made) => ({
      ...made,
      order: ({ clientOrderId }: { readonly clientOrderId: string }) => Effect.succeed(told.get(clientOrderId))
    })
  )
})

/** Cancels by itself what should be the venue's to cancel. */
const ownClock = opening((open, emit) =>
  Effect.gen(function* () {
    const made = yield* open(emit)
    const scope = yield* Effect.scope
    let turn = 0
    const fire = (symbols: ReadonlyArray<string>, mine: number) =>
      Effect.flatMap(made.openOrders(symbols), (orders) =>
        turn === mine ? Effect.forEach(orders, made.cancel) : Effect.void
      )
    return {
      ...made,
      deadMan: (symbols: ReadonlyArray<string>, within: unknown) =>
        Effect.suspend(() => {
          const mine = ++turn
          if (within === 0) return Effect.void
          return Effect.asVoid(Effect.forkIn(Effect.delay(Effect.ignore(fire(symbols, mine)), "1500 millis"), scope))
        })
    }
  })
)

export const accounts: Mutants = {
  "EX-11": [
    ["every fill is told twice", everyFillTwice, "fills of made-1"],
    ["fills have no fee", withoutFee, "fills of made-1"],
    ["every fill is a taker's", changing("fill", (event) => ({ ...event, liquidity: "taker" })), "fills of made-1"],
    [
      "what is filled is not told",
      changing("order", (event) => ({ ...event, filled: event.status === "filled" ? event.size : "0" })),
      "a half is filled"
    ]
  ],
  "EX-12": [
    ["every fill is told twice", everyFillTwice, "fills of take-buy"],
    [
      "a fill is left out",
      telling(
        "fill",
        () =>
          ({ price }) =>
            price === "100.5" ? [] : []
      ),
      "fills of take-buy"
    ],
    ["a market order is told open for ever", firstOnly, "take-buy told filled"]
  ],
  "EX-19": [
    ["a rejection is told as unknown", failingAs(unknown), "the reason"],
    ["a refused order is sent again", stubborn, "known as open"],
    [
      "a refused order is told open",
      opening((open, emit) =>
        Effect.map(open(emit), (made) => ({
          ...made,
          submit: (order: Parameters<typeof made.submit>[0]) =>
            Effect.tapError(made.submit(order), () =>
              Effect.sync(() =>
                emit({ type: "order", venue: "mine", receivedTime: 0, ...order, status: "open", filled: "0" })
              )
            )
        }))
      ),
      "known as open"
    ]
  ],
  "EX-20": [
    ["what is not known is told as refused", failingAs(rejection), "the reason"],
    ["what is not known is sent again", stubborn, "times it was sent"]
  ],
  "EX-21": [
    ["an answer that is missing is told as a refusal", failingAs(rejection), "the reason"],
    ["an order without an answer is sent again", stubborn, "times it was sent"],
    [
      "an order without an answer is not to be found",
      account(({ order }) => ({ order: (each) => Effect.as(order(each), undefined) })),
      "lost-1 is not known"
    ]
  ],
  "EX-22": [
    ["everything that fails is unknown", failingAs(unknown), "is OutcomeUnknown"],
    [
      "an order is kept until it can be sent",
      opening((open, emit) =>
        Effect.gen(function* () {
          const made = yield* open(emit)
          const scope = yield* Effect.scope
          return {
            ...made,
            submit: (order: Parameters<typeof made.submit>[0]) =>
              Effect.tapError(made.submit(order), () =>
                Effect.forkIn(Effect.delay(Effect.ignore(made.submit(order)), "3100 millis"), scope)
              )
          }
        })
      ),
      "times it was sent"
    ]
  ],
  "EX-23": [
    [
      "the stream is up whatever happens",
      restating((state) => (state._tag === "Up" ? state : undefined)),
      "the stream down: not within"
    ],
    [
      "every session has the same number",
      restating((state) => (state._tag === "Up" ? { _tag: "Up", session: 1 } : state)),
      "session 1 after 1"
    ],
    ["a stream that was lost tells nothing more", onceOnly, "away-2 told open"],
    [
      "a loss has no reason",
      restating((state) => (state._tag === "Down" ? { _tag: "Down", reason: undefined } : state)),
      "Down told with a reason"
    ],
    [
      "fills are only known of the stream",
      opening((open, emit) => {
        const told: Array<PrivateEvent.Fill> = []
        return Effect.map(
          open((event) => {
            if (event.type === "fill") told.push(event)
            emit(event)
          }),
          (made) => ({ ...made, fills: () => Effect.succeed(told) })
        )
      }),
      "read: fills of away-1"
    ]
  ],
  "EX-24": [["a stream that was ended tells nothing more", onceOnly, "notice-1 told cancelled"]],
  "EX-25": [["events before the answer are dropped", deafUntilAnswered, "early-1 told filled"]],
  "EX-26": [
    [
      "a fill that is told again has another id",
      telling("fill", () => {
        let count = 0
        return (event) => [{ ...event, id: `${event.id}-${count++}` }]
      }),
      "fills of double-1"
    ],
    [
      "a fill that is told again has another price",
      telling("fill", () => {
        const seen = new Set<string>()
        return (event) => {
          const isNew = !seen.has(event.id)
          seen.add(event.id)
          return [isNew ? event : { ...event, price: "1" }]
        }
      }),
      "one id was told with different numbers"
    ]
  ],
  "EX-27": [
    ["what was told is all that is known", deafReads, "read at once"],
    ["a report that is late is told twice", everyFillTwice, "fills of late-1"]
  ],
  "EX-28": [
    [
      "open orders of every symbol are given",
      account(({ openOrders }) => ({ openOrders: () => openOrders(["AAAUSD", "BBBUSD"]) })),
      "open orders of the other symbol"
    ],
    [
      "the latest page of fills is all",
      account(({ fills }) => ({ fills: (request) => Effect.map(fills(request), (all) => all.slice(-1)) })),
      "among fills"
    ],
    [
      "fills are given from the beginning",
      account(({ fills }) => ({ fills: ({ symbol }) => fills({ symbol, since: 0 }) })),
      "fills from later on"
    ],
    [
      "the newest fills come first",
      account(({ fills }) => ({ fills: (request) => Effect.map(fills(request), (all) => all.toReversed()) })),
      "fills of"
    ]
  ],
  "EX-29": [
    [
      "balances are rounded",
      account(({ balances }) => ({
        balances: Effect.map(balances, (all) =>
          all.map((each) => ({ ...each, total: String(Math.round(Number(each.total))) }))
        )
      })),
      "read: balances"
    ],
    ["positions are not read", account(() => ({ positions: Effect.succeed([]) })), "read: positions"],
    ["balances are not told", telling("balance", () => () => []), "no balance was told"],
    [
      "the first position that is told stays",
      telling("position", () => {
        let first: PrivateEvent.Position | undefined
        return (event) => [(first ??= event)]
      }),
      "positions"
    ]
  ],
  "EX-30": [
    ["the mode is guessed", account(() => ({ positionMode: Effect.succeed("hedge") })), "the position mode"],
    [
      "what never was is unknown",
      account(({ order }) => ({
        order: (reference) =>
          Effect.filterOrElse(
            order(reference),
            (found) => found !== undefined,
            () => failing(new VenueError.InvalidRequest({ message: "no such order" }))
          )
      })),
      "no such order"
    ]
  ],
  "EX-31": [
    [
      "amounts have needless zeros",
      changing("fill", (event) => ({ ...event, size: `${event.size}.0` })),
      "private event"
    ],
    [
      "events have the venue's id for a name",
      changing("order", (event) => ({ ...event, venue: "x" })),
      "private event"
    ],
    ["stamps are seconds", changing("fill", (event) => ({ ...event, exchangeTime: 1_800_000_000 })), "private event"],
    [
      "reads are not stamped",
      account(({ balances }) => ({
        balances: Effect.map(balances, (all) => all.map((each) => ({ ...each, receivedTime: 0 })))
      })),
      "private event"
    ]
  ],
  "EX-32": [
    [
      "an error shows the key",
      failingAs(() => new VenueError.OrderRejected({ code: 1, message: `the key ${KEY} is refused` })),
      "a secret was said"
    ],
    [
      "the key is logged",
      account(({ submit }) => ({
        submit: (order) => Effect.andThen(Effect.logDebug(`POST with ${KEY}`), submit(order))
      })),
      "a secret was said"
    ],
    [
      "a signed request is in the cause of an error",
      account(({ submit }) => ({
        submit: (order) =>
          Effect.mapError(
            submit(order),
            ({ operation, reason, venue }) =>
              new VenueError.VenueError({
                venue,
                operation,
                reason,
                cause: { url: `/order?signature=${"ab".repeat(32)}` }
              })
          )
      })),
      "a secret was said"
    ]
  ],
  "EX-33": [
    ["the switch is only said", account(() => ({ deadMan: () => Effect.void })), "told to have ended"],
    [
      "the switch cannot be taken back",
      account(({ deadMan }) => ({
        deadMan: (symbols, within) => (within === 0 ? Effect.void : deadMan!(symbols, within))
      })),
      "what was taken back"
    ],
    ["the switch is our own clock", ownClock, "cancellations that were asked for"]
  ]
}
