import { assert, describe, it } from "@effect/vitest"
import { Collector, type Event, EventStore } from "@tidewire/core"
import { bar, bookState, delta, quote, trade } from "./events.ts"

/** A store whose clock the test moves, and made-up events that are received when that clock stands. */
const make = (options: EventStore.EventStoreOptions = {}) => {
  const clock = { now: 1_000_000 }
  const store = EventStore.make({ now: () => clock.now, ...options })
  const received = <E extends Event.MarketEvent>(event: E, overrides: Partial<E> = {}): E => ({
    ...event,
    receivedTime: clock.now,
    ...overrides
  })
  return { clock, store, received }
}

const ids = (events: ReadonlyArray<Event.Event>) =>
  events.map((event) => (event.type === "trade" ? Number(event.id) : event.type))

/** received = stored + replaced + cleared + evicted. */
const isAccounted = ({ cleared, evicted, received, replaced, stored }: EventStore.EventStoreStatistics): boolean =>
  received === stored + replaced + cleared + evicted.series + evicted.total + evicted.retention

const gap = (symbol: string, receivedTime: number): Event.Gap => ({
  type: "gap",
  venue: "reference",
  symbol,
  receivedTime,
  channel: "trades",
  reason: "disconnect",
  lost: 3,
  repaired: false
})

describe("EventStore", () => {
  it("S-C5 keeps the latest thousand of a series by default, and ten thousand of all, the oldest giving way", () => {
    const { received, store } = make()
    for (let id = 1; id <= 1_500; id++) store.add(received(trade(id)))
    const alone = store.statistics()
    for (let id = 1; id <= 10_000; id++) {
      store.add(received(trade(id), { symbol: `S${id % 20}` }))
    }
    const { evicted, stored } = store.statistics()
    assert.deepStrictEqual(
      [alone.stored, alone.evicted, stored, evicted, store.events({ symbol: "AAA" }).length],
      [1_000, { series: 500, total: 0, retention: 0 }, 10_000, { series: 500, total: 1_000, retention: 0 }, 0]
    )
    assert.isTrue(isAccounted(store.statistics()))
  })

  it("S-C5 gives up what was received longer ago than the retention, when it is read and when something is added", () => {
    const { clock, received, store } = make()
    store.add(received(trade(1)))
    clock.now += 59 * 60_000
    store.add(received(trade(2)))
    const before = ids(store.events())
    clock.now += 60_001
    const atReading = [ids(store.events()), store.statistics().evicted.retention]
    clock.now += 59 * 60_000
    store.add(received(trade(3)))
    // older than the retention when it comes: taken, accounted for, not kept
    store.add(received(trade(4), { receivedTime: clock.now - 3_600_001 }))
    const { evicted, received: taken, stored } = store.statistics()
    assert.deepStrictEqual(
      [before, atReading, ids(store.events()), [taken, stored, evicted.retention]],
      [[1, 2], [[2], 1], [3], [4, 1, 3]]
    )
  })

  it("S-C5 what is too old makes room before anything that is not has to", () => {
    const { clock, received, store } = make({ perSeries: 3, total: 3, retention: "1 minute" })
    store.add(received(trade(1)))
    store.add(received(trade(2)))
    clock.now += 60_000
    store.add(received(trade(3)))
    clock.now += 1
    store.add(received(trade(4)))
    assert.deepStrictEqual(
      [ids(store.events()), store.statistics().evicted],
      [[3, 4], { series: 0, total: 0, retention: 2 }]
    )
  })

  it("does not tell what is too old where it stands behind something younger", () => {
    const { clock, received, store } = make({ retention: "1 minute" })
    store.add(received(trade(1)))
    store.add(received(trade(2), { receivedTime: clock.now - 59_000 }))
    clock.now += 2_000
    assert.deepStrictEqual(ids(store.events()), [1])
    clock.now += 60_000
    assert.deepStrictEqual([ids(store.events()), store.statistics().stored], [[], 0])
  })

  it("S-C5 is asked by venue, symbol, channel, time and limit: the latest, oldest first", () => {
    const { clock, received, store } = make()
    for (let id = 1; id <= 5; id++) {
      store.add(received(trade(id)))
      store.add(received(trade(id + 100), { symbol: "BBB" }))
      store.add(received(trade(id + 200), { venue: "other" }))
      clock.now += 1_000
    }
    store.add(received(quote(1)))
    store.add(received(delta(1)))
    const one = { venue: "reference", symbol: "AAA", channel: "trades" }
    assert.deepStrictEqual(
      [
        ids(store.events({ symbol: "AAA", limit: 3 })),
        ids(store.events({ symbol: "BBB" })),
        ids(store.events({ ...one, limit: 2 })),
        ids(store.events({ ...one, since: 1_003_000 })),
        ids(store.events({ venue: "other", channel: "trades", limit: 1 })),
        ids(store.events({ channel: "quotes" })),
        ids(store.events({ symbol: "CCC" }))
      ],
      [[205, "quote", "book"], [101, 102, 103, 104, 105], [4, 5], [4, 5], [205], ["quote"], []]
    )
    assert.throws(() => store.events({ limit: 0 }), "limit is a whole number above 0, not 0")
  })

  it("keeps a gap in its place and no state, and an earlier state of a bar gives way to the later", () => {
    const { received, store } = make()
    store.add(received(trade(1)))
    store.add(gap("AAA", 1_000_000))
    store.add(received(trade(5)))
    const isStateTaken = store.add(bookState("live"))
    for (const close of [1, 2, 3]) store.add(received(bar(0), { close }))
    store.add(received(bar(60_000)))
    const closes = store.events({ channel: "bars:1m" }).map((event) => event.type === "bar" && event.close)
    const statistics = store.statistics()
    assert.deepStrictEqual(
      [ids(store.events({ channel: "trades" })), isStateTaken, closes, statistics.replaced, statistics.received],
      [[1, "gap", 5], false, [3, 1], 2, 7]
    )
    assert.isTrue(isAccounted(statistics))
  })

  it("S-C5 tells its rate, its symbols and how long it has run", () => {
    const { clock, received, store } = make()
    for (let second = 0; second < 120; second++) {
      for (let id = 0; id < 5; id++) store.add(received(trade(id), { symbol: id < 4 ? "AAA" : "BBB" }))
      clock.now += 1_000
    }
    clock.now -= 1
    const { perSecond, symbols, uptimeMs } = store.statistics()
    clock.now += 61_000
    assert.deepStrictEqual(
      [perSecond, symbols, uptimeMs, store.statistics().perSecond],
      [
        5,
        [
          { venue: "reference", symbol: "AAA", stored: 480 },
          { venue: "reference", symbol: "BBB", stored: 120 }
        ],
        119_999,
        0
      ]
    )
  })

  it("accounts for every event and stays within its bounds under any mixture", () => {
    const { clock, received, store } = make({ perSeries: 7, total: 40, retention: "10 seconds" })
    // the same on every run
    let state = 7
    const below = (limit: number): number => (state = (state * 48_271) % 2_147_483_647) % limit
    for (let step = 1; step <= 20_000; step++) {
      const symbol = `S${below(12)}`
      const kind = below(4)
      if (kind === 0) store.add(received(bar(60_000 * below(3)), { symbol }))
      else if (kind === 1) store.add(gap(symbol, clock.now - below(11_000)))
      else store.add(received(trade(step), { symbol, receivedTime: clock.now - below(12_000) }))
      clock.now += below(400)
      if (below(2_000) === 0) store.clear()
      if (step % 10 > 0) continue
      const statistics = store.statistics()
      const bySymbol = statistics.symbols.reduce((total, each) => total + each.stored, 0)
      const told = store.events()
      assert.isTrue(isAccounted(statistics) && bySymbol === statistics.stored && statistics.stored <= 40)
      assert.isTrue(told.length <= statistics.stored && told.every((each) => each.receivedTime >= clock.now - 10_000))
      const largest = Map.groupBy(told, (each) => `${each.symbol} ${EventStore.channelOf(each)}`).values()
      assert.isTrue([...largest].every((each) => each.length <= 7))
    }
  })
})

describe("Collector", () => {
  it("S-E3 knows the latest bar of an interval, the latest ticker, and the bars of a series, each once", () => {
    const { received, store } = make()
    const collector = new Collector.Collector(store)
    const ticker = { open: 1, high: 1, low: 1, volume: 1, quoteVolume: 1 }
    const at = { venue: "reference", symbol: "AAA", receivedTime: 1_000_000 }
    for (let minute = 0; minute < 3; minute++) {
      collector.accept(received(bar(minute * 60_000), { close: 1 }))
      collector.accept({ ...gap("AAA", 1_000_000), channel: "bars:1m" })
      collector.accept(received(bar(minute * 60_000, true), { close: 2 }))
      collector.accept({ type: "ticker", ...at, last: minute, ...ticker })
    }
    collector.accept(received(bar(0), { interval: "5m", close: 9 }))
    collector.accept({ ...gap("AAA", 1_000_000), channel: "ticker" })
    const bars = collector.bars("reference", "AAA", "1m")
    assert.deepStrictEqual(
      [
        bars.map(({ close, openTime }) => [openTime, close]),
        collector.bars("reference", "AAA", "1m", 2).map(({ openTime }) => openTime),
        collector.latestBar("reference", "AAA", "5m")?.close,
        collector.latestBar("reference", "AAA", "1m")?.openTime,
        collector.latestTicker("reference", "AAA")?.last,
        collector.latestTicker("reference", "BBB")
      ],
      [
        [
          [0, 2],
          [60_000, 2],
          [120_000, 2]
        ],
        [60_000, 120_000],
        9,
        120_000,
        2,
        undefined
      ]
    )
    collector.clear()
    const { cleared, stored } = store.statistics()
    assert.deepStrictEqual([collector.latestTicker("reference", "AAA"), stored, cleared], [undefined, 0, 14])
  })

  it("S-E3 keeps a thousand bars of a series by default, however often each was told", () => {
    const { received, store } = make()
    const collector = new Collector.Collector(store)
    for (let minute = 0; minute < 1_100; minute++) {
      for (let update = 0; update < 3; update++) collector.accept(received(bar(minute * 60_000)))
    }
    const bars = collector.bars("reference", "AAA", "1m")
    assert.deepStrictEqual([bars.length, bars[0]?.openTime], [1_000, 100 * 60_000])
  })
})
