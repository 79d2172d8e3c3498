/**
 * How long it takes until everything is there again: after a reset, after an outage, after silences of every kind. Times
 * are bounds that are stated in docs/benchmarks.md; `FIGURES=1` tells what was measured.
 */
import type { Event } from "@tidewire/core"
import type { FaultFilter, BinanceMarket } from "@tidewire/simulator"
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
import { figure } from "./figures.ts"

const symbols = ["BTCUSDT", "ETHUSDT", "BNBUSDT", "SOLUSDT", "XRPUSDT"]
const [killed, ...others] = symbols as [string, ...Array<string>]

const simulator = {
  seed: 3,
  rates: { tradesPerSecond: 40, ordersPerSecond: 40 },
  keepTrades: 50_000,
  historyMinutes: 5
}

/** The connection of a symbol's trades, and its socket on the venue's side. */
const carrier: Readonly<Record<BinanceMarket, { readonly route: string; readonly topic: string }>> = {
  spot: { route: "", topic: "trade" },
  usdm: { route: "/market", topic: "aggTrade" }
}

const filterOf = (market: BinanceMarket, symbol: string): FaultFilter => ({
  market,
  stream: `${symbol.toLowerCase()}@${carrier[market].topic}`
})

const untilSpeaking = (client: Client, of: ReadonlyArray<string> = symbols): Promise<unknown> => {
  const since = client.told.length
  return Promise.all(
    of.map((symbol) => client.until((event) => event.type === "trade" && event.symbol === symbol, since))
  )
}

/** Trades that nobody can have been sent: the socket has just been reset. */
const tradeUnseen = ({ simulator: { control } }: Client, market: BinanceMarket, symbol: string): void => {
  for (let count = 0; count < 3; count++) control.trade(market, symbol, "buy", 1)
}

const gapsOf = (client: Client, symbol: string): ReadonlyArray<Event.Gap> => eventsOf(client, "gap", symbol)

const isLiveTrade =
  (symbol: string) =>
  (event: Event.Event): boolean =>
    event.type === "trade" && event.symbol === symbol && event.origin === "stream"

const isTradesGap =
  (symbol: string) =>
  (event: Event.Event): boolean =>
    event.type === "gap" && event.symbol === symbol && event.channel === "trades"

/** The first live trade after what was missing has been told; in milliseconds since `from`. */
const untilComplete = async (client: Client, connection: string, symbol: string, since: number, from: number) => {
  const active = await client.until(isState(connection, "Active"), since)
  const back = client.told.indexOf(active)
  const live = await client.until(isLiveTrade(symbol), back)
  return { activeMs: active.at - from, completeMs: live.at - from }
}

/** Every id once and in order; each hole told as repaired, right behind the trades that were fetched for it. */
const assertRepaired = (client: Client, symbol: string, holes: number): void => {
  const gaps = gapsOf(client, symbol).filter(({ channel }) => channel === "trades")
  const said = client.told.map(({ event }) => event).filter((event) => event.type === "trade" || event.type === "gap")
  for (const gap of gaps) {
    const before = said
      .slice(0, said.indexOf(gap))
      .filter((event) => event.symbol === symbol && event.type === "trade")
      .slice(-gap.lost!)
    assert.strictEqual(
      before.every((event) => event.type === "trade" && event.origin === "backfill"),
      true
    )
  }
  assert.deepStrictEqual(
    [tradesOf(client, symbol).odd, gaps.length, gaps.every(({ repaired }) => repaired)],
    [[], holes, true]
  )
}

/** Not one event of theirs is missing, and their connections never moved. */
const assertUntouched = (client: Client, of: ReadonlyArray<string>): void => {
  for (const symbol of of) {
    assert.deepStrictEqual(
      [tradesOf(client, symbol).odd, gapsOf(client, symbol), movesOf(client, symbol)],
      [[], [], []],
      symbol
    )
  }
}

type VenueCase = (typeof venues)[number]

const optionsOf = ({ venue }: VenueCase, connection: NonNullable<ClientOptions["connection"]> = {}): ClientOptions => ({
  venue,
  symbols,
  channels: ["trades", "quotes"],
  connection,
  simulator
})

for (const each of venues) {
  const { market, venue } = each
  const nameOf = (symbol: string): string => `${symbol}${carrier[market].route}`

  describe(`${venue}: a connection that is lost`, () => {
    it("S-D4 S-D5 is Active within 1 s of a reset, its trades whole by backfill; the others lose nothing", async () => {
      const active: Array<number> = []
      const complete: Array<number> = []
      const KILLS = 20
      // what a session of a minute has by default
      await withClient(optionsOf(each, { reconnect: { stableAfter: "200 millis" } }), async (client) => {
        await client.active()
        await untilSpeaking(client)
        for (let count = 0; count < KILLS; count++) {
          await pass(250)
          const since = client.told.length
          const at = performance.now()
          client.simulator.control.inject({ kind: "kill", filter: filterOf(market, killed) })
          tradeUnseen(client, market, killed)
          const { activeMs, completeMs } = await untilComplete(client, nameOf(killed), killed, since, at)
          active.push(activeMs)
          complete.push(completeMs)
        }
        assertRepaired(client, killed, KILLS)
        assertUntouched(client, others)
      })
      figure(`${venue}: reset to Active`, active)
      figure(`${venue}: reset to trades complete`, complete)
      assert.isBelow(Math.max(...active), 1_000)
      assert.isBelow(Math.max(...complete), 3_000)
    }, 60_000)

    it.each([
      ["short", { base: "100 millis", max: "500 millis", attempts: 100 }, { baseMs: 100, maxMs: 500 }],
      ["default", {}, { baseMs: 1_000, maxMs: 30_000 }]
    ] as const)(
      "S-C2 after 2 s of refused dials, with %s waits, is back as soon as its wait is over and its trades are whole",
      async (name, reconnect, { baseMs, maxMs }) => {
        const active: Array<number> = []
        const complete: Array<number> = []
        const afterDial: Array<number> = []
        await withClient(optionsOf(each, { reconnect }), async (client) => {
          await client.active()
          await untilSpeaking(client)
          const { control } = client.simulator
          const since = client.told.length
          control.inject({ kind: "refuse", filter: { market }, count: 1_000_000 })
          control.inject({ kind: "kill", filter: { market } })
          await pass(2_000)
          control.clear()
          const at = performance.now()
          await Promise.all(
            symbols.map(async (symbol) => {
              const { activeMs, completeMs } = await untilComplete(client, nameOf(symbol), symbol, since, at)
              active.push(activeMs)
              complete.push(completeMs)
              const dialled = client.told.findLast(({ event }) => isState(nameOf(symbol), "Connecting")(event))!
              afterDial.push(at + activeMs - dialled.at)
              // the wait that it was in when the venue accepted again was no longer than this
              const attempt = dialled.event.type === "connection" ? dialled.event.attempt : Number.NaN
              assert.isBelow(activeMs, Math.min(maxMs, baseMs * 2 ** (attempt - 1)) + 500)
            })
          )
          for (const symbol of symbols) assertRepaired(client, symbol, 1)
        })
        figure(`${venue}: the venue accepts again (${name} waits) to Active`, active)
        figure(`${venue}: the venue accepts again (${name} waits) to trades complete`, complete)
        figure(`${venue}: a dial that is accepted (${name} waits) to Active`, afterDial)
        assert.isBelow(Math.max(...afterDial), 1_000)
      },
      60_000
    )
  })
}

for (const each of venues) {
  const { market, venue } = each
  const nameOf = (symbol: string): string => `${symbol}${carrier[market].route}`

  describe.concurrent(`${venue}: silence`, () => {
    it.each([
      ["one stream", ["trades"]],
      ["several streams", ["trades", "bars:1m", "ticker"]]
    ] as const)(
      "S-D4 a socket of %s that is open and dead is replaced within 15 s, its trades whole; the others lose nothing",
      async (name, channels) => {
        await withClient({ ...optionsOf(each), channels }, async (client) => {
          await client.active()
          await untilSpeaking(client)
          const since = client.told.length
          const at = performance.now()
          client.simulator.control.inject({ kind: "silence", filter: filterOf(market, killed) })
          // the pong that does not come, or that none of the streams speaks: whatever is noticed first
          const noticed = await client.until(
            (event) => event.type === "connection" && event.connection === nameOf(killed) && event.reason !== undefined,
            since
          )
          const whole = await client.until(isTradesGap(killed), since)
          figure(`${venue}: half-open socket of ${name}, to detection`, [Math.min(noticed.at, whole.at) - at])
          figure(`${venue}: half-open socket of ${name}, to trades complete`, [whole.at - at])
          const reason = noticed.event.type === "connection" ? noticed.event.reason! : ""
          assert.match(reason, name === "one stream" ? /^Stale: .*not even a pong/ : /^(Stale|replaced|took over): /)
          assertRepaired(client, killed, 1)
          assertUntouched(client, others)
          assert.isBelow(whole.at - at, 15_000)
        })
      },
      60_000
    )

    it.each([
      ["it is subscribed to anew", "resubscribe", 12_000],
      ["its connection is replaced", "reconnect", 24_000]
    ] as const)(
      "S-A8 a stream that alone is silent speaks again once %s; its trades are whole",
      async (_, until, withinMs) => {
        await withClient(optionsOf(each), async (client) => {
          await client.active()
          await untilSpeaking(client)
          const since = client.told.length
          const at = performance.now()
          client.simulator.control.inject({ kind: "silentStream", until, filter: filterOf(market, killed) })
          // what was sent before is on its way
          await client.until(
            (event) => event.type === "subscription" && event.symbol === killed && event.state === "silent",
            since
          )
          const back = client.told.length
          const live = await client.until(isLiveTrade(killed), back)
          figure(`${venue}: silent stream until ${until}, to trades complete`, [live.at - at])
          const { reconnects, rotations } = client.feed.counts()
          assert.deepStrictEqual([reconnects, rotations], [0, until === "reconnect" ? 1 : 0])
          assertRepaired(client, killed, 1)
          assertUntouched(client, others)
          assert.isBelow(live.at - at, withinMs)
        })
      },
      60_000
    )

    it("S-A8 where more than three streams on a socket get nothing, they are spread until all of them speak", async () => {
      const channels =
        market === "spot"
          ? ["trades", "quotes", "book", "bars:1m", "ticker"]
          : ["trades", "bars:1m", "bars:5m", "ticker", "mark"]
      const crowded: ClientOptions = {
        ...optionsOf(each),
        symbols: symbols.slice(0, 2),
        channels,
        prepare: ({ control }) => void control.inject({ kind: "crowdedSilence", maxStreams: 3 })
      }
      await withClient(crowded, async (client) => {
        await client.active()
        const at = performance.now()
        const live = await Promise.all(
          crowded.symbols.flatMap((symbol) =>
            channels.map((channel) =>
              client.until(
                (event) =>
                  event.type === "subscription" &&
                  event.symbol === symbol &&
                  event.channel === channel &&
                  event.state === "live"
              )
            )
          )
        )
        const times = live.map((each) => each.at - at)
        figure(`${venue}: five streams where three are too many, Active to live`, times)
        await untilSpeaking(client, crowded.symbols)
        const most = Math.max(...client.simulator.stats().connections.map(({ streams }) => streams.length))
        assert.isAtMost(most, 3)
        assert.isBelow(Math.max(...times), 30_000)
      })
    }, 60_000)
  })
}
