import { Amount, type Order } from "@tidewire/core"
import { Limits, OrderCheck, Refusal, Risk } from "@tidewire/engine"
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { perpetual, spot } from "./opened.ts"
import { request } from "./orders.ts"
import { type Random, seeded } from "./random.ts"
import { ScriptedAccount } from "./scriptedAccount.ts"

const { capabilities } = new ScriptedAccount()

const amount = (value: number) => Amount.read(String(value))!
const whole = { ...perpetual, tickSize: "1", lotSize: "1" }
const wholeSpot = { ...spot, tickSize: "1", lotSize: "1" }

/** A situation in whole numbers, which the model can count with. */
interface Case {
  readonly isSpot: boolean
  readonly isBuy: boolean
  readonly isMarket: boolean
  readonly reduceOnly: boolean
  readonly size: number
  readonly price: number
  readonly best: readonly [number, number] | undefined
  readonly position: number
  readonly openOnSide: number
  readonly openOrders: number
  readonly pnl: number | undefined
  readonly free: number | undefined
  readonly second: number
  readonly minute: number
}

const limits: Limits.Limits = {
  ...Limits.defaults,
  maxNotional: "3000",
  maxPosition: "5000",
  maxOpenOrders: 5,
  maxOrdersPerSecond: 5,
  maxOrdersPerMinute: 20,
  priceBand: "0.1",
  maxDailyLoss: "100"
}

const randomCase = (random: Random): Case => {
  const isSpot = random.chance(0.3)
  const isMarket = random.chance(0.2)
  return {
    isSpot,
    isMarket,
    isBuy: random.chance(0.5),
    reduceOnly: !isSpot && random.chance(0.3),
    size: 1 + random.below(40),
    price: 80 + random.below(40),
    best: random.chance(0.1) ? undefined : [100, 101],
    position: random.below(60) - (isSpot ? 0 : 30),
    openOnSide: random.below(20),
    openOrders: random.below(7),
    pnl: random.chance(0.1) ? undefined : 100 - random.below(230),
    free: random.chance(0.05) ? undefined : random.below(isSpot ? 4_000 : 40),
    second: random.below(7),
    minute: random.below(24)
  }
}

/** All limits that are passed, by plain counting. */
const passedLimits = (each: Case): ReadonlySet<Refusal.RiskLimit["limit"]> => {
  const passed = new Set<Refusal.RiskLimit["limit"]>()
  const when = (limit: Refusal.RiskLimit["limit"], isPassed: boolean) => isPassed && passed.add(limit)
  const { best, isBuy, isMarket, openOnSide, position, price, size } = each
  const own = isMarket ? undefined : price
  const cost = isBuy ? (own ?? best?.[1]) : own === undefined ? best?.[0] : Math.max(own, best?.[0] ?? 0)
  const value = cost === undefined ? undefined : Math.max(cost, best?.[1] ?? 0)
  when("orderRate", each.second >= 5 || each.minute >= 20)
  when("priceBand", best === undefined || (own !== undefined && (isBuy ? own * 10 > 1_111 : own < 90)))
  const against = isBuy ? -position : position
  const shrinks = each.reduceOnly && against > 0 && openOnSide + size <= against
  if (!shrinks) {
    when("openOrders", each.openOrders >= 5)
    when("dailyLoss", each.pnl !== undefined && each.pnl <= -100)
    when("notional", cost === undefined || cost * size > 3_000)
    const after = (isBuy ? position : -position) + openOnSide + size
    when("position", after > 0 && (value === undefined || after * value > 5_000))
  }
  const needed = isBuy ? (cost === undefined ? Number.POSITIVE_INFINITY : cost * size) : size
  when("balance", each.isSpot && (each.free === undefined || needed > each.free))
  return passed
}

const check = (each: Case, given: Limits.Limits = limits) => {
  const instrument = each.isSpot ? wholeSpot : whole
  const asked: Partial<Order.Request> = {
    side: each.isBuy ? "buy" : "sell",
    kind: each.isMarket ? "market" : "limit",
    size: String(each.size),
    ...(each.reduceOnly ? { reduceOnly: true } : {})
  }
  const { clientOrderId: _, price: __, ...unpriced } = request(asked)
  const order = OrderCheck.check(
    each.isMarket ? unpriced : { ...unpriced, price: String(each.price) },
    instrument,
    capabilities
  )
  if (order instanceof Refusal.InvalidOrder) assert.fail(order.message)
  return Risk.check(given, order, {
    instrument,
    best: each.best === undefined ? undefined : { bid: amount(each.best[0]), ask: amount(each.best[1]) },
    position: amount(each.position),
    openOnSide: amount(each.openOnSide),
    openOrders: each.openOrders,
    dailyPnl: each.pnl === undefined ? undefined : amount(each.pnl),
    free: each.free === undefined ? undefined : amount(each.free),
    rate: { second: each.second, minute: each.minute }
  })
}

const harmless: Case = {
  isSpot: false,
  isBuy: true,
  isMarket: false,
  reduceOnly: false,
  size: 1,
  price: 100,
  best: [100, 101],
  position: 0,
  openOnSide: 0,
  openOrders: 0,
  pnl: 0,
  free: 0,
  second: 0,
  minute: 0
}

describe("Risk", () => {
  it("refuses exactly what passes a limit, as plain counting says, 20 000 times", () => {
    const random = seeded(5)
    const named = new Set<string>()
    let allowed = 0
    for (let run = 0; run < 20_000; run++) {
      const each = randomCase(random)
      const [refusal, passed] = [check(each), passedLimits(each)]
      if (refusal === undefined) allowed++
      else named.add(refusal.limit)
      const isRight = refusal === undefined ? passed.size === 0 : passed.has(refusal.limit)
      assert.isTrue(isRight, `${JSON.stringify(each)}: ${refusal?.message} against ${[...passed].join(", ")}`)
    }
    assert.isAbove(allowed, 500)
    assert.deepStrictEqual([...named].toSorted(), [
      "balance",
      "dailyLoss",
      "notional",
      "openOrders",
      "orderRate",
      "position",
      "priceBand"
    ])
  })

  it.each([
    ["10 orders in the last second, 10 allowed.", { second: 10 }],
    ["200 orders in the last minute, 200 allowed.", { minute: 200 }],
    ["100 orders are open, 100 allowed.", { openOrders: 100 }],
    ["The order is worth 1100 USDT, 1000 allowed.", { size: 11 }],
    ["The position may become 51, 5151 USDT, 5000 allowed.", { position: 50 }],
    ["The position may become -52, 5252 USDT, 5000 allowed.", { isBuy: false, position: -1, openOnSide: 50 }],
    ["107 is above 106.05, 0.05 from the best price.", { price: 107 }],
    ["94 is below 95, 0.05 from the best price.", { isBuy: false, price: 94 }],
    ["The book of BTCUSDT is not live.", { best: undefined }],
    ["The book of BTCUSDT is not live.", { best: undefined, isMarket: true }],
    ["500 lost today, 500 allowed.", { pnl: -500 }],
    ["100 USDT are needed, 99 are free.", { isSpot: true, free: 99 }],
    ["1 BTC are needed, 0 are free.", { isSpot: true, isBuy: false, position: 5 }],
    ["passes", {}],
    ["passes", { pnl: undefined }],
    ["passes", { reduceOnly: true, isBuy: false, position: 90, size: 60, pnl: -900, openOrders: 200 }]
  ] satisfies ReadonlyArray<readonly [string, Partial<Case>]>)("by default: %s", (expected, change) => {
    assert.strictEqual(check({ ...harmless, ...change }, Limits.defaults)?.message ?? "passes", expected)
  })

  it("knows what may be traded by pattern, and other limits for some", () => {
    const given = Schema.decodeSync(Limits.Limits)({
      instruments: ["paper:BTC*", "other:*"],
      overrides: [
        { match: "*:btcusdt", maxNotional: "50" },
        { match: "*", maxNotional: "none" }
      ]
    })
    const message = (change: Partial<Case>, limit: Limits.Limits) => check({ ...harmless, ...change }, limit)?.message
    assert.deepStrictEqual(
      [
        message({}, given),
        message({ isSpot: true, free: 5_000, size: 20 }, given),
        message({}, { ...given, instruments: ["other:*", "paper:BTC"] })
      ],
      [
        "The order is worth 100 USDT, 50 allowed.",
        undefined,
        "paper:BTCUSDT is not among the instruments that may be traded."
      ]
    )
  })

  it("measures a stop with a price against where it is triggered", () => {
    const given = { ...request({ kind: "stop", price: "130", triggerPrice: "120", size: "1" }) }
    const order = OrderCheck.check(given, whole, capabilities)
    if (order instanceof Refusal.InvalidOrder) assert.fail(order.message)
    const situation = {
      ...harmless,
      rate: { second: 0, minute: 0 },
      instrument: whole,
      dailyPnl: undefined,
      free: undefined
    }
    const best = { bid: amount(100), ask: amount(101) }
    const stands = { ...situation, best, position: amount(0), openOnSide: amount(0) }
    assert.strictEqual(
      Risk.check(Limits.defaults, order, stands)?.message,
      "130 is above 126, 0.05 from the best price."
    )
  })

  it.each([[{ maxNotional: "-5" }], [{ maxNotional: 5 }], [{ maxOpenOrders: 0 }], [{ priceBand: "5%" }]])(
    "takes no limits like %j",
    (given) => {
      assert.throws(() => Schema.decodeUnknownSync(Limits.Limits)(given))
    }
  )
})
