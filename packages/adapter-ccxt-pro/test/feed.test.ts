import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { BadSymbol, ChecksumError, FakeVenue } from "./support/FakeExchange.ts"
import { open, pass, trades, turn } from "./support/opened.ts"

const BTC = "BTC/USDT"

describe("trades, out of CCXT's cache", () => {
  it.effect("are all told, in order, also those that came between two answers", () =>
    Effect.gen(function* () {
      const { told, venue } = yield* open([[BTC, "trades"]])
      const exchange = venue.watching(`trades ${BTC}`)
      // one answers the watch; the others come before it can be asked again
      exchange.trade(...trades(1, 4))
      yield* turn
      exchange.trade(...trades(5, 6))
      yield* turn
      assert.deepStrictEqual(
        told(),
        [1, 2, 3, 4, 5, 6].map((id) => `trade ${id}`)
      )
    })
  )

  it.effect("that the cache let go of are fetched, and told as a gap that is repaired", () =>
    Effect.gen(function* () {
      const venue = new FakeVenue()
      venue.cacheSize = 3
      const { feed, told } = yield* open([[BTC, "trades"]], { venue })
      const exchange = venue.watching(`trades ${BTC}`)
      exchange.trade(...trades(1, 2))
      yield* turn
      venue.past = trades(1, 9)
      exchange.trade(...trades(3, 9))
      yield* pass("1 second")
      assert.deepStrictEqual(told(), [
        "trade 1",
        "trade 2",
        ...[3, 4, 5, 6].map((id) => `trade ${id} backfill`),
        "gap trades overflow 1002..1007 lost 4 true",
        "trade 7",
        "trade 8",
        "trade 9"
      ])
      assert.strictEqual(feed.counts().gaps, 1)
    })
  )

  it.effect("that the cache let go of and nobody has are a gap of unknown size", () =>
    Effect.gen(function* () {
      const venue = new FakeVenue()
      venue.cacheSize = 3
      const { told } = yield* open([[BTC, "trades"]], { venue })
      const exchange = venue.watching(`trades ${BTC}`)
      exchange.trade(...trades(1, 2))
      yield* turn
      exchange.trade(...trades(3, 9))
      yield* pass("10 seconds")
      assert.deepStrictEqual(told().slice(2, 4), ["gap trades overflow 1002..1007 lost null false", "trade 7"])
    })
  )

  it.effect("without ids get ids that keep equal trades apart and are the same when read again", () =>
    Effect.gen(function* () {
      const { events, venue } = yield* open([[BTC, "trades"]])
      const [trade] = trades(1, 1)
      const { id: _, ...nameless } = trade!
      venue.watching(`trades ${BTC}`).trade(nameless, { ...nameless }, { ...nameless, timestamp: 2_000 })
      yield* turn
      assert.deepStrictEqual(
        events.flatMap((each) => (each.type === "trade" ? [each.id] : [])),
        ["1001-100-1-buy-1", "1001-100-1-buy-2", "2000-100-1-buy-1"]
      )
    })
  )

  it.effect("whose side or price is missing are counted, shown and left out", () =>
    Effect.gen(function* () {
      const { feed, told, venue } = yield* open([[BTC, "trades"]])
      const [first, second] = trades(1, 2)
      const { side: _, ...sideless } = first!
      venue.watching(`trades ${BTC}`).trade(sideless, second!)
      yield* turn
      assert.deepStrictEqual([told(), feed.counts().malformed], [["trade 2"], 1])
      assert.deepStrictEqual(
        feed.samples().map(({ reason }) => reason),
        [`${BTC} trades: side is missing`]
      )
    })
  )
})

describe("a socket that is lost", () => {
  it.effect("is told, its object never used again, and a hole is proved away by what the exchange remembers", () =>
    Effect.gen(function* () {
      const { feed, states, told, venue } = yield* open([[BTC, "trades"]])
      const first = venue.watching(`trades ${BTC}`)
      first.trade(...trades(1, 2))
      yield* turn
      venue.past = trades(1, 4)
      first.lose()
      yield* pass("2 seconds")
      const second = venue.watching(`trades ${BTC}`)
      second.trade(...trades(4, 5))
      yield* pass("1 second")
      assert.deepStrictEqual(told(), [
        "trade 1",
        "trade 2",
        "trade 3 backfill",
        "gap trades disconnect 1002..1004 lost 1 true",
        "trade 4",
        "trade 5"
      ])
      assert.deepStrictEqual(states(), [
        "Connecting",
        "Connected",
        "Subscribing",
        "Active",
        "Reconnecting",
        "Connecting",
        "Connected",
        "Subscribing",
        "Active"
      ])
      assert.deepStrictEqual([first.isClosed, first.asked.length, feed.counts().reconnects], [true, 2, 1])
    })
  )

  it.effect("is noticed although nobody waited for an answer at that moment", () =>
    Effect.gen(function* () {
      const { states, venue } = yield* open([[BTC, "trades"]])
      venue.watching(`trades ${BTC}`).transport.emit("close", 1001)
      yield* turn
      assert.strictEqual(states().at(-1), "Reconnecting")
    })
  )

  it.effect("leaves nothing to wait for where ids prove that nothing is missing", () =>
    Effect.gen(function* () {
      const { told, venue } = yield* open([[BTC, "trades"]], { id: "binance" })
      const first = venue.watching(`trades ${BTC}`)
      first.trade(...trades(1, 2))
      yield* turn
      first.lose()
      yield* pass("2 seconds")
      venue.watching(`trades ${BTC}`).trade(...trades(2, 3))
      yield* turn
      assert.deepStrictEqual(told(), ["trade 1", "trade 2", "trade 3"])
    })
  )

  it.effect("is dialled with growing pauses, then left alone, then probed", () =>
    Effect.gen(function* () {
      const venue = new FakeVenue()
      venue.isRefusing = true
      const reconnect = { base: "1 second", max: "4 seconds", attempts: 3, coolDown: "60 seconds" }
      const { states } = yield* open([[BTC, "trades"]], { venue, connection: { reconnect } })
      for (let second = 0; second < 30; second++) yield* pass("1 second")
      assert.deepStrictEqual([states().filter((each) => each === "Connecting").length, states().at(-1)], [4, "Failed"])
      venue.isRefusing = false
      for (let second = 0; second < 60; second++) yield* pass("1 second")
      assert.strictEqual(states().at(-1), "Active")
    })
  )

  it.effect("is replaced without a break when asked to, each trade once", () =>
    Effect.gen(function* () {
      const { feed, told, venue } = yield* open([[BTC, "trades"]])
      const first = venue.watching(`trades ${BTC}`)
      first.trade(...trades(1, 2))
      yield* turn
      assert.deepStrictEqual(feed.rotate(), [`${BTC}/trades`])
      yield* pass("1 second")
      const second = venue.open.find((each) => each !== first)!
      for (const each of [first, second]) each.trade(...trades(3, 4))
      yield* pass("2 seconds")
      second.trade(...trades(5, 5))
      yield* turn
      assert.deepStrictEqual(
        told(),
        [1, 2, 3, 4, 5].map((id) => `trade ${id}`)
      )
      assert.deepStrictEqual([first.isClosed, venue.open, feed.counts().rotations], [true, [second], 1])
    })
  )

  it.effect("that stays open and says nothing while the symbol trades is given up", () =>
    Effect.gen(function* () {
      const { events, venue } = yield* open([[BTC, "trades"]])
      const first = venue.watching(`trades ${BTC}`)
      first.trade(...trades(1, 2))
      for (let second = 0; second < 15; second++) {
        venue.past = trades(1, 10 + second)
        yield* pass("1 second")
      }
      const reason = events.flatMap((each) => (each.type === "connection" ? (each.reason ?? []) : [])).at(0)
      assert.match(reason ?? "", /^Stale: .*nothing came for \d+ s while BTC\/USDT traded$/)
      assert.deepStrictEqual([first.isClosed, venue.open.length], [true, 1])
    })
  )
})

const PERPETUAL = "BTC/USDT:USDT"

describe("a connection", () => {
  it.effect("is Active once a frame came after it had asked, and not before", () =>
    Effect.gen(function* () {
      const { states, venue } = yield* open([[PERPETUAL, "liquidations"]], { id: "binance" })
      assert.strictEqual(states().at(-1), "Subscribing")
      venue.watching(`liquidations ${PERPETUAL}`).transport.emit("message")
      yield* turn
      assert.strictEqual(states().at(-1), "Active")
    })
  )

  it.effect("of an exchange that acknowledges nothing is Active when nothing was refused in time", () =>
    Effect.gen(function* () {
      const { states } = yield* open([[PERPETUAL, "liquidations"]], {
        id: "binance",
        connection: { acknowledgeTimeout: "3 seconds" }
      })
      yield* pass("1 second")
      assert.strictEqual(states().at(-1), "Subscribing")
      yield* pass("2 seconds")
      assert.strictEqual(states().at(-1), "Active")
    })
  )

  it.effect("has an object of its own for each kind of channel, since CCXT mixes kinds in its caches", () =>
    Effect.gen(function* () {
      const { adapter, venue } = yield* open([
        [BTC, "book"],
        [BTC, "quotes"],
        [BTC, "bars:1m"],
        [BTC, "bars:5m"]
      ])
      assert.deepStrictEqual(
        venue.open.map(({ asked }) => asked),
        [[`book ${BTC}`], [`quotes ${BTC}`], [`bars:1m ${BTC}`, `bars:5m ${BTC}`]]
      )
      const { connections } = adapter.plan([{ symbol: BTC, channel: "book" }])
      assert.deepStrictEqual(
        connections.map(({ name, url }) => [name, url]),
        [[`${BTC}/book`, "ccxt:gate/book"]]
      )
    })
  )

  it.effect("says in its plan that books are not audited, where that is asked for", () =>
    Effect.gen(function* () {
      const { adapter } = yield* open([], { connection: { audit: "5 seconds" } })
      const notes = (channel: "book" | "trades") => adapter.plan([{ symbol: BTC, channel }]).notes
      assert.deepStrictEqual(
        [notes("book").map((each) => each.split(":")[0]), notes("trades")],
        [["books are not audited here"], []]
      )
    })
  )

  it.effect("that is shared loses a subscription by asking CCXT to end it, and keeps the others", () =>
    Effect.gen(function* () {
      const { feed, told, venue } = yield* open(
        [
          [BTC, "trades"],
          ["ETH/USDT", "trades"]
        ],
        { connection: { isolation: "shared" } }
      )
      const exchange = venue.watching(`trades ${BTC}`)
      yield* feed.update([{ symbol: "ETH/USDT", channel: "trades" }])
      yield* turn
      exchange.trade(...trades(1, 1), ...trades(7, 8, "ETH/USDT"))
      yield* turn
      assert.deepStrictEqual(told(), [`${BTC} trades ended: unsubscribed`, "trade 7", "trade 8"])
      assert.deepStrictEqual(
        exchange.asked.filter((each) => each.startsWith("no")),
        [`no trades ${BTC}`]
      )
    })
  )
})

describe("a subscription", () => {
  it.effect("of an unknown symbol ends, and the others flow", () =>
    Effect.gen(function* () {
      const { told, venue } = yield* open([
        ["NONE/USDT", "trades"],
        [BTC, "trades"]
      ])
      venue.watching(`trades ${BTC}`).trade(...trades(1, 1))
      yield* turn
      assert.deepStrictEqual(told(), ["NONE/USDT trades ended: NONE/USDT is no market of this exchange", "trade 1"])
    })
  )

  it.effect("that the exchange refuses for good ends with CCXT's reason", () =>
    Effect.gen(function* () {
      const { told, venue } = yield* open([[BTC, "trades"]])
      venue.watching(`trades ${BTC}`).fail(`trades ${BTC}`, new BadSymbol("delisted"))
      yield* turn
      assert.deepStrictEqual(told(), [`${BTC} trades ended: delisted`])
    })
  )

  it.effect(
    "finds its market by the exchange's own spelling and in any case, and tells the symbol as it was asked for",
    () =>
      Effect.gen(function* () {
        const { events, venue } = yield* open([
          ["BTC-USDT", "trades"],
          ["eth/usdt", "trades"]
        ])
        venue.watching(`trades ${BTC}`).trade(...trades(1, 1))
        venue.watching("trades ETH/USDT").trade(...trades(2, 2, "ETH/USDT"))
        yield* turn
        assert.deepStrictEqual(
          events.flatMap((each) => (each.type === "trade" ? [[each.symbol, each.id]] : [])),
          [
            ["BTC-USDT", "1"],
            ["eth/usdt", "2"]
          ]
        )
      })
  )

  it.effect("of a contract's channel on a spot market ends before anything is asked", () =>
    Effect.gen(function* () {
      const { told, venue } = yield* open([[BTC, "mark"]], { id: "binance" })
      assert.deepStrictEqual(told(), [`${BTC} mark ended: a spot market has no mark`])
      assert.deepStrictEqual(
        venue.open.map(({ asked }) => asked),
        [[]]
      )
    })
  )
})

describe("a book", () => {
  it.effect("is told whole, then by what changed, with the exchange's number or the next one", () =>
    Effect.gen(function* () {
      const { feed, told, venue } = yield* open([[BTC, "book"]])
      const exchange = venue.watching(`book ${BTC}`)
      exchange.book(BTC, { nonce: 7, bids: [[10, 1]], asks: [[11, 1]] })
      yield* turn
      exchange.book(BTC, {
        nonce: 9,
        bids: [
          [10.5, 2],
          [10, 1]
        ],
        asks: [[12, 1]]
      })
      yield* turn
      exchange.book(BTC, { bids: [[10.5, 2]], asks: [[12, 1]] })
      yield* turn
      exchange.book(BTC, { bids: [[10.5, 2]], asks: [[12, 1]] })
      yield* turn
      assert.deepStrictEqual(told(), [
        "book syncing",
        "snapshot 7 [[[10,1]],[[11,1]]]",
        "book live",
        "delta 9 [[[10.5,2]],[[11,0],[12,1]]]",
        "delta 10 [[[10,0]],[]]"
      ])
      const view = feed.book(BTC)
      assert.deepStrictEqual(view?.state === "live" && [view.book.sequence, view.book.bids(), view.book.asks()], [
        10,
        [[10.5, 2]],
        [[12, 1]]
      ])
    })
  )

  it.effect("whose changes CCXT finds broken is stale, and whole again with the next answer", () =>
    Effect.gen(function* () {
      const { feed, told, venue } = yield* open([[BTC, "book"]])
      const exchange = venue.watching(`book ${BTC}`)
      exchange.book(BTC, { nonce: 7, bids: [[10, 1]], asks: [[11, 1]] })
      yield* turn
      exchange.fail(`book ${BTC}`, new ChecksumError("does not add up"))
      yield* turn
      assert.strictEqual(feed.book(BTC)?.state, "syncing")
      yield* pass("1 second")
      exchange.book(BTC, { nonce: 9, bids: [[10, 2]], asks: [[11, 1]] })
      yield* turn
      assert.deepStrictEqual(told().slice(3), [
        "book stale",
        "book syncing",
        "snapshot 9 [[[10,2]],[[11,1]]]",
        "gap book sequence 7..9 lost null true",
        "book live"
      ])
      assert.deepStrictEqual([exchange.isClosed, feed.counts().resyncs, feed.counts().reconnects], [false, 1, 0])
    })
  )

  it.effect("that is crossed twice in a row is begun anew with another object", () =>
    Effect.gen(function* () {
      const { told, venue } = yield* open([[BTC, "book"]])
      const exchange = venue.watching(`book ${BTC}`)
      for (const nonce of [1, 2, 3]) {
        exchange.book(BTC, { nonce, bids: [[12, nonce]], asks: [[11, 1]] })
        yield* turn
      }
      yield* pass("2 seconds")
      assert.deepStrictEqual([exchange.isClosed, venue.open.length], [true, 1])
      assert.deepStrictEqual(told().slice(-2), ["book stale", "book syncing"])
    })
  )

  it.effect("that a frame was missed for is begun anew, since not every exchange's changes are checked", () =>
    Effect.gen(function* () {
      const { events, venue } = yield* open([[BTC, "book"]])
      const exchange = venue.watching(`book ${BTC}`)
      exchange.book(BTC, { bids: [[10, 1]], asks: [[11, 1]] })
      yield* turn
      exchange.fail(`book ${BTC}`, new TypeError("undefined is not an object"))
      yield* pass("2 seconds")
      assert.deepStrictEqual([exchange.isClosed, venue.open.length], [true, 1])
      assert.deepStrictEqual(
        events.flatMap((each) => (each.type === "bookState" ? [each.state] : [])),
        ["syncing", "live", "stale", "syncing"]
      )
    })
  )
})

describe("bars", () => {
  it.effect("are final when the next one opens, and every close that came between two answers is told", () =>
    Effect.gen(function* () {
      const { told, venue } = yield* open([[BTC, "bars:1m"]])
      const exchange = venue.watching(`bars:1m ${BTC}`)
      const row = (minute: number, close: number) => [minute * 60_000, 1, 9, 1, close, 5]
      // what was over before is not told
      exchange.bar(BTC, "1m", row(1, 2))
      exchange.bar(BTC, "1m", row(2, 3))
      yield* turn
      exchange.bar(BTC, "1m", row(2, 4))
      exchange.bar(BTC, "1m", row(3, 5))
      exchange.bar(BTC, "1m", row(4, 6))
      yield* turn
      exchange.bar(BTC, "1m", row(4, 7))
      yield* turn
      assert.deepStrictEqual(told(), ["bar 2 3", "bar 2 4 final", "bar 3 5 final", "bar 4 6", "bar 4 7"])
    })
  )
})

describe("quotes", () => {
  it.effect("carry no time, which would be ours", () =>
    Effect.gen(function* () {
      const { events, venue } = yield* open([[BTC, "quotes"]], { id: "binance" })
      const exchange = venue.watching(`quotes ${BTC}`)
      exchange.bidsasks[BTC] = { timestamp: 5, bid: 10, bidVolume: 1, ask: 11, askVolume: 2 }
      exchange.answer(`quotes ${BTC}`, {})
      yield* turn
      const quotes = events.flatMap((each) => (each.type === "quote" ? [each] : []))
      assert.deepStrictEqual(
        quotes.map(({ ask, askSize, bid, bidSize, exchangeTime }) => [bid, bidSize, ask, askSize, exchangeTime]),
        [[10, 1, 11, 2, undefined]]
      )
    })
  )
})

describe("marks", () => {
  it.effect("that are streamed have the funding that was read last", () =>
    Effect.gen(function* () {
      const { events, venue } = yield* open([[PERPETUAL, "mark"]], { id: "binance" })
      const exchange = venue.watching(`mark ${PERPETUAL}`)
      for (const markPrice of [100, 101]) {
        exchange.answer(`mark ${PERPETUAL}`, { timestamp: markPrice, markPrice, indexPrice: 99 })
        yield* turn
      }
      const marks = events.flatMap((each) => (each.type === "mark" ? [each] : []))
      assert.deepStrictEqual(
        marks.map(({ fundingRate, index, mark, nextFundingTime }) => [mark, index, fundingRate, nextFundingTime]),
        [
          [100, 99, undefined, undefined],
          [101, 99, 0.0001, 9_000]
        ]
      )
    })
  )
})

describe("S-D6 while sockets are refused", () => {
  it.effect("hybrid trades and books are polled, and go on from there when CCXT is connected again", () =>
    Effect.gen(function* () {
      const reconnect = { base: "1 second", max: "1 second", attempts: 1, coolDown: "20 seconds" }
      const { told, venue } = yield* open(
        [
          [BTC, "trades"],
          [BTC, "book"]
        ],
        { connection: { reconnect }, transport: "hybrid" }
      )
      venue.watching(`trades ${BTC}`).trade(...trades(1, 2))
      venue.watching(`book ${BTC}`).book(BTC, { nonce: 7, bids: [[10, 1]], asks: [[11, 1]] })
      yield* turn
      venue.past = trades(1, 4)
      venue.lastBook = { nonce: 9, bids: [[10, 3]], asks: [[11, 1]] }
      venue.isRefusing = true
      for (const each of venue.open) each.lose()
      for (let second = 0; second < 15; second++) yield* pass("1 second")
      const during = told()
      assert.includeMembers([...during], ["trade 3 polling", "trade 4 polling", "snapshot 9 [[[10,3]],[[11,1]]]"])
      assert.strictEqual(during.filter((each) => each.startsWith("book")).at(-1), "book live")
      venue.isRefusing = false
      for (let second = 0; second < 20; second++) yield* pass("1 second")
      venue.watching(`trades ${BTC}`).trade(...trades(4, 5))
      venue.watching(`book ${BTC}`).book(BTC, { nonce: 12, bids: [[10, 4]], asks: [[11, 1]] })
      for (let second = 0; second < 2; second++) yield* pass("1 second")
      const after = told().slice(during.length)
      assert.deepStrictEqual(
        after.filter((each) => each.startsWith("trade")),
        ["trade 5"]
      )
      assert.deepStrictEqual(
        after.filter((each) => /^(snapshot|delta)/.test(each)),
        ["delta 12 [[[10,4]],[]]"]
      )
    })
  )
})
