/**
 * Money and queues, by chance: many orders of several users in a busy market, and what must hold of all of them whatever
 * happens.
 */
import { describe, expect, it } from "vitest"
import { Account } from "../../src/account/Account.ts"
import { Floor } from "../../src/account/Floor.ts"
import { add, isNegative, isZero, minus, type Money, of, text, zero } from "../../src/account/money.ts"
import { Position } from "../../src/account/Position.ts"
import { Refusal } from "../../src/account/Refusal.ts"
import { isOver, left, type OrderRequest, type UserOrder } from "../../src/account/UserOrder.ts"
import { type MarketKind, namedMarket } from "../../src/index.ts"
import { Market } from "../../src/market/market.ts"
import { make as makeRandom, type Random } from "../../src/random.ts"
import { resolve } from "../../src/SimulatorOptions.ts"

const START = Date.UTC(2026, 10, 21, 12)

const marketOf = (kind: MarketKind, symbol: string): Market => {
  const { firstUpdateId, seed, ...options } = resolve({ rates: { tradesPerSecond: 20, ordersPerSecond: 50 } }).venue
  return new Market(namedMarket(kind, symbol), {
    ...options,
    seed: `${seed}`,
    bornAt: START,
    historyMinutes: 1,
    firstUpdateId: firstUpdateId[kind]
  })
}

const accountOf = (name: string, uid: number): Account =>
  new Account(
    {
      key: name,
      secret: "s",
      balances: {
        spot: { BTC: "50", USDT: "3000000" },
        usdm: { USDT: "3000000" },
        bybit: { BTC: "500", USDT: "3000000" }
      }
    },
    uid
  )

const drawn = (random: Random, market: Market, isSpot: boolean): OrderRequest => {
  const [bid, ask] = market.best()
  const direction = random.chance(0.5) ? "buy" : "sell"
  const near = direction === "buy" ? ask![0] : bid![0]
  const isMarket = random.chance(0.2)
  const trigger = random.chance(0.1)
    ? {
        price: near + (direction === "buy" ? 1 : -1) * (5 + random.int(20)),
        when: direction === "buy" ? ("rises" as const) : ("falls" as const),
        by: "last" as const
      }
    : undefined
  return {
    clientId: "",
    direction,
    leg: "net",
    lifetime: isMarket ? "ioc" : (["gtc", "gtc", "gtc", "ioc", "fok", "postOnly"] as const)[random.int(6)]!,
    price: isMarket ? undefined : near + random.int(30) - 15,
    size: 1 + random.int(400),
    reduceOnly: !isSpot && random.chance(0.2),
    trigger,
    words: {}
  }
}

/** Carries out so many actions by chance, and looks after each. */
const played = (
  kind: MarketKind,
  symbol: string,
  seed: number,
  look: (market: Market, accounts: ReadonlyArray<Account>) => void
) => {
  const random = makeRandom(`ledger/${seed}`)
  const market = marketOf(kind, symbol)
  const accounts = [accountOf("a", 1), accountOf("b", 2)]
  const floor = new Floor(() => accounts, 1)
  const isSpot = kind === "spot" || kind === "bybit-spot"
  for (let i = 0; i < 400; i++) {
    const account = accounts[random.int(2)]!
    const open = account.openOrders()
    try {
      if (random.chance(0.25)) market.advance(market.time + random.int(2_000))
      else if (open.length > 0 && random.chance(0.15)) floor.cancel(open[random.int(open.length)]!)
      else if (open.length > 0 && random.chance(0.2)) {
        const order = open[random.int(open.length)]!
        floor.amend(order, {
          size: order.filled + 1 + random.int(300),
          ...(order.price === undefined ? {} : { price: order.price + random.int(9) - 4 })
        })
      } else floor.place(account, market, drawn(random, market, isSpot))
    } catch (cause) {
      if (!(cause instanceof Refusal)) throw cause
    }
    look(market, accounts)
  }
  return { market, accounts }
}

const ordersOf = (accounts: ReadonlyArray<Account>): Array<UserOrder> =>
  accounts.flatMap((account) => [...account.orders.values()])

const sum = (amounts: ReadonlyArray<Money>): Money => add(zero, ...amounts)

const seeds = Array.from({ length: 5 }, (_, i) => i)

describe.each([
  ["spot", "BTCUSDT"],
  ["usdm", "BTCUSDT"],
  ["bybit-linear", "ETHUSDT"],
  ["bybit-inverse", "BTCUSD"]
] as const)("on %s", (kind, symbol) => {
  it.each(seeds)("books and orders agree after every action (seed %i)", (seed) => {
    const wrong: Array<string> = []
    let actions = 0
    const must = (isSo: boolean, what: string) => {
      if (!isSo) wrong.push(`${actions}: ${what}`)
    }
    played(kind, symbol, seed, (market, accounts) => {
      actions++
      const orders = ordersOf(accounts)
      const resting = orders.filter((order) => order.resting !== undefined)
      for (const order of resting) {
        const { price, size } = order.resting!
        must(order.status === "open" && size === left(order) && price === order.price, `order ${order.id} in the book`)
      }
      for (const order of orders) {
        const filled = order.fills.reduce((total, { size }) => total + size, 0)
        must(filled === order.filled && filled <= order.size, `fills of order ${order.id}`)
        must(!isOver(order) || order.resting === undefined, `order ${order.id} has ended and rests`)
      }
      const levels = [...market.book.bids.levels.values(), ...market.book.asks.levels.values()]
      for (const level of levels)
        must(level.orders.reduce((total, { size }) => total + size, 0) === level.total, "a level's total")
      const owned = levels.reduce(
        (count, { orders: there }) => count + there.filter(({ owner }) => owner !== undefined).length,
        0
      )
      must(owned === resting.length, "users' orders in the book")
      const [bid, ask] = market.best()
      must(bid![0] < ask![0], "crossed")
    })
    expect(wrong).toEqual([])
    expect(actions).toBe(400)
  })

  it.each(seeds)("every fill is a public trade, and no size is traded twice (seed %i)", (seed) => {
    const { accounts, market } = played(kind, symbol, seed, () => {})
    const trades = new Map(market.tape.trades.slice(0, market.tape.trades.length).map((trade) => [trade.id, trade]))
    const fills = ordersOf(accounts).flatMap((order) => order.fills.map((fill) => ({ fill, order })))
    expect(fills.length).toBeGreaterThan(20)
    const seen = new Set<string>()
    for (const { fill, order } of fills) {
      const trade = trades.get(fill.tradeId)!
      expect([fill.price, fill.size, fill.time]).toEqual([trade.price, trade.size, trade.time])
      expect(trade.buyerIsMaker).toBe((order.direction === "buy") === fill.isMaker)
      const role = `${fill.tradeId}/${fill.isMaker ? "maker" : "taker"}`
      expect(seen.has(role)).toBe(false)
      seen.add(role)
    }
  })
})

it.each(seeds)("on spot nothing is made or lost but fees, and what is locked is what orders hold (seed %i)", (seed) => {
  const { accounts } = played("spot", "BTCUSDT", seed, (market, all) => {
    for (const account of all) {
      for (const asset of ["BTC", "USDT"]) {
        const { free, locked } = account.wallets.spot.balance(asset)
        const held = account
          .openOrders()
          .flatMap((order) => (order.locked?.asset === asset ? [order.locked.amount] : []))
        expect(text(locked)).toBe(text(sum(held)))
        expect(isNegative(free), `${asset} ${text(free)} at ${market.time}`).toBe(false)
      }
    }
  })
  for (const account of accounts) {
    const fills = [...account.orders.values()].flatMap((order) => order.fills.map((fill) => ({ fill, order })))
    const signed = (amount: Money, isPlus: boolean) => (isPlus ? amount : minus(zero, amount))
    const usdt = fills.map(({ fill, order }) =>
      minus(signed(fill.worth, order.direction === "sell"), fill.feeAsset === "USDT" ? fill.fee : zero)
    )
    expect(text(account.wallets.spot.balance("USDT").total)).toBe(text(add(of("3000000"), ...usdt)))
  }
})

it.each(seeds)(
  "on contracts the wallet moves by what was realised less fees, and a flat row of fills realises its cash exactly (seed %i)",
  (seed) => {
    const { accounts, market } = played("usdm", "BTCUSDT", seed, () => {})
    for (const account of accounts) {
      const fills = [...account.orders.values()].flatMap((order) => order.fills.map((fill) => ({ fill, order })))
      const position = account.position(market, "net")
      const moved = fills.map(({ fill }) => minus(fill.realised, fill.fee))
      expect(text(account.wallets.usdm.balance("USDT").total)).toBe(text(add(of("3000000"), ...moved)))
      const net = fills.reduce(
        (total, { fill, order }) => total + (order.direction === "buy" ? fill.size : -fill.size),
        0
      )
      expect(position.size).toBe(net)
      // Cash that went out and is not what the open part cost has been realised.
      const cash = fills.map(({ fill, order }) => (order.direction === "sell" ? fill.worth : minus(zero, fill.worth)))
      expect(text(add(position.cost, ...cash))).toBe(text(position.realised))
    }
  }
)

it("a position's profit is the same however it is closed", () => {
  const market = marketOf("bybit-inverse", "BTCUSD")
  const worth = (size: number, price: number) => Position.worth(market, size, price)
  const whole = new Position(market, "net")
  whole.apply(100, worth(100, 120_000), 0)
  const { realised } = whole.apply(-100, worth(100, 121_000), 0)
  const parts = new Position(market, "net")
  parts.apply(100, worth(100, 120_000), 0)
  for (const size of [37, 21, 42]) parts.apply(-size, worth(size, 121_000), 0)
  expect(parts.size).toBe(0)
  expect(isZero(parts.cost)).toBe(true)
  const apart = Math.abs(Number(text(minus(realised, parts.realised))))
  // Each of the three quotients may be cut by one unit of the twenty-fourth digit.
  expect(apart).toBeLessThanOrEqual(4e-24)
  expect(Number(text(realised))).toBeCloseTo(100 / 60_000 - 100 / 60_500, 12)
})

it("a market where nobody trades is the same with users next door", () => {
  const trades = (isBusy: boolean) => {
    const market = marketOf("spot", "BTCUSDT")
    if (isBusy) played("spot", "ETHUSDT", 1, () => {})
    market.advance(START + 20_000)
    return market.tape.trades.slice(0, 1_000)
  }
  expect(trades(true)).toEqual(trades(false))
})
