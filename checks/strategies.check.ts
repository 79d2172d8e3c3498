/**
 * The examples of strategies, run as their readmes say: `tidewire run` on paper, against a simulator. What they did is read from
 * the lines of standard output, in their order, and held against what each of them promises.
 */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { Order, type PrivateEvent } from "@tidewire/core"
import type { Engine } from "@tidewire/engine"
import { Simulator } from "@tidewire/simulator"
import * as BigDecimal from "effect/BigDecimal"
import { assert, describe, it } from "vitest"
import { type Ran, root, run, said } from "./workspace.ts"

type Line = Engine.EngineEvent

const bin = `${root}apps/runner/src/bin.ts`
const exact = BigDecimal.fromStringUnsafe
const zero = exact("0")

const lines = ({ stdout }: Ran): ReadonlyArray<Line> =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))

/** What was told while the strategies ran. */
const running = (all: ReadonlyArray<Line>): ReadonlyArray<Line> =>
  all.slice(
    0,
    all.findIndex((line) => line.type === "strategy" && line.state === "stopped")
  )

const of = <T extends Line["type"]>(all: ReadonlyArray<Line>, type: T) =>
  all.filter((line): line is Extract<Line, { type: T }> => line.type === type)

const signed = ({ side, size }: PrivateEvent.Fill) => (side === "buy" ? exact(size) : BigDecimal.negate(exact(size)))

/** What is held after each fill, as texts. */
const heldAfter = (fills: ReadonlyArray<PrivateEvent.Fill>): ReadonlyArray<string> => {
  let held = zero
  return fills.map((fill) => BigDecimal.format((held = BigDecimal.sum(held, signed(fill)))))
}

/** The last that was told of each order. */
const ends = (all: ReadonlyArray<Line>) => [
  ...new Map(of(all, "order").map((order) => [`${order.venue} ${order.clientOrderId}`, order])).values()
]

const strategy = async (simulator: Simulator.Simulator, configuration: string, duration: string): Promise<Ran> => {
  process.env["TIDEWIRE_SIMULATOR_URL"] = simulator.url
  try {
    return await run("node", [bin, "run", "--config", configuration, "--duration", duration])
  } finally {
    delete process.env["TIDEWIRE_SIMULATOR_URL"]
  }
}

/** Does this every so often while the other runs. */
const meanwhile = async <A>(everyMs: number, act: (turn: number) => void, other: Promise<A>): Promise<A> => {
  let turn = 0
  const acting = setInterval(() => act(turn++), everyMs)
  try {
    return await other
  } finally {
    clearInterval(acting)
  }
}

const perpetual = {
  symbol: "BTCUSDT",
  base: "BTC",
  quote: "USDT",
  settle: "USDT",
  contractType: "PERPETUAL",
  tickSize: "0.1",
  stepSize: "0.001",
  pricePrecision: 1,
  quantityPrecision: 3,
  typicalSize: 0.2,
  minNotional: "5"
} as const

describe("S-D1 the examples of strategies, on paper against a simulator", () => {
  it("market making: both sides quoted and amended, only ever a maker, within its bound, silent without a live book", async () => {
    const simulator = await Simulator.start({ seed: 7, rates: { tradesPerSecond: 0 } })
    const market = { market: "usdm", symbol: "BTCUSDT" } as const
    const turns = 45
    // others sell through its bids for a while, then buy through its asks; in between its book loses its thread
    const act = (turn: number): void => {
      if (turn === turns) {
        simulator.control.inject({ kind: "slowRest", delayMs: 2_500, path: "/fapi/v1/depth", durationMs: 5_000 })
        simulator.control.inject({ kind: "drop", filter: { ...market, stream: "btcusdt@depth*" }, count: 1 })
      }
      simulator.control.trade(market.market, market.symbol, turn < turns ? "sell" : "buy", 2)
    }
    const ran = await meanwhile(300, act, strategy(simulator, "examples/market-making/tidewire.config.ts", "26s"))
    await simulator.stop()
    assert.strictEqual(ran.code, 0, said(ran))
    const all = lines(ran)
    const [fills, orders] = [of(all, "fill"), of(all, "order")]

    assert.deepStrictEqual([...new Set(orders.map((each) => `${each.kind} ${each.timeInForce}`))], ["limit postOnly"])
    assert.deepStrictEqual([...new Set(fills.map(({ liquidity }) => liquidity))], ["maker"], said(ran))
    assert.deepStrictEqual(new Set(fills.map(({ side }) => side)), new Set(["buy", "sell"]))

    const prices = [...Map.groupBy(orders, ({ clientOrderId }) => clientOrderId).values()]
    assert.isTrue(prices.some((told) => new Set(told.map(({ price }) => price)).size > 1))

    // the bound is reached on both sides, and never passed, were all that is open filled as well
    const held = heldAfter(fills).map(Number)
    assert.deepStrictEqual([Math.max(...held), Math.min(...held)], [0.006, -0.006], held.join(" "))
    const open = new Map<string, PrivateEvent.Order>()
    const filled = new Map<string, BigDecimal.BigDecimal>()
    let position = zero
    let isLive = false
    let losses = 0
    for (const line of all) {
      if (line.type === "bookState") {
        if (isLive && line.state !== "live") losses++
        isLive = line.state === "live"
        // what was open has been taken back before the book is live again
        if (isLive) assert.deepStrictEqual([...open.keys()], [])
      }
      if (line.type === "fill") {
        position = BigDecimal.sum(position, signed(line))
        filled.set(line.clientOrderId!, BigDecimal.sum(filled.get(line.clientOrderId!) ?? zero, exact(line.size)))
      }
      if (line.type !== "order") continue
      if (line.status === "sent") assert.isTrue(isLive, JSON.stringify(line))
      if (Order.isEnded(line.status)) open.delete(line.clientOrderId)
      else open.set(line.clientOrderId, line)
      for (const side of ["buy", "sell"] as const) {
        const rest = [...open.values()]
          .filter((each) => each.side === side)
          .map((each) => BigDecimal.subtract(exact(each.size), filled.get(each.clientOrderId) ?? zero))
        const worst = BigDecimal.sum(side === "buy" ? position : BigDecimal.negate(position), BigDecimal.sumAll(rest))
        assert.isTrue(BigDecimal.isLessThanOrEqualTo(worst, exact("0.006")), JSON.stringify(line))
      }
    }
    assert.strictEqual(losses, 1)
    assert.deepStrictEqual([...open.keys()], [])
  })

  it("moving average: an order at each crossing of the venue's bars and at no other time, flat at the end", async () => {
    const simulator = await Simulator.start({ seed: 7 })
    const at = { market: "spot", symbol: "BTCUSDT" } as const
    // nobody trades but this check: up for four seconds, down for four, and so on; each bar has a price
    simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0 }, at)
    const act = (turn: number): void => {
      simulator.control.trade(at.market, at.symbol, Math.floor(turn / 16) % 2 === 0 ? "buy" : "sell", 0.5)
    }
    const place = mkdtempSync(`${tmpdir()}/tidewire-strategies-`)
    symlinkSync(`${root}node_modules`, `${place}/node_modules`)
    // the example's own configuration, but for bars of a second, which Binance has on spot
    const [fast, slow, size] = [2, 5, "0.005"]
    const options = { venue: "binance", symbol: "BTCUSDT", interval: "1s", fast, slow, size }
    writeFileSync(
      `${place}/tidewire.config.ts`,
      `import own from ${JSON.stringify(`${root}examples/moving-average/tidewire.config.ts`)}
      const venues = own.venues.map((each) => ({ ...each, venue: "binance" }))
      const strategies = [{ module: ${JSON.stringify(`${root}examples/moving-average/moving-average.ts`)}, options: ${JSON.stringify(options)} }]
      // fees of spot purchases are paid in what is bought, so there must be some of it to sell all of it again
      const paper = { balances: { USDT: "10000", BTC: "1" } }
      const risk = { ...own.engine.risk, maxPosition: "none" }
      export default { ...own, venues, engine: { ...own.engine, strategies, paper, risk } }`
    )
    const ran = await meanwhile(250, act, strategy(simulator, `${place}/tidewire.config.ts`, "24s"))
    const kept = simulator.control.bars(at.market, at.symbol, "1s").map((bar) => [Number(bar["t"]), Number(bar["c"])])
    await simulator.stop()
    rmSync(place, { recursive: true })
    assert.strictEqual(ran.code, 0, said(ran))
    const all = lines(ran)

    // by the venue's own bars: which side each bar that was told should have been answered with
    const closes = kept.map(([, close]) => close!)
    const average = (end: number, count: number) =>
      closes.slice(end - count, end).reduce((sum, close) => sum + close, 0) / count
    const isAbove = (end: number) => average(end, fast) > average(end, slow)
    let wanted = false
    const expected = of(running(all), "bar").flatMap(({ isFinal, openTime }) => {
      if (!isFinal) return []
      const index = kept.findIndex(([time]) => time === openTime)
      if (isAbove(index + 1) === isAbove(index) || isAbove(index + 1) === wanted) return []
      wanted = isAbove(index + 1)
      return [wanted ? "buy" : "sell"]
    })
    const atEnd = wanted ? ["sell"] : []
    assert.isAbove(expected.length, 2, said(ran))
    const orders = ends(all)
    assert.deepStrictEqual(
      orders.map(({ side }) => side),
      [...expected, ...atEnd],
      said(ran)
    )
    assert.deepStrictEqual([...new Set(orders.map(({ kind, status }) => `${kind} ${status}`))], ["market filled"])
    const held = heldAfter(of(all, "fill")).map(Number)
    assert.deepStrictEqual([Math.min(...held), Math.max(...held), held.at(-1)], [0, 0.005, 0])
  })

  it("moving average: the configuration as it is starts on bars of a minute, whose history could be read", async () => {
    const simulator = await Simulator.start({ seed: 7 })
    const ran = await strategy(simulator, "examples/moving-average/tidewire.config.ts", "3s")
    await simulator.stop()
    assert.strictEqual(ran.code, 0, said(ran))
    assert.notInclude(ran.stderr, "BarsMissing")
    assert.isAbove(of(lines(ran), "bar").length, 0)
  })

  it("spread arbitrage: both legs at once and equal, a lonely rest closed, both flat at the end", async () => {
    const simulator = await Simulator.start({
      seed: 7,
      symbols: [
        { ...perpetual, market: "usdm", price: 60_600 },
        { ...perpetual, market: "bybit-linear", price: 60_000 }
      ]
    })
    const ran = await strategy(simulator, "examples/spread-arbitrage/tidewire.config.ts", "12s")
    await simulator.stop()
    assert.strictEqual(ran.code, 0, said(ran))
    const all = lines(ran)
    const fills = of(all, "fill")
    const orders = of(all, "order")

    // the cheap venue is bought on, the dear one sold on, at no worse than what was seen: the spread pays for all fees
    const firsts = orders.filter(({ status }) => status === "sent").slice(0, 2)
    assert.deepStrictEqual(
      firsts.map(({ side, size, timeInForce, venue }) => `${venue} ${side} ${size} ${timeInForce}`),
      ["bybit-linear buy 0.005 ioc", "binance-usdm sell 0.005 ioc"]
    )
    const [buyAt, sellAt] = firsts.map(({ price }) => Number(price))
    assert.isAbove((sellAt! - buyAt!) / buyAt!, 2 * (0.0005 + 0.00055))

    // whenever no order is open, the legs are equal, or the next thing that is sent makes them so
    const held = new Map([
      ["bybit-linear", zero],
      ["binance-usdm", zero]
    ])
    const open = new Set<string>()
    let paired = 0
    for (const line of all) {
      if (line.type === "fill") held.set(line.venue, BigDecimal.sum(held.get(line.venue)!, signed(line)))
      for (const leg of held.values()) {
        assert.isTrue(BigDecimal.isLessThanOrEqualTo(BigDecimal.abs(leg), exact("0.005")), JSON.stringify(line))
      }
      if (line.type !== "order") continue
      const excess = BigDecimal.sumAll(held.values())
      if (line.status === "sent" && open.size === 0 && !BigDecimal.isZero(excess)) {
        assert.deepStrictEqual([line.size, line.reduceOnly], [BigDecimal.format(BigDecimal.abs(excess)), true])
      }
      if (Order.isEnded(line.status)) open.delete(line.clientOrderId)
      else open.add(line.clientOrderId)
      if (open.size === 0 && BigDecimal.isZero(excess) && [...held.values()].every((leg) => !BigDecimal.isZero(leg))) {
        paired++
      }
    }
    assert.isAbove(paired, 0, said(ran))
    assert.deepStrictEqual([...open], [])
    assert.deepStrictEqual([...held.values()].map(BigDecimal.format), ["0", "0"])
    assert.deepStrictEqual([...new Set(fills.map(({ liquidity }) => liquidity))], ["taker"])
  })
})
