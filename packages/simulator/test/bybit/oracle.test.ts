/** The oracle judges clients of Bybit: a right one is right through everything, a wrong one is told what is wrong. */
import { describe, expect, it } from "vitest"
import { Oracle } from "../../src/index.ts"
import { onStage, type Stage } from "../support.ts"
import type { Category } from "./client.ts"
import { JudgedClient, type Told } from "./judged.ts"

const options = {
  seed: 5,
  rates: { tradesPerSecond: 20, ordersPerSecond: 200, liquidationsPerSecond: 0.5 },
  keepBookChanges: 200_000
}

const still = { tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 }

/** A session of a client under a plan, with a calm end; answers what it said. */
const session = async (
  stage: Stage,
  category: Category,
  during: (client: JudgedClient) => Promise<void>
): Promise<{ readonly oracle: Oracle.Oracle; readonly client: JudgedClient }> => {
  const client = new JudgedClient(stage, category)
  const oracle = Oracle.make(stage.simulator, { venues: { bybit: { market: client.market, plan: client.plan } } })
  await client.connect()
  await client.sync()
  for (let step = 0; step < 20; step++) await client.step(100)
  await during(client)
  for (let step = 0; step < 20; step++) await client.step(100)
  stage.simulator.control.clear()
  stage.simulator.control.setRates(still)
  for (let step = 0; step < 40; step++) await client.step(100)
  return { oracle, client }
}

const judge = (oracle: Oracle.Oracle, events: ReadonlyArray<Told>, stage: Stage): Oracle.Report => {
  for (const event of events) oracle.accept(event)
  return oracle.finish({ atMs: stage.clock.now() })
}

const kindsOf = ({ violations }: Oracle.Report) =>
  [...new Set(violations.map(({ channel, kind }) => `${kind} ${channel}`))].toSorted()

describe.each(["spot", "linear", "inverse"] as const)("a right client of %s", (category) => {
  it.each([
    ["in peace", async () => {}],
    ["that loses its connection and fetches the trades between", (client: JudgedClient) => client.lose(3_000)],
    [
      "that loses its connection for longer than REST reaches back",
      (client: JudgedClient, { simulator }: Stage) => {
        simulator.control.setRates({ tradesPerSecond: 300 })
        return client.lose(6_000)
      }
    ],
    [
      "whose venue restarts",
      async (client: JudgedClient, { simulator }: Stage) => {
        simulator.control.inject({ kind: "restart" })
        await client.step(500)
        simulator.control.inject({ kind: "restart" })
        await client.step(500)
      }
    ],
    [
      "whose venue restarts while it is away",
      async (client: JudgedClient, { simulator }: Stage) => {
        const { chains } = simulator.truth.market(client.market, category === "inverse" ? "BTCUSD" : "BTCUSDT")!
        setImmediate(() => chains.forEach((chain) => chain.restart()))
        await client.lose(2_000)
      }
    ],
    [
      "whose venue sends trades in another order, before it loses its connection",
      async (client: JudgedClient, { simulator }: Stage) => {
        simulator.control.inject({ kind: "reorder", count: 3, filter: { stream: "publicTrade.*" } })
        await client.step(1_000)
        await client.lose(3_000)
      }
    ],
    [
      "that is not sent some trades",
      async (client: JudgedClient, { simulator }: Stage) => {
        simulator.control.inject({ kind: "drop", count: 5, filter: { stream: "publicTrade.*" } })
        await client.step(1_000)
      }
    ]
  ] as const)("%s is right", (_, during) =>
    onStage(options, async (stage) => {
      const { client, oracle } = await session(stage, category, (one) => during(one, stage))
      const report = judge(oracle, client.events, stage)
      expect(report.violations).toEqual([])
      expect(report.accounted.trades).toBeGreaterThan(60)
      expect(report.accounted.booksCompared).toBeGreaterThan(80)
      expect(report.accounted.notComparable).toBe(0)
    })
  )
})

it("trades that REST cannot reach are counted as told, those that no frame had as unseen", () =>
  onStage(options, async (stage) => {
    const { client, oracle } = await session(stage, "spot", async (one) => {
      await one.lose(15_000)
      await one.step(2_000)
      stage.simulator.control.inject({ kind: "drop", count: 4, filter: { stream: "publicTrade.*" } })
      await one.step(1_000)
    })
    const { accounted } = judge(oracle, client.events, stage)
    expect(accounted.tradesInGaps).toBeGreaterThan(100)
    expect(accounted.backfilledTrades).toBeGreaterThan(10)
    expect(accounted.tradesUnseen).toBeGreaterThanOrEqual(4)
  }))

describe("a wrong client", () => {
  const spoil = (
    what: (events: Array<Told>) => Array<Told>,
    during: (client: JudgedClient) => Promise<void> = async () => {}
  ): Promise<ReadonlyArray<string>> => {
    let found: ReadonlyArray<string> = []
    return onStage(options, async (stage) => {
      const { client, oracle } = await session(stage, "linear", during)
      found = kindsOf(judge(oracle, what(client.events.slice()), stage))
    }).then(() => found)
  }

  const isTrade = (event: Told): event is Told & { type: "trade" } => event.type === "trade"

  const nth = (events: ReadonlyArray<Told>, is: (event: Told) => boolean, place: number): number =>
    events.flatMap((event, index) => (is(event) ? [index] : []))[place]!

  it("that loses a trade is told of it", async () => {
    expect(await spoil((events) => events.toSpliced(nth(events, isTrade, 20), 1))).toEqual(["missing trades"])
  })

  it("that tells a trade twice is told of it", async () => {
    const found = await spoil((events) => {
      const at = nth(events, isTrade, 20)
      return events.toSpliced(at, 0, events[at]!)
    })
    expect(found).toEqual(["repeated trades"])
  })

  it("that tells another price, or a trade that never was, is told of it", async () => {
    const change = (with_: object) => (events: Array<Told>) => {
      const at = nth(events, isTrade, 20)
      return events.with(at, { ...events[at]!, ...with_ } as Told)
    }
    expect(await spoil(change({ price: 1 }))).toEqual(["wrong trades"])
    expect(await spoil(change({ id: "6f0a1c9e-0000-5000-8000-0000000000aa" }))).toEqual([
      "missing trades",
      "unknown trades"
    ])
  })

  const lose = (client: JudgedClient) => client.lose(3_000)
  const isGap = (channel: string) => (event: Told) => event.type === "gap" && event.channel === channel
  const isBackfill = (event: Told) => isTrade(event) && event.origin === "backfill"

  it("that keeps a gap to itself is told of it", async () => {
    const silent = (channel: string) => (events: Array<Told>) => events.filter((event) => !isGap(channel)(event))
    expect(await spoil(silent("trades"), lose)).toEqual(["gap-missing trades"])
    expect(await spoil(silent("quotes"), lose)).toEqual(["gap-missing quotes"])
    expect(await spoil(silent("book:50"), lose)).toEqual(["gap-missing book:50"])
  })

  it("that calls a gap repaired and left a trade out is told of it", async () => {
    expect(await spoil((events) => events.toSpliced(nth(events, isBackfill, 3), 1), lose)).toEqual(["missing trades"])
  })

  it("that tells as lost what it delivers, bounds that are not its trades', or a wrong number is told of it", async () => {
    const change = (with_: object) => (events: Array<Told>) =>
      events.map((event) => (isGap("trades")(event) ? ({ ...event, ...with_ } as Told) : event))
    expect(await spoil(change({ from: 5 }), lose)).toEqual(["gap-bounds trades"])
    expect(await spoil(change({ lost: 1 }), lose)).toEqual(["gap-lost trades"])
    const lost = (events: Array<Told>) => {
      const [first, gap] = [nth(events, isBackfill, 0), nth(events, isGap("trades"), 0)]
      const fetched = events.slice(first, gap)
      const untrue = { ...events[gap]!, repaired: false } as Told
      // told as lost, and delivered behind the next live trade
      return events.toSpliced(first, fetched.length + 2, untrue, events[gap + 1]!, fetched[0]!)
    }
    expect(await spoil(lost, lose)).toContain("in-gap trades")
  })

  it("whose book misses a delta, or keeps a level that is gone, is told of it", async () => {
    const isDelta = (event: Told) => event.type === "book" && event.kind === "delta"
    expect(await spoil((events) => events.toSpliced(nth(events, isDelta, 20), 1))).toEqual(["wrong book:50"])
    const found = await spoil((events) => {
      const at = events.findIndex((event) => event.type === "book" && event.bids.some(([, size]) => size === 0))
      const event = events[at] as Told & { type: "book" }
      return events.with(at, { ...event, bids: event.bids.filter(([, size]) => size !== 0) })
    })
    expect(found).toEqual(["wrong book:50"])
  })

  it("whose bars or best prices are wrong is told of it", async () => {
    const quote = await spoil((events) => {
      const at = nth(events, ({ type }) => type === "quote", 10)
      return events.with(at, { ...events[at]!, bid: 1 } as Told)
    })
    expect(quote).toEqual(["wrong quotes"])
    const repeated = await spoil((events) => {
      const at = nth(events, ({ type }) => type === "quote", 10)
      return events.toSpliced(at, 0, events[at]!)
    })
    expect(repeated).toEqual(["repeated quotes"])
    const bar = await spoil(
      (events) => {
        const at = nth(events, (event) => event.type === "bar" && event.isFinal, 0)
        return events.with(at, { ...events[at]!, volume: 1e9 } as Told)
      },
      async (client) => {
        for (let step = 0; step < 130; step++) await client.step(500)
      }
    )
    expect(bar).toEqual(["wrong bars:1m"])
  })
})
