import { assert, describe, it } from "@effect/vitest"
import type { Event, PrivateEvent } from "@tidewire/core"
import { type Strategy, StrategyHost } from "@tidewire/engine"

const stamps = { venue: "v", symbol: "BTCUSDT", receivedTime: 1 }
const trade: Event.Trade = { type: "trade", ...stamps, id: "1", price: 1, size: 1, side: "buy", origin: "stream" }
const quote: Event.Quote = { type: "quote", ...stamps, bid: 1, bidSize: 1, ask: 2, askSize: 1 }
const book: Event.Book = { type: "book", ...stamps, kind: "snapshot", bids: [], asks: [], sequence: 1 }
const order = (strategy: string): PrivateEvent.Order => ({
  type: "order",
  ...stamps,
  clientOrderId: "a",
  side: "buy",
  kind: "limit",
  size: "1",
  status: "open",
  filled: "0",
  strategy
})

/** Never used by these strategies. */
const context = {} as Strategy.Context

const hosted = (strategy: Partial<Strategy.Strategy>, channels: ReadonlyArray<string> = ["trades", "book:20"]) => {
  const failures: Array<string> = []
  const subscriptions = [{ venue: "v", symbol: "BTCUSDT", channels }]
  const host = new StrategyHost.StrategyHost({
    name: "mine",
    strategy: { subscriptions, ...strategy },
    subscriptions,
    context,
    failed: (reason) => void failures.push(reason)
  })
  return { failures, host }
}

describe("StrategyHost", () => {
  it("hands over what was asked for, its own orders, and the timer", () => {
    const heard: Array<string> = []
    const note = ({ type }: { readonly type: string }) => void heard.push(type)
    const { host } = hosted({ onTrade: note, onQuote: note, onBook: note, onOrder: note, onTimer: note })
    host.start()
    for (const event of [trade, quote, book, order("mine"), order("other")]) host.tell(event)
    host.tell({ ...trade, symbol: "ETHUSDT" })
    host.tell({ ...trade, venue: "w" })
    host.tell({ type: "timer", time: 1 })
    assert.deepStrictEqual(heard, ["trade", "book", "order", "timer"])
  })

  it("tells what a handler causes after it has returned", () => {
    const heard: Array<string> = []
    const { host } = hosted({
      onTrade: () => {
        host.tell(order("mine"))
        heard.push("trade")
      },
      onOrder: () => void heard.push("order")
    })
    host.start()
    host.tell(trade)
    assert.deepStrictEqual(heard, ["trade", "order"])
  })

  it("S-D1 stops a strategy that throws, says what threw, and hands it nothing more", () => {
    let calls = 0
    const { failures, host } = hosted({
      onTrade: () => {
        calls++
        throw new Error("broken")
      }
    })
    host.start()
    host.tell(trade)
    host.tell(trade)
    assert.deepStrictEqual(
      { calls, failures, isRunning: host.isRunning },
      {
        calls: 1,
        failures: ["trade: broken"],
        isRunning: false
      }
    )
  })

  it("stops a strategy that makes its own work without an end", () => {
    const { failures, host } = hosted({ onOrder: () => host.tell(order("mine")) })
    host.start()
    host.tell(order("mine"))
    assert.deepStrictEqual(failures, ["more events of its own making than a turn may have"])
  })

  it("runs the last handler at the end, and no other after it", () => {
    const heard: Array<string> = []
    const { host } = hosted({ onStop: () => void heard.push("stop"), onTrade: () => void heard.push("trade") })
    host.start()
    host.stop()
    host.stop()
    host.tell(trade)
    assert.deepStrictEqual(heard, ["stop"])
  })
})
