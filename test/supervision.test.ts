/**
 * What the supervisor of each connection does about each kind of trouble, seen from outside, against a venue over real
 * sockets: its states, its circuit, what it restores, and how it stops.
 */
import type { Event } from "@tidewire/core"
import type { BinanceMarket } from "@tidewire/simulator"
import { Effect } from "effect"
import { assert, describe, it } from "vitest"
import {
  type Client,
  type ClientOptions,
  eventsOf,
  isState,
  movesOf,
  pass,
  tradesOf,
  venues,
  withClient
} from "./client.ts"

type VenueCase = (typeof venues)[number]

const symbols = ["BTCUSDT", "ETHUSDT"] as const
const [troubled, other] = symbols

const optionsOf = ({ venue }: VenueCase, more: Partial<ClientOptions> = {}): ClientOptions => ({
  venue,
  symbols,
  channels: ["trades", "quotes", "book"],
  simulator: {
    seed: 4,
    symbols: { spot: symbols, usdm: symbols },
    rates: { tradesPerSecond: 30, ordersPerSecond: 40 },
    historyMinutes: 5
  },
  ...more
})

/** The connection that carries trades, and what of the venue's streams they are. */
const carrier: Readonly<Record<BinanceMarket, { readonly route: string; readonly trades: string }>> = {
  spot: { route: "", trades: "trade" },
  usdm: { route: "/market", trades: "aggTrade" }
}

const untilTrade = (client: Client, symbol: string): Promise<unknown> =>
  client.until((event) => event.type === "trade" && event.symbol === symbol, client.told.length)

/** Its trades are whole, nothing of it was missed, and no connection of it has moved. */
const assertUntouched = (client: Client, symbol: string): void => {
  const { count, odd } = tradesOf(client, symbol)
  const stale = eventsOf(client, "bookState", symbol).filter(({ state }) => state === "stale")
  assert.deepStrictEqual([odd, eventsOf(client, "gap", symbol), movesOf(client, symbol), stale], [[], [], [], []])
  assert.isAbove(count, 10)
}

const steps = (events: ReadonlyArray<Event.Connection>): string =>
  events.map(({ attempt, state }) => `${state} ${attempt}`).join(", ")

for (const each of venues) {
  const { market, venue } = each
  const { route, trades } = carrier[market]
  const name = `${troubled}${route}`
  const filter = { market, stream: `${troubled.toLowerCase()}@${trades}` }

  describe.concurrent(`${venue}: supervision`, () => {
    it("S-C1 S-C2 S-A7 the circuit of a connection opens after its last attempt, rests, and is probed; the others never notice", async () => {
      const reconnect = {
        base: "50 millis",
        max: "200 millis",
        attempts: 3,
        stableAfter: "100 millis",
        coolDown: "1 second"
      }
      await withClient(optionsOf(each, { connection: { reconnect } }), async (client) => {
        await client.active()
        await untilTrade(client, troubled)
        await pass(200)
        const { control } = client.simulator
        const before = client.simulator.stats().dials.length
        control.inject({ kind: "refuse", filter: { market }, count: 1_000_000 })
        control.inject({ kind: "kill", filter })
        const isFailed = isState(name, "Failed")
        const first = await client.until(isFailed)
        const status = (connection: string) => client.feed.states.value.get(connection)
        const seen = [status(name)?.state, status(`${other}${route}`)?.state]
        const probe = await client.until(isState(name, "Connecting"), client.told.indexOf(first))
        const second = await client.until(isFailed, client.told.indexOf(probe))
        control.clear()
        const dials = client.simulator.stats().dials.slice(before)
        const last = await client.until(isState(name, "Connecting"), client.told.indexOf(second))
        await client.until(isState(name, "Active"), client.told.indexOf(last))
        await untilTrade(client, troubled)
        await untilTrade(client, other)
        assert.deepStrictEqual(seen, ["Failed", "Active"])
        const expected = [
          "Connecting 0, Connected 0, Subscribing 0, Active 0",
          "Reconnecting 0, Connecting 1, Reconnecting 1, Connecting 2, Reconnecting 2, Connecting 3, Reconnecting 3",
          "Failed 3, Connecting 4, Reconnecting 4, Failed 4",
          "Connecting 5, Connected 5, Subscribing 5, Active 5"
        ]
        assert.strictEqual(steps(client.states(name)), expected.join(", "))
        // the venue saw three attempts and one probe
        assert.deepStrictEqual(
          dials.map(({ outcome }) => outcome),
          ["refused", "refused", "refused", "refused"]
        )
        const rests = [probe.at - first.at, last.at - second.at]
        assert.deepStrictEqual(
          rests.map((ms) => Math.floor((ms + 5) / 1_000)),
          [1, 2]
        )
        assert.match(second.event.type === "connection" ? (second.event.reason ?? "") : "", /^ConnectionFailed/)
        assert.deepStrictEqual(tradesOf(client, troubled).odd, [])
        assertUntouched(client, other)
      })
    }, 60_000)

    it("S-C2 an operator need not wait for an open circuit", async () => {
      const reconnect = { base: "10 millis", max: "20 millis", attempts: 2, stableAfter: "1 hour" }
      await withClient(optionsOf(each, { connection: { reconnect } }), async (client) => {
        await client.active()
        const { control } = client.simulator
        control.inject({ kind: "refuse", filter: { market }, count: 1_000_000 })
        control.inject({ kind: "kill", filter })
        const failed = await client.until(isState(name, "Failed"))
        control.clear()
        assert.deepStrictEqual(client.feed.reset(), [name])
        const active = await client.until(isState(name, "Active"), client.told.indexOf(failed))
        // a cool-down is of a minute
        assert.isBelow(active.at - failed.at, 5_000)
      })
    }, 60_000)

    it("S-D4 pings are answered, and a new socket carries every subscription of the one that was lost", async () => {
      const channels =
        market === "spot"
          ? ["trades", "quotes", "book", "bars:1m", "bars:5m", "ticker"]
          : ["trades", "bars:1m", "bars:5m", "ticker", "mark", "liquidations"]
      const options = optionsOf(each, { channels })
      const socketRules = { [market]: { pingMs: 300, pongMs: 900 } }
      await withClient({ ...options, simulator: { ...options.simulator, socketRules } }, async (client) => {
        await client.active()
        const { control, stats } = client.simulator
        const carrying = () => stats().connections.find(({ streams }) => streams.includes(filter.stream))!
        const before = carrying()
        // ten pings: the venue cuts who does not answer
        await pass(3_000)
        assert.strictEqual(stats().ended.length, 0)
        const since = client.told.length
        control.inject({ kind: "kill", filter })
        await client.until(isState(name, "Active"), since)
        await untilTrade(client, troubled)
        const after = carrying()
        assert.deepStrictEqual([...after.streams].sort(), [...before.streams].sort())
        assert.deepStrictEqual([after.id === before.id, after.streams.length], [false, channels.length])
        assertUntouched(client, other)
      })
    }, 60_000)

    it("S-D5 a symbol that the venue does not know ends with the venue's word for it; those on the same socket flow", async () => {
      const options = optionsOf(each, {
        symbols: [...symbols, "NOPEUSDT"],
        channels: ["trades", "quotes"],
        connection: { isolation: "shared" }
      })
      await withClient(options, async (client) => {
        const ends = await Promise.all(
          options.channels.map((channel) =>
            client.until(
              (event) => event.type === "subscription" && event.channel === channel && event.state === "ended"
            )
          )
        )
        await untilTrade(client, troubled)
        for (const { event } of ends) {
          assert.deepStrictEqual("symbol" in event && event.symbol, "NOPEUSDT")
          assert.match(event.type === "subscription" ? (event.reason ?? "") : "", /-1121|Invalid symbol/)
        }
        const states = eventsOf(client, "connection").map(({ state }) => state)
        assert.notInclude(states, "Reconnecting")
        for (const symbol of symbols) assertUntouched(client, symbol)
      })
    }, 60_000)

    it("S-D5 what cannot be read is counted, sampled and skipped; a trade that is lost by it is fetched", async () => {
      await withClient(optionsOf(each), async (client) => {
        await client.active()
        await untilTrade(client, troubled)
        const { control } = client.simulator
        const COUNT = 5
        for (const form of ["json", "types", "missing"] as const) {
          control.inject({ kind: "malformed", form, filter, count: COUNT })
          while (control.faults().length > 0) await untilTrade(client, other)
        }
        const lost = () => eventsOf(client, "gap", troubled).reduce((total, gap) => total + (gap.lost ?? 0), 0)
        await client.until(() => lost() >= 3 * COUNT)
        await untilTrade(client, troubled)
        const { malformed, reconnects } = client.feed.counts()
        assert.deepStrictEqual([malformed, reconnects], [3 * COUNT, 0])
        assert.isAtLeast(client.feed.samples().length, 3 * COUNT)
        const gaps = eventsOf(client, "gap", troubled)
        assert.deepStrictEqual(
          [
            new Set(gaps.map(({ channel, reason, repaired }) => `${channel} ${reason} ${repaired}`)),
            tradesOf(client, troubled).odd
          ],
          [new Set(["trades sequence true"]), []]
        )
        assert.strictEqual(lost(), 3 * COUNT)
        assertUntouched(client, other)
      })
    }, 60_000)

    it("S-D5 a socket of which nothing can be read is replaced; the others never notice", async () => {
      await withClient(optionsOf(each, { channels: ["trades"] }), async (client) => {
        await client.active()
        await untilTrade(client, troubled)
        const { control } = client.simulator
        control.setRates({ tradesPerSecond: 400 }, { market, symbol: troubled })
        control.inject({ kind: "malformed", form: "types", filter, count: 100 })
        const lost = await client.until(isState(name, "Reconnecting"))
        await client.until(isState(name, "Active"), client.told.indexOf(lost))
        await untilTrade(client, troubled)
        assert.match(lost.event.type === "connection" ? (lost.event.reason ?? "") : "", /^DecodeFailed: 100 /)
        assert.deepStrictEqual(tradesOf(client, troubled).odd, [])
        assertUntouched(client, other)
      })
    }, 60_000)

    it("S-A6 a stop closes every socket, delivers what waits, and tells every end; nothing comes after", async () => {
      await withClient(optionsOf(each), async (client) => {
        await client.active()
        await Promise.all(symbols.map((symbol) => untilTrade(client, symbol)))
        const { left, leftBy, unclosed, counts } = await Effect.runPromise(client.stream.stop("5 seconds"))
        assert.deepStrictEqual([left, leftBy, unclosed, counts.waiting], [0, [], [], 0])
        assert.strictEqual(counts.received, counts.delivered + counts.conflated + counts.dropped)
        assert.strictEqual(counts.delivered, client.told.length)
        const states = [...client.feed.states.value.values()].map(({ state }) => state)
        assert.deepStrictEqual([new Set(states), client.simulator.stats().connections], [new Set(["Stopped"]), []])
        const ends = eventsOf(client, "subscription").filter(({ state }) => state === "ended")
        assert.strictEqual(ends.length, symbols.length * 3)
        const told = client.told.length
        await pass(500)
        assert.strictEqual(client.told.length, told)
      })
    }, 60_000)

    it("S-A6 S-A3 a stop says what its deadline left of a consumer that is slow, and the account adds up", async () => {
      const handler = (): Effect.Effect<void> => Effect.sleep("50 millis")
      await withClient(optionsOf(each, { handler }), async (client) => {
        while (client.stream.counts().waiting < 100) await pass(20)
        const { counts, left, leftBy, unclosed } = await Effect.runPromise(client.stream.stop("300 millis"))
        const { conflated, delivered, dropped, received, waiting } = counts
        assert.isAbove(left, 50)
        assert.deepStrictEqual([left, received, unclosed], [waiting, delivered + conflated + dropped + waiting, []])
        assert.strictEqual(
          leftBy.reduce((total, each) => total + each.waiting, 0),
          left
        )
        assert.includeMembers([...new Set(leftBy.map(({ symbol }) => symbol))], [...symbols])
      })
    }, 60_000)
  })
}
