/**
 * Connections replaced under load: what arrives is held against what happened on the exchange, by the simulator's oracle.
 */
import type { Event } from "@tidewire/core"
import { Oracle } from "@tidewire/simulator"
import { assert, describe, it } from "vitest"
import * as RunningClock from "./chaos/runningClock.ts"
import { symbolsOf } from "./chaos/market.ts"
import { Standing } from "./chaos/Standing.ts"
import { type Client, type ClientOptions, eventsOf, pass, venues, withClient } from "./client.ts"
import { tell } from "./figures.ts"

type VenueCase = (typeof venues)[number]

const channels = {
  spot: ["trades", "quotes", "book", "bars:1s"],
  usdm: ["trades", "quotes", "book", "bars:1m"]
} as const

const SYMBOLS = 10

/** Trades, quotes and changes of books that a run has at least, each. */
const BUSY = 1_000

/** Longer than the slowest event may be on its way. */
const STILL_MS = 1_500

interface Outcome {
  readonly violations: ReadonlyArray<string>
  readonly accounted: Oracle.Accounted
  readonly gaps: ReadonlyArray<Event.Gap>
  readonly staleBooks: number
  readonly rotations: number
  readonly reconnects: number
}

/** Streams until `disturb` is done and all has settled, then stops the market and closes the account. */
const judged = async (
  what: string,
  { market, venue }: VenueCase,
  connection: NonNullable<ClientOptions["connection"]>,
  disturb: (client: Client) => Promise<void>
): Promise<Outcome> => {
  const running = RunningClock.start()
  const symbols = symbolsOf(market, SYMBOLS)
  const standing = new Standing()
  let oracle: Oracle.Oracle | undefined
  const early: Array<Event.Event> = []
  let trades = 0
  let books = 0
  const handler = (event: Event.Event): void => {
    standing.accept(event)
    if (event.type === "trade") trades++
    else if (event.type === "book") books++
    if (oracle === undefined) early.push(event)
    else oracle.accept(event)
  }
  const options: ClientOptions = {
    venue,
    symbols,
    channels: channels[market],
    connection,
    handler,
    simulator: {
      seed: 5,
      clock: running.clock,
      symbols: { [market]: symbols },
      rates: { tradesPerSecond: 40, ordersPerSecond: 100 },
      keepBookChanges: 4_000,
      historyMinutes: 5
    }
  }
  try {
    return await withClient(options, async (client) => {
      const { plan, simulator, stream, until } = client
      oracle = Oracle.make(simulator, { venues: { [venue]: { market, plan: plan.connections } } })
      for (const event of early) oracle.accept(event)
      await until(() => standing.isWhole)
      await disturb(client)
      // on a busy machine the exchange is slow, and there would be little to lose
      await until(() => trades > BUSY && books > BUSY)
      await until(() => standing.isWhole)
      simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0 })
      // time of the exchange, which stands still while the process does
      await new Promise<void>((resolve) => void running.clock.after(STILL_MS, resolve))
      const { rotations, reconnects } = stream.feed.counts()
      const report = oracle.finish({ atMs: running.clock.now(), counts: { [venue]: stream.counts() } })
      const gaps = eventsOf(client, "gap")
      const found = Map.groupBy(report.violations, ({ kind }) => kind)
      tell(
        `${venue}: ${what}: ${report.accounted.events} events, ${rotations} rotations, ${reconnects} reconnects; ` +
          `lost ${found.get("missing")?.length ?? 0}, repeated ${found.get("repeated")?.length ?? 0}, ` +
          `violations ${report.violationCount}, gaps ${gaps.length}`
      )
      return {
        violations: report.violations.map((each) => `${each.kind} ${each.symbol} ${each.channel}: ${each.detail}`),
        accounted: report.accounted,
        gaps,
        staleBooks: eventsOf(client, "bookState").filter(({ state }) => state === "stale").length,
        rotations,
        reconnects
      }
    })
  } finally {
    running.stop()
  }
}

const nothingHappened = { violations: [], gaps: [], staleBooks: 0 }

const whatHappened = ({ gaps, staleBooks, violations }: Outcome) => ({ violations, gaps, staleBooks })

/** There was something to lose. */
const assertBusy = ({ accounted }: Outcome): void => {
  assert.isAbove(accounted.trades, BUSY)
  assert.isAbove(accounted.quotes, BUSY)
  assert.isAbove(accounted.booksCompared, BUSY)
  assert.isAbove(accounted.barUpdates + accounted.finalBars, 20)
  assert.isBelow(accounted.notComparable, 0.001 * accounted.events)
}

const untilRotations = (client: Client, count: number): Promise<unknown> =>
  client.until(() => client.feed.counts().rotations >= count)

/** Pseudo-random numbers in [0, 1), the same in every run. */
const dice = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Kills one of the two sockets of some connections, again and again; each time both are there. Gives how many. */
const killAtRandom = async (client: Client, rounds: number, atOnce: number): Promise<number> => {
  const { plan, simulator, told, until } = client
  const random = dice(3)
  const pairs = plan.connections.filter(({ name }) => !name.endsWith("#2"))
  let killed = 0
  for (let round = 0; round < rounds; round++) {
    const chosen = pairs.toSorted(() => random() - 0.5).slice(0, atOnce)
    await Promise.all(
      chosen.map(async ({ name, subscriptions }) => {
        const both = [name, `${name}#2`]
        const isWhole = () => both.every((each) => client.feed.states.value.get(each)?.state === "Active")
        await until(isWhole)
        // each of the two has delivered beside the other
        const { symbol } = subscriptions[0]!
        let trades = 0
        const since = told.length
        await until((event) => event.type === "trade" && event.symbol === symbol && ++trades === 5, since)
        const prefix = `${symbol.toLowerCase()}@`
        const route = name.split("/")[1]
        const sockets = simulator
          .stats()
          .connections.filter((each) => each.streams[0]?.startsWith(prefix) && (route ?? "spot") === each.route)
        assert.strictEqual(sockets.length, 2)
        const before = told.length
        simulator.control.inject({ kind: "kill", filter: { connection: sockets[random() < 0.5 ? 0 : 1]!.id } })
        killed++
        await until(
          (event) => event.type === "connection" && both.includes(event.connection) && event.state === "Reconnecting",
          before
        )
      })
    )
  }
  return killed
}

for (const each of venues) {
  describe.concurrent(`${each.venue}: connections replaced under load`, () => {
    it("S-D4 100 rotations lose nothing and repeat nothing, on any channel", async () => {
      const outcome = await judged("asked for", each, {}, async (client) => {
        await client.active()
        for (let done = 0; done < 100; done += client.plan.connections.length) {
          assert.strictEqual(client.feed.rotate().length, client.plan.connections.length)
          await untilRotations(client, done + client.plan.connections.length)
        }
      })
      assert.deepStrictEqual(whatHappened(outcome), nothingHappened)
      assert.deepStrictEqual([outcome.rotations, outcome.reconnects], [100, 0])
      assertBusy(outcome)
    }, 120_000)

    it("S-D4 told of a shutdown, the replacements are there before the venue closes; nothing lost, nothing repeated", async () => {
      const outcome = await judged("shutdown announced", each, {}, async (client) => {
        await client.active()
        const connections = client.plan.connections.length
        for (const round of [1, 2]) {
          client.simulator.control.inject({
            kind: "shutdownNotice",
            closeAfterMs: 5_000,
            filter: { market: each.market }
          })
          await untilRotations(client, round * connections)
        }
        await pass(5_000)
      })
      const connections = each.market === "spot" ? SYMBOLS : 2 * SYMBOLS
      assert.deepStrictEqual(whatHappened(outcome), nothingHappened)
      assert.deepStrictEqual([outcome.rotations, outcome.reconnects], [2 * connections, 0])
      assertBusy(outcome)
    }, 120_000)

    it("S-D4 replaced by age again and again; nothing lost, nothing repeated", async () => {
      const connections = each.market === "spot" ? SYMBOLS : 2 * SYMBOLS
      const outcome = await judged("by age", each, { rotateAfter: "2 seconds" }, async (client) => {
        await untilRotations(client, 3 * connections)
      })
      assert.deepStrictEqual(whatHappened(outcome), nothingHappened)
      assert.strictEqual(outcome.reconnects, 0)
      assert.isAtLeast(outcome.rotations, 3 * connections)
      assertBusy(outcome)
    }, 120_000)

    it("with two sockets for each connection, nothing is felt of one that is killed, whichever it is", async () => {
      let killed = 0
      const reconnect = { base: "100 millis", max: "500 millis", stableAfter: "500 millis" }
      const outcome = await judged("one of two killed", each, { redundancy: 2, reconnect }, async (client) => {
        await client.active()
        killed = await killAtRandom(client, 15, 4)
      })
      assert.deepStrictEqual(whatHappened(outcome), nothingHappened)
      assert.deepStrictEqual([killed, outcome.reconnects], [60, 60])
      assertBusy(outcome)
    }, 120_000)
  })
}
