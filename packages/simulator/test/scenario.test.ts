/** Scenarios as text and as data: what can be written, what is wrong with what cannot, and that the two are one. */
import { describe, expect, it } from "vitest"
import { type Fault, Scenario } from "../src/index.ts"
import { faultTable, filterTable, type Parameter, scopeTable } from "../src/faults/faultTable.ts"
import { isImmediate } from "../src/faults/Fault.ts"
import { make, type Random } from "../src/random.ts"

const kinds = Object.keys(faultTable) as ReadonlyArray<Fault["kind"]>

/** Drawn only when they are asked for: a scenario of market data has no orders. */
const ofOrders = ["rejectOrder", "unknownOutcome", "lostAck", "earlyEvents", "doubleFill", "lateReports"]
const ofMarkets = kinds.filter((kind) => !ofOrders.includes(kind))

it("reads times, faults with their filters, and the other steps", () => {
  const steps = Scenario.parse(`
    # a comment
    at 3s kill BTCUSDT
    at 5s silence connections of ETHUSDT for 10s
    every 2s drop btcusdt@depth@100ms on spot   # and another
    at 8s rest 429 path=/api/v3/depth retryAfterS=2 times 3
    every 500ms from 1.5s malformed truncated keep !miniTicker@arr after 2
    at 1m slowRest 250ms
    at 1m shutdownNotice 4s shape=api connection=7
    at 1m rest status=500 msg="say \\"no\\" # not a comment" 币安人生USDT
    at 10s rates BTCUSDT tradesPerSecond=200 ordersPerSecond=0.5
    at 12s list usdm NEWUSDT
    at 13s delist usdm NEWUSDT gone
    at 14s trade spot BTCUSDT buy 0.25
    at 15s liquidate BTCUSDT sell 1e-3
    at 0s clear
  `)
  const fault = (atMs: number, value: Fault, everyMs?: number) => ({
    atMs,
    ...(everyMs === undefined ? {} : { everyMs }),
    action: { type: "fault", fault: value }
  })
  expect(steps).toEqual([
    fault(3_000, { kind: "kill", filter: { symbol: "BTCUSDT" } }),
    fault(5_000, { kind: "silence", durationMs: 10_000, filter: { symbol: "ETHUSDT" } }),
    fault(2_000, { kind: "drop", filter: { stream: "btcusdt@depth@100ms", market: "spot" } }, 2_000),
    fault(8_000, { kind: "rest", status: 429, path: "/api/v3/depth", retryAfterS: 2, count: 3 }),
    fault(
      1_500,
      { kind: "malformed", form: "truncated", keep: true, after: 2, filter: { stream: "!miniTicker@arr" } },
      500
    ),
    fault(60_000, { kind: "slowRest", delayMs: 250 }),
    fault(60_000, { kind: "shutdownNotice", closeAfterMs: 4_000, shape: "api", filter: { connection: 7 } }),
    fault(60_000, {
      kind: "rest",
      status: 500,
      msg: 'say "no" # not a comment',
      filter: { symbol: "币安人生USDT" }
    }),
    {
      atMs: 10_000,
      action: { type: "rates", symbol: "BTCUSDT", rates: { tradesPerSecond: 200, ordersPerSecond: 0.5 } }
    },
    { atMs: 12_000, action: { type: "list", market: "usdm", symbol: "NEWUSDT" } },
    { atMs: 13_000, action: { type: "delist", market: "usdm", symbol: "NEWUSDT", gone: true } },
    { atMs: 14_000, action: { type: "trade", market: "spot", symbol: "BTCUSDT", side: "buy", size: 0.25 } },
    { atMs: 15_000, action: { type: "liquidate", symbol: "BTCUSDT", side: "sell", size: 0.001 } },
    { atMs: 0, action: { type: "clear" } }
  ])
})

describe("what cannot be read is told with its line, what stood there, and what was expected", () => {
  it.each([
    ["soon kill", '"soon"', "one of at, every"],
    ["at kill", '"kill"', "a time such as 500ms"],
    ["at 3 kill", '"3"', "a time such as 500ms"],
    ["at 25h kill", '"25h"', "up to 24h"],
    ["at 0.5ms kill", '"0.5ms"', "a time such as"],
    ["every 0s kill", '"0"', "a time above 0"],
    ["at 3s", "the end of the line", "one of refuse, slowHandshake"],
    ["at 3s explode", '"explode"', "one of refuse, slowHandshake"],
    ["at 3s toString", '"toString"', "one of refuse, slowHandshake"],
    ["at 3s kill btcusdt", '"btcusdt"', "a SYMBOL, a stream"],
    ["at 3s kill BTCUSDT ETHUSDT", '"ETHUSDT"', "symbol only once"],
    ["at 3s kill colour=red", '"colour=red"', "market="],
    ["at 3s drop times many", '"many"', "an integer from 1"],
    ["at 3s drop for 10", '"10"', "a time such as"],
    ["at 3s drop on moon", '"moon"', "one of spot, usdm, bybit-spot, bybit-linear, bybit-inverse for market"],
    ["at 3s drop on", "the end of the line", "spot or usdm"],
    ["at 3s rest", "the end of the line", "status=, an integer from 200 to 599"],
    ["at 3s rest 199", '"199"', "an integer from 200 to 599 for status"],
    ["at 3s slowRest delayMs=2days", '"2days"', "or a time, for delayMs"],
    ["at 3s malformed odd", '"odd"', "a SYMBOL, a stream, form="],
    ["at 3s silence newConnections=maybe", '"maybe"', "true or false"],
    ['at 3s rest 500 msg="oh', 'msg="oh', "a closing quote"],
    ["at 3s rates BTCUSDT", "the end of the line", "one of tradesPerSecond="],
    ["at 3s rates tradesPerSecond=-1", '"-1"', "a number of at least 0"],
    ["at 3s list moon X", '"moon"', "one of spot, usdm"],
    ["at 3s list spot x", '"x"', "a SYMBOL in upper case"],
    ["at 3s trade spot BTCUSDT up 1", '"up"', "one of buy, sell"],
    ["at 3s clear all", '"all"', "the end of the line"]
  ])("%s", (line, given, expected) => {
    let error: unknown
    try {
      Scenario.parse(`# first\n\n${line}\nat 1s kill`)
    } catch (cause) {
      error = cause
    }
    expect(error).toBeInstanceOf(Scenario.ScenarioError)
    expect(error).toMatchObject({ line: 3, given, expected: expect.stringContaining(expected) })
    expect((error as Error).message).toMatch(/^line 3: expected .*, not /)
  })
})

const words = [
  "BTCUSDT",
  "1000PEPEUSDT",
  "btcusdt@depth*",
  "!ticker@arr",
  "a b",
  'quo"te',
  "#hash",
  "",
  "7",
  "3s",
  "a=b"
]

const valueOf = (random: Random, parameter: Parameter): unknown => {
  if (parameter.type === "boolean") return random.chance(0.5)
  if (parameter.type === "text") {
    const options = parameter.oneOf ?? words
    return options[random.int(options.length)]
  }
  const { max, min } = parameter
  return min + random.int(Math.min(max - min, 2 ** random.int(31)) + 1)
}

const some = (random: Random, table: Readonly<Record<string, Parameter>>) =>
  Object.fromEntries(
    Object.entries(table).flatMap(([name, parameter]) =>
      parameter.required === true || random.chance(0.4) ? [[name, valueOf(random, parameter)]] : []
    )
  )

/** Any step that the types allow and the parsers accept. */
const anyStep = (random: Random): Scenario.Step => {
  const atMs = random.int(90_000)
  const everyMs = 1 + random.int(5_000)
  const market = random.chance(0.5) ? "spot" : "usdm"
  const side = random.chance(0.5) ? "buy" : "sell"
  const size = random.chance(0.2) ? 1e-7 * (1 + random.int(9)) : random.int(1_000) / 8
  const symbol = random.chance(0.5) ? "BTCUSDT" : "币安人生USDT"
  const kind = kinds[random.int(kinds.length)]!
  const filter = some(random, filterTable)
  const fault = {
    kind,
    ...some(random, faultTable[kind].parameters),
    ...some(random, scopeTable),
    ...(Object.keys(filter).length === 0 ? {} : { filter })
  } as Fault
  const others: ReadonlyArray<Scenario.Action> = [
    { type: "rates", rates: { tradesPerSecond: size, liquidationsPerSecond: 0 }, market },
    { type: "rates", rates: { ordersPerSecond: size }, symbol },
    { type: "list", market, symbol },
    { type: "delist", market, symbol },
    { type: "delist", market, symbol, gone: true },
    { type: "trade", market, symbol, side, size },
    { type: "liquidate", symbol, side, size },
    { type: "clear" }
  ]
  const action: Scenario.Action = random.chance(0.7) ? { type: "fault", fault } : others[random.int(others.length)]!
  return { atMs, ...(random.chance(0.3) ? { everyMs } : {}), action }
}

it("reads back what it writes: every kind of fault, every parameter, every step", () => {
  const random = make("round trip")
  const steps = Array.from({ length: 5_000 }, () => anyStep(random))
  const used = new Set(steps.flatMap(({ action }) => (action.type === "fault" ? [action.fault.kind] : [])))
  expect(used.size).toBe(kinds.length)
  const text = Scenario.format(steps)
  expect(Scenario.parse(text)).toEqual(steps)
  expect(Scenario.format(Scenario.parse(text))).toBe(text)
})

it("never throws anything but its own error, whatever the text", () => {
  const random = make("scenario fuzz")
  const scraps = [
    "at",
    "every",
    "3s",
    "from",
    "on",
    "times",
    "for",
    "after",
    "kill",
    "rest",
    "=",
    '"',
    "#",
    "\\",
    "429"
  ]
  const all = [...scraps, ...kinds, ...words, "__proto__=1", "constructor", "msg=", "\t", "😀"]
  for (let i = 0; i < 5_000; i++) {
    const line = Array.from({ length: 1 + random.int(7) }, () => all[random.int(all.length)]).join(" ")
    try {
      Scenario.parse(random.chance(0.7) ? `at 1s ${line}` : line)
    } catch (cause) {
      expect(cause, line).toBeInstanceOf(Scenario.ScenarioError)
    }
  }
})

describe("a random scenario", () => {
  const symbols = { spot: ["BTCUSDT", "ETHUSDT"], usdm: ["BTCUSDT"], "bybit-linear": ["BTCUSDT"] }

  it.each([5_000, 60_000, 1_800_000])(
    "of %i ms has every kind, in order, and is over when the calm begins",
    (durationMs) => {
      for (let seed = 1; seed <= 20; seed++) {
        const steps = Scenario.random({ seed, durationMs, symbols })
        const calmAt = durationMs * 0.75
        expect(steps.at(-1)).toEqual({ atMs: calmAt, action: { type: "clear" } })
        const faults = steps.flatMap(({ action, atMs }) =>
          action.type === "fault" ? [{ atMs, fault: action.fault }] : []
        )
        expect(faults.length).toBe(steps.length - 1)
        expect(faults.map(({ fault }) => fault)).toContainEqual({ kind: "kill" })
        expect(new Set(faults.map(({ fault }) => fault.kind))).toEqual(new Set(ofMarkets))
        expect(steps.map(({ atMs }) => atMs)).toEqual(steps.map(({ atMs }) => atMs).toSorted((a, b) => a - b))
        for (const { atMs, fault } of faults) {
          if (!isImmediate(fault)) expect(fault.durationMs).toBeGreaterThan(0)
          const late = Math.max(
            ...["delayMs", "holdMs", "afterMs", "closeAfterMs"].map((name) => Number((fault as never)[name] ?? 0))
          )
          expect(atMs + (fault.durationMs ?? 0) + late).toBeLessThan(calmAt)
        }
        expect(Scenario.parse(Scenario.format(steps))).toEqual(steps)
      }
    }
  )

  it("of Binance's markets alone has nothing that only Bybit does", () => {
    const steps = Scenario.random({ seed: 3, durationMs: 60_000, symbols: { spot: ["BTCUSDT"], usdm: ["BTCUSDT"] } })
    const drawn = steps.flatMap(({ action }) => (action.type === "fault" ? [action.fault.kind] : []))
    expect(new Set(drawn)).toEqual(
      new Set(ofMarkets.filter((kind) => !["restart", "snapshotFirst", "deltaFirst"].includes(kind)))
    )
  })

  it("is the same for the same seed, another for another, and has the kinds that were asked for", () => {
    const options = { durationMs: 30_000, symbols }
    const one = Scenario.random({ seed: 7, ...options })
    expect(Scenario.random({ seed: 7, ...options })).toEqual(one)
    expect(Scenario.random({ seed: 8, ...options })).not.toEqual(one)
    const few = Scenario.random({ seed: 7, ...options, kinds: ["kill", "drop"], symbols: { spot: [], usdm: [] } })
    const used = few.flatMap(({ action }) => (action.type === "fault" ? [action.fault.kind] : []))
    expect(new Set(used)).toEqual(new Set(["kill", "drop"]))
    expect(used.length).toBe(16)
  })
})
