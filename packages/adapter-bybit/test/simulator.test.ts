/** The adapter against the simulated venue, over real sockets, on good days and through faults. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { eventsOf, tradesOf, untilBookIsTrue, withClient } from "./support/client.ts"

const symbols = { bybit: "BTCUSDT", "bybit-linear": "BTCUSDT", "bybit-inverse": "BTCUSD" } as const

const venues = ["bybit", "bybit-linear", "bybit-inverse"] as const

const some = { trade: 40, quote: 40, bar: 3, ticker: 5 } as const

for (const venue of venues) {
  const symbol = symbols[venue]
  const contracts = venue === "bybit" ? [] : (["mark", "liquidations"] as const)

  describe(`${venue} on the simulated venue`, () => {
    it("every channel flows, each trade once and in order, and the book is the venue's", () =>
      withClient(
        { venue, symbols: [symbol], channels: ["trades", "quotes", "book", "bars:1m", "ticker", ...contracts] },
        async (client) => {
          const kinds = Object.keys(some) as ReadonlyArray<keyof typeof some>
          await client.until(() => kinds.every((kind) => eventsOf(client, kind, symbol).length >= some[kind]))
          if (venue !== "bybit") {
            client.simulator.control.liquidate(symbol, "sell", venue === "bybit-inverse" ? 500 : 0.5, venue)
            await client.until(() => eventsOf(client, "liquidation", symbol).length > 0)
            await client.until(() => eventsOf(client, "mark", symbol).length > 0)
          }
          await untilBookIsTrue(client, venue, symbol, 1000)
          const { made, told } = tradesOf(client, venue, symbol)
          const { gaps, malformed, unknown } = client.feed.counts()
          const quotes = eventsOf(client, "quote", symbol)
          expect({
            told,
            gaps,
            malformed,
            unknown,
            crossed: quotes.filter(({ ask, bid }) => bid >= ask).length,
            sides: new Set(eventsOf(client, "liquidation", symbol).map(({ side }) => side)),
            unordered: quotes.filter(({ sequence }, index) => index > 0 && sequence! <= quotes[index - 1]!.sequence!)
          }).toEqual({
            told: made,
            gaps: 0,
            malformed: 0,
            unknown: 0,
            crossed: 0,
            sides: new Set(venue === "bybit" ? [] : ["sell"]),
            unordered: []
          })
        }
      ))
  })
}

describe("books", () => {
  for (const depth of [50, 200] as const) {
    it(`of ${depth} levels are the venue's, level by level`, () =>
      withClient({ venue: "bybit-linear", symbols: ["BTCUSDT"], channels: [`book:${depth}`] }, async (client) => {
        await client.until(() => eventsOf(client, "book", "BTCUSDT").length > 20)
        await untilBookIsTrue(client, "bybit-linear", "BTCUSDT", depth)
        const [first, ...later] = eventsOf(client, "book", "BTCUSDT")
        expect([first!.kind, new Set(later.map(({ kind }) => kind)), client.feed.counts().resyncs]).toEqual([
          "snapshot",
          new Set(["delta"]),
          0
        ])
      }))
  }

  it("of one level come whole, on the topic of the quotes, which is subscribed once", () =>
    withClient({ venue: "bybit", symbols: ["BTCUSDT"], channels: ["quotes", "book:1"] }, async (client) => {
      await client.until(() => eventsOf(client, "book", "BTCUSDT").length > 20)
      const quotes = eventsOf(client, "quote", "BTCUSDT").slice(0, 20)
      const books = eventsOf(client, "book", "BTCUSDT").slice(0, 20)
      const { connections } = client.simulator.stats()
      expect([connections.map(({ streams }) => streams), books.map((book) => [book.bids[0], book.asks[0]])]).toEqual([
        [["orderbook.1.BTCUSDT"]],
        quotes.map(({ ask, askSize, bid, bidSize }) => [
          [bid, bidSize],
          [ask, askSize]
        ])
      ])
    }))

  it("a change that is lost makes one book stale, and it is subscribed anew", () =>
    withClient({ venue: "bybit-linear", symbols: ["BTCUSDT", "ETHUSDT"], channels: ["book:50"] }, async (client) => {
      const states = (symbol: string) => eventsOf(client, "bookState", symbol).map(({ state }) => state)
      await client.until(() => states("BTCUSDT").includes("live") && states("ETHUSDT").includes("live"))
      client.simulator.control.inject({ kind: "drop", filter: { stream: "orderbook.50.BTCUSDT" } })
      await client.until(() => states("BTCUSDT").includes("stale") && states("BTCUSDT").at(-1) === "live")
      await untilBookIsTrue(client, "bybit-linear", "BTCUSDT", 50)
      expect({
        states: [states("BTCUSDT"), states("ETHUSDT")],
        gaps: eventsOf(client, "gap", "BTCUSDT").map(({ channel, reason, repaired }) => ({
          channel,
          reason,
          repaired
        })),
        reconnects: client.feed.counts().reconnects
      }).toEqual({
        states: [
          ["syncing", "live", "stale", "syncing", "live"],
          ["syncing", "live"]
        ],
        gaps: [{ channel: "book:50", reason: "sequence", repaired: true }],
        reconnects: 0
      })
    }))

  it("a restart of the venue's service begins the book anew", () =>
    withClient({ venue: "bybit-linear", symbols: ["BTCUSDT"], channels: ["book:50"] }, async (client) => {
      await client.until(() => eventsOf(client, "book", "BTCUSDT").length > 5)
      client.simulator.control.inject({ kind: "restart", filter: { stream: "orderbook.50.BTCUSDT" } })
      await client.until(() => eventsOf(client, "book", "BTCUSDT").some(({ sequence }) => sequence === 1))
      await client.until(() => eventsOf(client, "book", "BTCUSDT").at(-1)!.sequence > 3)
      await untilBookIsTrue(client, "bybit-linear", "BTCUSDT", 50)
      const anew = eventsOf(client, "book", "BTCUSDT").find(({ sequence }) => sequence === 1)
      expect([anew!.kind, client.feed.counts().malformed]).toEqual(["snapshot", 0])
    }))

  it("changes without a snapshot are no book: after 5 s it is asked for again", () =>
    withClient(
      {
        venue: "bybit",
        symbols: ["BTCUSDT"],
        channels: ["book:50"],
        prepare: ({ control }) => control.inject({ kind: "deltaFirst", never: true })
      },
      async (client) => {
        await client.until(() => eventsOf(client, "bookState", "BTCUSDT").some(({ state }) => state === "live"))
        await untilBookIsTrue(client, "bybit", "BTCUSDT", 50)
        const [first] = eventsOf(client, "book", "BTCUSDT")
        expect([first!.kind, client.feed.counts().reconnects]).toEqual(["snapshot", 0])
      }
    ))

  it("an audit compares the deepest book with the venue's, and finds no difference", () =>
    withClient(
      { venue: "bybit-linear", symbols: ["BTCUSDT"], channels: ["book"], connection: { audit: "1 second" } },
      async (client) => {
        await client.until(() => client.feed.counts().audits > 0)
        expect(client.feed.counts().drifts).toBe(0)
      }
    ))
})

describe("subscriptions", () => {
  for (const venue of ["bybit", "bybit-linear"] as const) {
    it(`${venue}: a topic that does not exist ends with the venue's words, and the others of its request flow`, () =>
      withClient(
        {
          venue,
          symbols: ["BTCUSDT", "NOPEUSDT", "ETHUSDT"],
          channels: ["trades", "ticker"],
          connection: { isolation: "shared" }
        },
        async (client) => {
          const ended = () => eventsOf(client, "subscription", "NOPEUSDT").filter(({ state }) => state === "ended")
          await client.until(() => ended().length === 2)
          await client.until(() =>
            ["BTCUSDT", "ETHUSDT"].every((symbol) => eventsOf(client, "ticker", symbol).length > 0)
          )
          const reasons = ended().map(({ channel, reason }) => `${channel}: ${reason}`)
          const [words, close] = venue === "bybit" ? ["Invalid symbol :[", "]"] : ["error:handler not found,topic:", ""]
          expect([reasons.toSorted((a, b) => a.localeCompare(b)), client.feed.counts().reconnects]).toEqual([
            [`ticker: ${words}tickers.NOPEUSDT${close}`, `trades: ${words}publicTrade.NOPEUSDT${close}`],
            0
          ])
        }
      ))
  }

  it("data that comes before its acknowledgement is data", () =>
    withClient(
      {
        venue: "bybit-linear",
        symbols: ["BTCUSDT"],
        channels: ["book:50", "ticker"],
        prepare: ({ control }) => control.inject({ kind: "snapshotFirst" })
      },
      async (client) => {
        await client.until(() => eventsOf(client, "ticker", "BTCUSDT").length > 1)
        await untilBookIsTrue(client, "bybit-linear", "BTCUSDT", 50)
        expect(client.feed.counts()).toMatchObject({ unknown: 0, malformed: 0, resyncs: 0, reconnects: 0 })
      }
    ))

  it("a lost connection comes back with all of them, and the trades that were missed are fetched", () =>
    withClient(
      { venue: "bybit-linear", symbols: ["BTCUSDT"], channels: ["trades", "book:50", "ticker", "mark"] },
      async (client) => {
        const count = (type: "trade" | "ticker" | "mark") => eventsOf(client, type, "BTCUSDT").length
        await client.until(() => count("trade") > 10 && count("ticker") > 2 && count("mark") > 2)
        client.simulator.control.inject({ kind: "kill" })
        await client.until(() => client.feed.counts().reconnects === 1)
        const before = [count("ticker"), count("mark"), count("trade")] as const
        await client.until(
          () => count("ticker") > before[0] && count("mark") > before[1] && count("trade") > before[2] + 20
        )
        await untilBookIsTrue(client, "bybit-linear", "BTCUSDT", 50)
        const { made, told } = tradesOf(client, "bybit-linear", "BTCUSDT")
        const gaps = new Set(
          eventsOf(client, "gap", "BTCUSDT").map(({ channel, repaired }) => `${channel} ${repaired}`)
        )
        // of trades there is one only if any were missed
        gaps.delete("trades true")
        expect({ told, gaps }).toEqual({ told: made, gaps: new Set(["book:50 true", "mark false", "ticker false"]) })
      }
    ))
})

describe("reads of the past", () => {
  for (const venue of venues) {
    it(`${venue}: trades, bars and instruments are the stream's`, () =>
      withClient({ venue, symbols: [symbols[venue]], channels: ["trades"] }, async (client) => {
        const symbol = symbols[venue]
        await client.until(() => eventsOf(client, "trade", symbol).length > 30)
        client.simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0 })
        const { history, instruments } = client.adapter
        const minute = 60_000
        const now = Math.floor(Date.now() / minute) * minute
        const request = { symbol, interval: "1m", from: now - 9 * minute, to: now - minute } as const
        const [trades, bars, last, listed] = await Effect.runPromise(
          Effect.all([
            history!.recentTrades!(symbol, 30),
            history!.bars!(request),
            history!.lastTrade!(symbol),
            instruments
          ])
        )
        await client.until(() => eventsOf(client, "trade", symbol).at(-1)!.id === trades.at(-1)!.id)
        const streamed = eventsOf(client, "trade", symbol).slice(-30)
        const plain = ({ exchangeTime, id, price, side, size }: (typeof trades)[number]) =>
          [id, price, size, side, exchangeTime].join(" ")
        expect({
          trades: trades.map(plain),
          opens: bars.map(({ openTime }) => openTime),
          last,
          unified: listed.find((each) => each.symbol === symbol)?.unified
        }).toEqual({
          trades: streamed.map(plain),
          opens: Array.from({ length: 9 }, (_, index) => now - (9 - index) * minute),
          last: { time: streamed.at(-1)!.exchangeTime },
          unified: { bybit: "BTC/USDT", "bybit-linear": "BTC/USDT:USDT", "bybit-inverse": "BTC/USD:BTC" }[venue]
        })
      }))
  }
})
