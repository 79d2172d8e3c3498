/** Venues that take orders wrongly: what becomes of them, what may be asked of them, what they take. */
import { type Order, Order as OrderModule, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { account, changing, claiming, opening, telling, trading } from "./brokenAccount.ts"
import type { Mutants } from "./table.ts"

const refusal = (reason: VenueError.Reason) =>
  Effect.fail(new VenueError.VenueError({ venue: "mine", operation: "order", reason }))

/** Every order is submitted as another. */
const asking = (change: (order: Order.Request) => Order.Request) =>
  account(({ submit }) => ({ submit: (order) => submit(change(order)) }))

const plain = (given: Order.Request): Order.Request => {
  const { timeInForce: _, ...order } = given
  return order
}

const unlimited = (given: Order.Request): Order.Request => {
  const { reduceOnly: _, ...order } = given
  return order
}

const untriggered = (given: Order.Request): Order.Request => {
  const { triggerPrice: _, ...order } = given
  return { ...order, kind: order.kind === "stop" ? "market" : order.kind }
}

export const execution: Mutants = {
  "EX-1": [
    [
      "it claims what was not announced",
      trading((made) => ({ ...made, capabilities: { ...made.capabilities, amends: "none" } })),
      "the trading capabilities"
    ],
    ["a switch is claimed that is not there", account(() => ({ deadMan: undefined }) as never), "deadMan"],
    ["a kind is claimed twice", claiming({ kinds: ["limit", "market", "limit"] }), "distinct claims"]
  ],
  "EX-2": [
    [
      "open waits until the stream is up",
      opening((open, emit) => Effect.tap(open(emit), Effect.sleep("1 second"))),
      "up when open returned"
    ],
    [
      "the stream never comes up",
      opening((open, emit) =>
        Effect.flatMap(open(emit), (made) =>
          Effect.map(SubscriptionRef.make({ _tag: "Down" as const, reason: undefined }), (stream) => ({
            ...made,
            stream: stream as never
          }))
        )
      ),
      "the stream up: not within"
    ],
    [
      "a connection never becomes Active",
      account(() => ({
        connections: Effect.runSync(
          SubscriptionRef.make(
            new Map([
              [
                "account",
                {
                  name: "account",
                  state: "Connecting" as const,
                  attempt: 0,
                  reason: undefined,
                  since: 0,
                  reconnects: 0,
                  rotations: 0
                }
              ]
            ])
          ) as never
        )
      })),
      "every connection Active: not within"
    ]
  ],
  "EX-3": [
    [
      "the account outlives its scope",
      opening((open, emit) => Effect.flatMap(Scope.make(), (scope) => Scope.provide(open(emit), scope))),
      "events after the end"
    ],
    [
      "its orders are cancelled when it is closed",
      opening((open, emit) =>
        Effect.tap(open(emit), (made) => Effect.addFinalizer(() => Effect.ignore(made.cancelAll(["AAAUSD"]))))
      ),
      "the order after the end"
    ]
  ],
  "EX-4": [
    [
      "only the account that placed an order is told of it",
      opening((open, emit) => {
        const own = new Set<string>()
        const isOwn = (id: string | undefined) => id !== undefined && own.has(id)
        return Effect.map(
          open((event) => {
            if (event.type !== "order" || isOwn(event.clientOrderId)) emit(event)
          }),
          (made) => ({
            ...made,
            submit: (order: Order.Request) => {
              own.add(order.clientOrderId)
              return made.submit(order)
            }
          })
        )
      }),
      "two-1 told open"
    ]
  ],
  "EX-5": [
    [
      "a cancellation is not told",
      telling("order", () => (event) => (event.status === "cancelled" ? [] : [event])),
      "told cancelled"
    ],
    ["a cancellation is only said", account(() => ({ cancel: () => Effect.void })), "told cancelled"],
    ["an order is told with another size", changing("order", (event) => ({ ...event, size: "5" })), "order rest-1"],
    [
      "a read has another price",
      account(({ order }) => ({
        order: (reference) => Effect.map(order(reference), (found) => found && { ...found, price: "91" })
      })),
      "read: order rest-1"
    ],
    [
      "cancelled orders stay among the open ones",
      account(({ openOrders }) => {
        const seen = new Map<string, never>()
        return {
          openOrders: (symbols) =>
            Effect.map(openOrders(symbols), (orders) => {
              for (const order of orders) seen.set(order.clientOrderId, order as never)
              return [...seen.values()]
            })
        }
      }),
      "open orders after its cancellation"
    ],
    [
      "an order is accepted under an id that it does not have",
      account(({ submit }) => ({ submit: (order) => Effect.as(submit(order), { venueOrderId: "1" }) })),
      "the venue's id"
    ]
  ],
  "EX-6": [
    [
      "ids are told in small letters",
      changing("order", (event) => ({ ...event, clientOrderId: event.clientOrderId.toLowerCase() })),
      "told open"
    ],
    [
      "fills have ids in capitals",
      changing("fill", (event) => ({ ...event, clientOrderId: event.clientOrderId?.toUpperCase() ?? "" })),
      "ids that were told"
    ],
    [
      "open orders have the venue's ids",
      account(({ openOrders }) => ({
        openOrders: (symbols) =>
          Effect.map(openOrders(symbols), (orders) =>
            orders.map((order) => ({ ...order, clientOrderId: order.venueOrderId ?? "" }))
          )
      })),
      "the id among open orders"
    ]
  ],
  "EX-7": [
    [
      "the cancellation of what has ended fails",
      account(({ cancel, order }) => ({
        cancel: (reference) =>
          Effect.flatMap(order(reference), (found) =>
            found !== undefined && OrderModule.isEnded(found.status)
              ? refusal(new VenueError.OrderRejected({ message: "it has ended", code: 13 }))
              : cancel(reference)
          )
      })),
      "the second cancel"
    ]
  ],
  "EX-8": [
    [
      "all orders of every symbol are cancelled",
      account(({ cancelAll }) => ({ cancelAll: () => cancelAll(["AAAUSD", "BBBUSD"]) })),
      "has open"
    ],
    [
      "only the first order is cancelled",
      account(({ cancel, openOrders }) => ({
        cancelAll: (symbols) =>
          Effect.flatMap(openOrders(symbols), ([first]) => (first === undefined ? Effect.void : cancel(first)))
      })),
      "all-2 told cancelled"
    ],
    [
      "where nothing is open it fails",
      account(({ cancelAll, openOrders }) => ({
        cancelAll: (symbols) =>
          Effect.flatMap(openOrders(symbols), ({ length }) =>
            length === 0 ? refusal(new VenueError.InvalidRequest({ message: "none" })) : cancelAll(symbols)
          )
      })),
      "cancelAll of nothing"
    ]
  ],
  "EX-9": [
    [
      "what is not claimed is sent all the same",
      claiming({ kinds: ["limit", "market"], timesInForce: ["gtc"], reduceOnly: false }),
      "was accepted"
    ],
    [
      "an order without a price is sent at a guess",
      asking((order) => (order.kind === "limit" && order.price === undefined ? { ...order, price: "90" } : order)),
      "without a price was accepted"
    ],
    [
      "the venue is left to refuse",
      account(({ cancel, submit }) => ({
        submit: (order) => Effect.tapError(submit(order), () => cancel(order))
      })),
      "requests that the exchange has heard"
    ]
  ],
  "EX-10": [
    [
      "another order takes its place",
      account(({ cancel, submit }) => ({
        amend: ({ clientOrderId, price = "99.5", size = "2", symbol }) =>
          Effect.asVoid(
            Effect.andThen(
              cancel({ clientOrderId, symbol }),
              submit({ clientOrderId, symbol, side: "buy", kind: "limit", price, size })
            )
          )
      })),
      "order change-1"
    ],
    ["a change is only said", account(() => ({ amend: () => Effect.void })), "a smaller size: told 4"],
    ["more is changed than is claimed", claiming({ amends: "size" }), "another price was accepted"]
  ],
  "EX-13": [["post-only is forgotten", asking(plain), "told to have ended"]],
  "EX-14": [
    [
      "the rest of an ioc order stays",
      asking((order) => (order.timeInForce === "ioc" ? plain(order) : order)),
      "told to have ended"
    ]
  ],
  "EX-15": [
    [
      "a fok order takes what it gets",
      asking((order) => (order.timeInForce === "fok" ? { ...order, timeInForce: "ioc" } : order)),
      'filled: told "1"'
    ]
  ],
  "EX-16": [["an order may open what it should reduce", asking(unlimited), "filled"]],
  "EX-17": [
    ["a trigger is forgotten", asking(untriggered), "wait-1 told open"],
    [
      "a triggered order is told as what it became",
      changing("order", (event) => (event.status === "filled" ? { ...event, kind: "market" } : event)),
      "another kind or trigger"
    ]
  ],
  "EX-18": [
    [
      "what waits is not among open orders",
      account(({ openOrders }) => ({
        openOrders: (symbols) =>
          Effect.map(openOrders(symbols), (orders) => orders.filter(({ triggerPrice }) => triggerPrice === undefined))
      })),
      "what waits"
    ],
    [
      "a triggered order is found as what it became",
      account(({ order }) => ({
        order: (reference) =>
          Effect.map(order(reference), (found) => (found?.status === "filled" ? { ...found, kind: "market" } : found))
      })),
      "what it is known as"
    ]
  ]
}
