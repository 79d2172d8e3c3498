/**
 * Everything breaks at once, and the venue is in no mood: nothing spins, and no limit of the venue is passed. The venue's
 * own count of dials and of REST weight is the judge.
 *
 * `STORM=long` waits until all of three hundred symbols are back, which takes as long as the venue's window: five minutes.
 */
import type { Event } from "@tidewire/core"
import { type MarketDefinition, type BinanceMarket, namedMarket, type Simulator } from "@tidewire/simulator"
import { assert, describe, it } from "vitest"
import { type Client, type ClientOptions, eventsOf, pass, tradesOf, venues, withClient } from "./client.ts"
import { figure, tell } from "./figures.ts"

type VenueCase = (typeof venues)[number]

const isLong = process.env["STORM"] === "long"

/** What Binance allows an address: docs/venues/binance.md, "Connections". */
const WINDOW_MS = 300_000
const ATTEMPTS = 300

/** Starts leave a fifth of the window to whatever comes back. */
const STARTS = 240

/** How long live trades may wait for those before them: where hundreds of symbols ask at once, REST needs minutes. */
const patience = isLong ? ["5 seconds", "3 minutes"] : ["5 seconds"]

const weightPerMinute: Readonly<Record<BinanceMarket, number>> = { spot: 6_000, usdm: 2_400 }

const slow = { tradesPerSecond: 0.5, ordersPerSecond: 1, liquidationsPerSecond: 0 }

const definitions = (market: BinanceMarket, count: number): ReadonlyArray<MarketDefinition> =>
  Array.from({ length: count }, (_, index) => ({ ...namedMarket(market, `COIN${index}USDT`), rates: slow }))

const optionsOf = ({ market, venue }: VenueCase, count: number, more: Partial<ClientOptions> = {}): ClientOptions => {
  const markets = definitions(market, count)
  return {
    venue,
    symbols: markets.map(({ symbol }) => symbol),
    channels: ["trades"],
    simulator: { seed: 9, symbols: markets, historyMinutes: 1, historyTradesPerMinute: 5, keepTrades: 2_000 },
    ...more
  }
}

/** The most dials that any window of so many milliseconds held, wherever it begins. */
const mostIn = (dials: Simulator.Stats["dials"], windowMs: number): number => {
  let first = 0
  let most = 0
  for (const [index, { time }] of dials.entries()) {
    while (dials[first]!.time <= time - windowMs) first++
    most = Math.max(most, index - first + 1)
  }
  return most
}

/** The venue's own word: not one dial and not one request too many. */
const assertWithinLimits = (client: Client, market: BinanceMarket): void => {
  const { dials, rest } = client.simulator.stats()
  const { answered, banned, limited, peakWeight } = rest[market]
  assert.isAtMost(mostIn(dials, WINDOW_MS), ATTEMPTS)
  assert.strictEqual(dials.filter(({ outcome }) => outcome === "overLimit").length, 0)
  assert.isAtMost(peakWeight, 0.7 * weightPerMinute[market])
  assert.deepStrictEqual([answered[429], answered[418], limited, banned], [undefined, undefined, 0, 0])
  // dials are 20 ms apart; they need not take equally long to the venue
  assert.isAtMost(mostIn(dials, 1_000), 55)
}

const untilActive = (client: Client, count: number, since = 0): Promise<unknown> => {
  const seen = new Set(
    client.told
      .slice(since)
      .flatMap(({ event }) => (event.type === "connection" && event.state === "Active" ? [event.connection] : []))
  )
  if (seen.size >= count) return Promise.resolve()
  return client.until((event) => {
    if (event.type === "connection" && event.state === "Active") seen.add(event.connection)
    return seen.size >= count
  }, client.told.length)
}

/** Every trade of every symbol once and in order, but for holes that are told. */
const assertAccounted = (client: Client, symbols: ReadonlyArray<string>): void => {
  for (const symbol of symbols) {
    // before the first trade of all there is no id
    const holes = eventsOf(client, "gap", symbol).filter(({ from, repaired }) => from !== undefined && !repaired)
    const { odd } = tradesOf(client, symbol)
    assert.deepStrictEqual(
      odd,
      holes.map(({ to }) => Number(to)),
      symbol
    )
  }
}

for (const each of venues) {
  const { market, venue } = each

  describe.concurrent(`${venue}: a storm`, () => {
    it.each(patience)(
      "S-C2 300 symbols dropped at once come back as fast as the venue's 300 dials in five minutes allow (repairWithin: %s)",
      async (repairWithin) => {
        const options = optionsOf(each, 300, { connection: { repairWithin } })
        await withClient(options, async (client) => {
          // no more than may start at once: some symbols share
          assert.strictEqual(client.plan.connections.length, STARTS)
          await client.active()
          assert.strictEqual(client.simulator.stats().dials.length, STARTS)
          const since = client.told.length
          const at = performance.now()
          client.simulator.control.inject({ kind: "kill", filter: { market } })
          await untilActive(client, ATTEMPTS - STARTS, since)
          figure(`${venue}: 240 sockets dropped, until 60 were back`, [performance.now() - at])
          await pass(5_000)
          // the window is full: everybody waits, nobody dials
          assert.strictEqual(client.simulator.stats().dials.length, ATTEMPTS)
          if (isLong) {
            await untilActive(client, STARTS, since)
            figure(`${venue}: 240 sockets dropped, until all were back`, [performance.now() - at])
            await Promise.all(
              options.symbols.map((symbol) =>
                client.until(
                  (event) => event.type === "trade" && event.symbol === symbol && event.origin === "stream",
                  since
                )
              )
            )
            figure(`${venue}: 240 sockets dropped, until all had told what was missing`, [performance.now() - at])
            assert.strictEqual(client.simulator.stats().dials.length, 2 * STARTS)
          }
          assertWithinLimits(client, market)
          assertAccounted(client, options.symbols)
          const { dials, rest } = client.simulator.stats()
          const gaps = eventsOf(client, "gap").filter(({ channel, from }) => channel === "trades" && from !== undefined)
          const repaired = gaps.filter((gap) => gap.repaired).length
          tell(
            `${venue}, repairWithin ${repairWithin}: ${dials.length} dials, at most ${mostIn(dials, WINDOW_MS)} in 5 minutes ` +
              `and ${mostIn(dials, 1_000)} in a second; REST weight at most ${rest[market].peakWeight} of ` +
              `${weightPerMinute[market]}; ${repaired} of ${gaps.length} gaps of trades repaired`
          )
          if (repairWithin === "3 minutes") assert.strictEqual(repaired, gaps.length)
        })
      },
      isLong ? 600_000 : 60_000
    )

    it.each([
      ["accepts and closes at once", { kind: "acceptThenClose" }],
      ["accepts and closes soon", { kind: "acceptThenClose", afterMs: 300 }],
      ["resets every dial", { kind: "refuse" }],
      ["answers every dial with 503", { kind: "refuse", status: 503 }],
      ["takes longer for a handshake than the client waits", { kind: "slowHandshake", delayMs: 60_000 }]
    ] as const)(
      "S-C2 while it %s, each connection backs off; afterwards all are back",
      async (_, fault) => {
        const COUNT = 20
        const MS = 5_000
        // more attempts than five seconds may hold by luck: an open circuit is another test's
        const reconnect = { max: "2 seconds", stableAfter: "1 second", attempts: 100 }
        await withClient(
          optionsOf(each, COUNT, { connection: { reconnect, dialTimeout: "1 second" } }),
          async (client) => {
            await client.active()
            const { control, stats } = client.simulator
            control.inject({
              ...fault,
              filter: { market },
              ...(fault.kind !== "slowHandshake" && { count: 1_000_000 })
            })
            control.inject({ kind: "kill", filter: { market } })
            await pass(MS)
            const dials = stats().dials.slice(COUNT)
            control.clear()
            const since = client.told.length
            await untilActive(client, COUNT, since)
            const trades = client.told.length
            await client.until((event) => event.type === "trade", trades)
            // one at once, one within each of 1 s, 2 s, 2 s …: four in five seconds, and some luck
            assert.isAtLeast(dials.length, COUNT)
            assert.isAtMost(dials.length, 8 * COUNT)
            assertWithinLimits(client, market)
          }
        )
      },
      60_000
    )

    it.each([
      ["429 with a time", { status: 429, retryAfterS: 3 }, 3_000],
      ["418 with a time", { status: 418, retryAfterS: 3 }, 3_000],
      ["403 without one", { status: 403 }, undefined],
      ["429 without one", { status: 429 }, undefined]
    ] as const)(
      "S-C2 S-D5 a handshake that is answered with %s is the last one until that has passed",
      async (_, answer, restMs) => {
        const prepare: ClientOptions["prepare"] = ({ control }) =>
          void control.inject({ kind: "refuse", ...answer, count: 1, filter: { market } })
        await withClient(optionsOf(each, 10, { prepare }), async (client) => {
          const isDial = (event: Event.Event) => event.type === "connection" && event.state === "Connecting"
          const refused = await client.until((event) => event.type === "connection" && event.state === "Reconnecting")
          const index = client.told.indexOf(refused)
          const before = client.told.slice(0, index).filter(({ event }) => isDial(event)).length
          if (restMs === undefined) {
            // ten minutes and one: what can be shown here is that nobody tries meanwhile
            await pass(5_000)
            assert.strictEqual(client.simulator.stats().dials.length, before)
          } else {
            await client.active()
            await client.until(isDial, index)
            // by one clock, the venue's: an event is told some time after the answer that it tells of
            const { dials } = client.simulator.stats()
            const refusedAt = dials.find(({ outcome }) => outcome === "refused")!.time
            assert.isAtLeast(dials[before]!.time - refusedAt, restMs)
          }
          // what was on its way when the answer came
          assert.isBelow(before, 10)
        })
      },
      30_000
    )

    it.each([
      ["429", { status: 429, retryAfterS: 3 }],
      ["418", { status: 418, retryAfterS: 3 }],
      ["503", { status: 503, retryAfterS: 3 }]
    ] as const)(
      "S-C2 S-D5 a request that is answered with %s and a time is the last one until that has passed",
      async (_, answer) => {
        // all that is under way when the first answer comes is answered so
        const prepare: ClientOptions["prepare"] = ({ control }) =>
          void control.inject({ kind: "rest", ...answer, durationMs: 2_000, filter: { market } })
        const options = optionsOf(each, 8, { channels: ["book"], prepare })
        await withClient(options, async (client) => {
          const live = options.symbols.map((symbol) =>
            client.until((event) => event.type === "bookState" && event.symbol === symbol && event.state === "live")
          )
          await Promise.all(live)
          const refused = client.asked.filter(({ status }) => status === answer.status)
          const answeredMs = Math.min(...refused.map((each) => each.answeredMs))
          const later = client.asked.filter(({ sentMs }) => sentMs > answeredMs)
          assert.isAtLeast(refused.length, 1)
          assert.isAtLeast(later.length, options.symbols.length)
          assert.isAtLeast(Math.min(...later.map(({ sentMs }) => sentMs)) - answeredMs, 3_000 - 5)
        })
      },
      30_000
    )
  })
}
