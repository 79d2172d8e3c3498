import { assert, describe, it } from "@effect/vitest"
import type { Event, Order, PrivateEvent, Trading, VenueError } from "@tidewire/core"
import { Fees, Latency, PaperVenue, QueuePosition, TimeLine } from "@tidewire/engine"
import { Effect } from "effect"
import { perpetual } from "./opened.ts"

const stamps = (at: number) => ({ venue: "paper", symbol: "BTCUSDT", receivedTime: at })
const quote =
  (bid: number, bidSize: number, ask: number, askSize: number) =>
  (at: number): Event.Event => ({
    type: "quote",
    ...stamps(at),
    bid,
    bidSize,
    ask,
    askSize
  })
const trade =
  (side: Order.Side, price: number, size: number) =>
  (at: number): Event.Event => ({
    type: "trade",
    ...stamps(at),
    id: String(at),
    price,
    size,
    side,
    origin: "stream"
  })
const mark =
  (price: number, fundingRate: number, nextFundingTime: number) =>
  (at: number): Event.Event => ({
    type: "mark",
    ...stamps(at),
    mark: price,
    fundingRate,
    nextFundingTime
  })
/** 100 bid for 3, 101 asked for 2. */
const usual = quote(100, 3, 101, 2)

type Step =
  | ((at: number) => Event.Event)
  | { readonly submit: Partial<Order.Request> & { readonly clientOrderId: string } }
  | { readonly amend: Omit<Order.Amendment, "symbol"> }
  | { readonly cancel: string }

const submit = (clientOrderId: string, over: Partial<Order.Request>): Step => ({ submit: { clientOrderId, ...over } })

const asked = (account: Trading.Account, step: Exclude<Step, (at: number) => Event.Event>) => {
  const symbol = "BTCUSDT"
  if ("submit" in step) {
    const { price = "100", ...rest } = step.submit
    const hasPrice = step.submit.kind !== "market" && !("price" in step.submit && step.submit.price === "")
    const request = { symbol, side: "buy", kind: "limit", size: "1", ...rest, ...(hasPrice && { price }) } as const
    return Effect.asVoid(account.submit(request))
  }
  if ("amend" in step) return account.amend({ ...step.amend, symbol })
  return account.cancel({ clientOrderId: step.cancel, symbol })
}

const short = (event: PrivateEvent.PrivateEvent): ReadonlyArray<string> => {
  switch (event.type) {
    case "order":
      return [`${event.clientOrderId} ${event.status} ${event.filled}/${event.size}`]
    case "fill":
      return [`${event.clientOrderId} ${event.liquidity} ${event.size} at ${event.price}`]
    case "funding":
      return [`funding ${event.amount} ${event.asset}`]
    default:
      return []
  }
}

/** One step each 10 ms, on a wire that takes 1 ms each way; what was told, refusals among it. */
const ran = (steps: ReadonlyArray<Step>) =>
  Effect.gen(function* () {
    const timeLine = new TimeLine.TimeLine(0)
    const venue = new PaperVenue.PaperVenue({
      venue: "paper",
      timeLine,
      instrument: (symbol) => (symbol === "BTCUSDT" ? perpetual : undefined),
      book: () => undefined,
      balances: { USDT: "1000" },
      latency: Latency.constant(1, 1),
      fees: Fees.rates("0", "0"),
      queue: QueuePosition.models.front,
      leverage: 5
    })
    const told: Array<string> = []
    const account = yield* venue.open((event) => void told.push(...short(event)))
    for (const [index, step] of steps.entries()) {
      const at = index * 10
      timeLine.advance(at)
      if (typeof step === "function") venue.market(step(at))
      else {
        const refused = ({ reason }: VenueError.VenueError) => void told.push(`refused: ${reason.message}`)
        yield* Effect.forkScoped(Effect.match(asked(account, step), { onFailure: refused, onSuccess: () => {} }), {
          startImmediately: true
        })
      }
    }
    timeLine.advance(steps.length * 10)
    return told
  }).pipe(Effect.scoped)

const cases: ReadonlyArray<readonly [title: string, steps: ReadonlyArray<Step>, told: ReadonlyArray<string>]> = [
  [
    "ioc takes what is offered, and the rest expires",
    [usual, submit("a", { size: "3", price: "101", timeInForce: "ioc" })],
    ["a open 0/3", "a taker 2 at 101", "a open 2/3", "a expired 2/3"]
  ],
  [
    "fok takes nothing when not all is offered",
    [usual, submit("a", { size: "3", price: "101", timeInForce: "fok" })],
    ["a open 0/3", "a expired 0/3"]
  ],
  [
    "fok takes all when it is offered",
    [usual, submit("a", { size: "2", price: "101", timeInForce: "fok" })],
    ["a open 0/2", "a taker 2 at 101", "a filled 2/2"]
  ],
  [
    "post-only rests, and is a maker when the market comes",
    [usual, submit("a", { timeInForce: "postOnly" }), trade("sell", 100, 0.4), trade("sell", 99.9, 5)],
    ["a open 0/1", "a maker 0.4 at 100", "a open 0.4/1", "a maker 0.6 at 100", "a filled 1/1"]
  ],
  [
    "a stop waits for a trade at its price, then takes",
    [
      usual,
      submit("a", { kind: "stop", triggerPrice: "102", price: "" }),
      trade("buy", 101.9, 1),
      trade("buy", 102, 1),
      usual
    ],
    ["a open 0/1", "a open 0/1", "a taker 1 at 101", "a filled 1/1"]
  ],
  [
    "a take-profit waits for a trade on the other side, then rests at its price",
    [
      usual,
      submit("a", { kind: "takeProfit", triggerPrice: "99", price: "98" }),
      trade("sell", 98.9, 1),
      { cancel: "a" }
    ],
    ["a open 0/1", "a open 0/1", "a cancelled 0/1"]
  ],
  [
    "reduce-only is as large as the position, shrinks with it, and ends with it",
    [
      usual,
      submit("long", { size: "2", price: "101" }),
      submit("r", { side: "sell", size: "5", price: "105", reduceOnly: true }),
      submit("s", { side: "sell", size: "1", price: "100" }),
      submit("t", { side: "sell", size: "1", price: "100" })
    ],
    [
      "long open 0/2",
      "long taker 2 at 101",
      "long filled 2/2",
      "r open 0/2",
      "s open 0/1",
      "s taker 1 at 100",
      "s filled 1/1",
      "r open 0/1",
      "t open 0/1",
      "t taker 1 at 100",
      "t filled 1/1",
      "r expired 0/1"
    ]
  ],
  [
    "an amendment changes size and price; a price that meets the market takes",
    [
      usual,
      submit("a", { price: "99" }),
      { amend: { clientOrderId: "a", size: "2" } },
      { amend: { clientOrderId: "a", price: "101" } }
    ],
    ["a open 0/1", "a open 0/2", "a open 0/2", "a taker 2 at 101", "a filled 2/2"]
  ],
  [
    "an amendment below what is filled, or of what is gone, is refused and changes nothing",
    [
      usual,
      submit("a", { price: "100", size: "2" }),
      trade("sell", 100, 1),
      { amend: { clientOrderId: "a", size: "1" } },
      { amend: { clientOrderId: "a", size: "1000" } },
      { cancel: "a" },
      { amend: { clientOrderId: "a", size: "2" } }
    ],
    [
      "a open 0/2",
      "a maker 1 at 100",
      "a open 1/2",
      "refused: 1 of it is filled",
      "refused: not enough USDT: 19980 needed, 980 free",
      "a cancelled 1/2",
      "refused: no open order of this id"
    ]
  ],
  [
    "two orders that each could close a position cannot turn it over for nothing",
    [
      quote(100, 9, 100.1, 50),
      submit("long", { size: "49", price: "100.1" }),
      submit("c", { side: "sell", size: "49", price: "110" }),
      submit("d", { side: "sell", size: "49", price: "110" })
    ],
    [
      "long open 0/49",
      "long taker 49 at 100.1",
      "long filled 49/49",
      "c open 0/49",
      "refused: not enough USDT: 1078 needed, 19.02 free"
    ]
  ],
  [
    "funding is paid when its time comes, by the mark before it",
    [
      usual,
      submit("long", { size: "2", price: "101" }),
      mark(110, 0.001, 45),
      usual,
      usual,
      mark(120, 0.002, 100_000),
      usual
    ],
    ["long open 0/2", "long taker 2 at 101", "long filled 2/2", "funding -0.22 USDT"]
  ]
]

describe("PaperVenue, order by order", () => {
  it.effect.each(cases)("%s", ([, steps, expected]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* ran(steps), expected)
    })
  )
})
