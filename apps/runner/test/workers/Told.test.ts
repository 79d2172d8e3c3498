import { assert, describe, it } from "@effect/vitest"
import type { Event, Subscription, Supervision } from "@tidewire/core"
import { Told } from "../../src/workers/Told.ts"

const at = { venue: "made-up", symbol: "BTCUSDT" }

const trade = (id: number, origin: Event.Origin = "stream"): Event.Trade => ({
  type: "trade",
  ...at,
  exchangeTime: id,
  receivedTime: id,
  id: String(id),
  price: 1,
  size: 1,
  side: "buy",
  origin
})

const quote = (time: number): Event.Quote => ({
  type: "quote",
  ...at,
  exchangeTime: time,
  receivedTime: time,
  bid: 1,
  bidSize: 1,
  ask: 2,
  askSize: 1
})

const book = (kind: "snapshot" | "delta", sequence: number, bids: ReadonlyArray<Event.Level>): Event.Book => ({
  type: "book",
  ...at,
  receivedTime: sequence,
  kind,
  bids,
  asks: [[2, 1]],
  sequence
})

const bookState = (state: Event.BookState["state"]): Event.BookState => ({
  type: "bookState",
  ...at,
  receivedTime: 0,
  state
})

const subscription = (channel: string, state: Event.SubscriptionStateName): Event.SubscriptionState => ({
  type: "subscription",
  ...at,
  receivedTime: 0,
  channel,
  state
})

const subscriptions: ReadonlyArray<Subscription.Subscription> = [
  { symbol: "BTCUSDT", channel: "trades" },
  { symbol: "BTCUSDT", channel: "quotes" },
  { symbol: "BTCUSDT", channel: "book" }
]

type Mend = NonNullable<Supervision.EventStreamOptions["mend"]>

/** What is told of these inputs; `mend` is what a history would do. */
const make = (mend?: Mend) => {
  const events: Array<Event.Event> = []
  const told = new Told({
    venue: "made-up",
    consecutiveTradeIds: true,
    emit: (event) => events.push(event),
    ...(mend !== undefined && { mend }),
    cancel: () => {},
    now: () => 99
  })
  told.expect(subscriptions)
  const take = (...inputs: ReadonlyArray<Event.Event>) => inputs.forEach((event) => told.take(event))
  /** What has been told since it was last asked. */
  const news = () => events.splice(0)
  return { told, take, news }
}

const gap = (
  channel: string,
  rest: Pick<Event.Gap, "receivedTime" | "from" | "lost" | "repaired"> & Partial<Event.Gap>
): Event.Gap => ({
  type: "gap",
  ...at,
  channel,
  reason: "disconnect",
  ...rest
})

describe("what was told, across the loss of a worker", () => {
  it("passes everything on as it comes while the worker lives", () => {
    const { news, take } = make()
    const events = [trade(1), trade(2), quote(3), trade(4), bookState("syncing"), book("snapshot", 5, [[1, 1]])]
    take(...events)
    assert.deepStrictEqual(news(), events)
  })

  it("consecutive ids prove trades whole; quotes have their gap; what is known is not told again", () => {
    const { news, take, told } = make()
    take(trade(1), trade(2), quote(2))
    told.lost(subscriptions, "it is no more")
    news()
    take(trade(2), trade(3), quote(7), trade(4), quote(8))
    assert.deepStrictEqual(news(), [
      trade(3),
      gap("quotes", { receivedTime: 7, from: 2, to: 7, lost: null, repaired: false }),
      quote(7),
      trade(4),
      quote(8)
    ])
  })

  it("missing trades are counted where nothing can be fetched", () => {
    const { news, take, told } = make()
    take(trade(1))
    told.lost(subscriptions, "it is no more")
    news()
    take(trade(5), trade(6))
    assert.deepStrictEqual(news(), [
      gap("trades", { receivedTime: 5, from: "1", to: "5", lost: 3, repaired: false }),
      trade(5),
      trade(6)
    ])
  })

  it("missing trades are fetched where they can be: first they, then the gap, then what waited", () => {
    const asked: Array<Parameters<Mend>[0]> = []
    const { news, take, told } = make((stream) => asked.push(stream))
    take(trade(1))
    told.lost(subscriptions, "it is no more")
    news()
    take(trade(4), trade(5))
    assert.deepStrictEqual(
      [news(), asked.map(({ missing }) => missing)],
      [[], [{ from: 2, to: 4, reason: "disconnect" }]]
    )
    asked[0]!.backfilled([trade(2, "backfill"), trade(3, "backfill")])
    take(trade(6))
    assert.deepStrictEqual(news(), [
      trade(2, "backfill"),
      trade(3, "backfill"),
      gap("trades", { receivedTime: 4, from: "1", to: "4", lost: 2, repaired: true }),
      trade(4),
      trade(5),
      trade(6)
    ])
  })

  it("every subscription is told pending with the reason, and the book stale at once", () => {
    const { news, take, told } = make()
    take(
      subscription("trades", "live"),
      subscription("quotes", "ended"),
      subscription("book", "live"),
      bookState("live")
    )
    news()
    told.lost(subscriptions, "it is no more")
    const reason = "it is no more"
    assert.deepStrictEqual(news(), [
      { ...subscription("trades", "pending"), receivedTime: 99, reason },
      { ...bookState("stale"), receivedTime: 99, reason },
      { ...subscription("book", "pending"), receivedTime: 99, reason }
    ])
    assert.deepStrictEqual(told.book("BTCUSDT"), { state: "stale", reason })
  })

  it("what still misses something when it ends says so", () => {
    const { news, take, told } = make()
    const live = ["trades", "quotes", "book"].map((channel) => subscription(channel, "live"))
    take(...live, trade(1), quote(1), book("snapshot", 3, [[1, 1]]))
    told.lost(subscriptions, "it is no more")
    news()
    told.end(subscriptions, "unsubscribed")
    assert.deepStrictEqual(
      news().filter((event) => event.type === "gap"),
      [
        gap("trades", { receivedTime: 99, from: "1", lost: null, repaired: false }),
        gap("quotes", { receivedTime: 99, from: 1, lost: null, repaired: false }),
        gap("book", { receivedTime: 99, from: 3, lost: null, repaired: false })
      ]
    )
  })
})

describe("books in the main thread", () => {
  it("are read only while the worker says that they are live", () => {
    const { take, told } = make()
    assert.deepStrictEqual(told.book("BTCUSDT"), { state: "syncing", reason: undefined })
    assert.isUndefined(told.book("ETHUSDT"))
    take(bookState("syncing"), book("snapshot", 5, [[1, 1]]))
    assert.deepStrictEqual(told.book("BTCUSDT"), { state: "syncing", reason: undefined })
    take(bookState("live"), book("delta", 6, [[1.5, 7]]), book("delta", 7, [[1, 0]]))
    const view = told.book("BTCUSDT")
    assert.deepStrictEqual(view?.state === "live" && [view.book.bids(), view.book.asks(), view.book.sequence], [
      [[1.5, 7]],
      [[2, 1]],
      7
    ])
    take(bookState("stale"))
    assert.strictEqual(told.book("BTCUSDT")?.state, "stale")
  })

  it("after a loss the whole book comes first, then the gap that it mends", () => {
    const { news, take, told } = make()
    take(bookState("syncing"), book("snapshot", 5, [[1, 1]]), bookState("live"), book("delta", 6, []))
    told.lost(subscriptions, "it is no more")
    news()
    take(bookState("syncing"), book("snapshot", 9, [[1, 1]]), bookState("live"))
    assert.deepStrictEqual(news(), [
      bookState("syncing"),
      book("snapshot", 9, [[1, 1]]),
      gap("book", { receivedTime: 9, from: 6, to: 9, lost: null, repaired: true }),
      bookState("live")
    ])
  })

  it("a consumer that lost a part is told the whole of it, without the worker", () => {
    const { news, take, told } = make()
    take(bookState("live"), book("snapshot", 5, [[1, 1]]), book("delta", 6, [[1, 3]]))
    news()
    told.retellBook("BTCUSDT", { from: 5, lost: 1 })
    assert.deepStrictEqual(news(), [
      { ...bookState("stale"), receivedTime: 99, reason: "the consumer did not keep up" },
      { ...bookState("syncing"), receivedTime: 99 },
      book("snapshot", 6, [[1, 3]]),
      gap("book", { receivedTime: 99, reason: "overflow", from: 5, to: 6, lost: 1, repaired: true }),
      { ...bookState("live"), receivedTime: 99 }
    ])
  })
})
