import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { result } from "./support/http.ts"
import { make } from "./support/made.ts"

const spot = (change: object = {}) => ({
  symbol: "BTCUSDT",
  baseCoin: "BTC",
  quoteCoin: "USDT",
  status: "Trading",
  lotSizeFilter: { basePrecision: "0.000001", quotePrecision: "0.00000001", minOrderQty: "0.000048", minOrderAmt: "5" },
  priceFilter: { tickSize: "0.10" },
  ...change
})

const contract = (change: object = {}) => ({
  symbol: "BTCUSDT",
  contractType: "LinearPerpetual",
  status: "Trading",
  baseCoin: "BTC",
  quoteCoin: "USDT",
  settleCoin: "USDT",
  launchTime: "1584230400000",
  deliveryTime: "0",
  priceFilter: { minPrice: "0.10", maxPrice: "1999999.80", tickSize: "0.10" },
  lotSizeFilter: { minOrderQty: "0.001", qtyStep: "0.001", minNotionalValue: "5" },
  ...change
})

/** The rules of orders that these rows have. */
const orderRules = { minPrice: "0.1", maxPrice: "1999999.8", minSize: "0.001", maxOpenOrders: 500 }

/** The instruments of a venue whose list has these rows. */
const read = (venue: string, ...rows: ReadonlyArray<unknown>) =>
  Effect.flatMap(
    make(venue, () => result({ list: rows, nextPageCursor: "" })),
    ({ asked, instruments }) => Effect.map(instruments, (found) => ({ asked: asked(), instruments: found }))
  )

const settled = (symbol: string, contractType: string, quoteCoin: string, settleCoin: string, deliveryTime = "0") =>
  contract({ symbol, contractType, quoteCoin, settleCoin, deliveryTime })

describe("instruments", () => {
  it.effect("of spot, whose lot is the base's precision and whose least value is its least amount", () =>
    Effect.gen(function* () {
      expect(yield* read("bybit", spot())).toEqual({
        asked: ["instruments-info?category=spot&limit=1000"],
        instruments: [
          {
            venue: "mine",
            symbol: "BTCUSDT",
            unified: "BTC/USDT",
            base: "BTC",
            quote: "USDT",
            kind: "spot",
            tickSize: "0.1",
            lotSize: "0.000001",
            minNotional: "5",
            contractSize: "1",
            sizeUnit: "base",
            status: "trading"
          }
        ]
      })
    })
  )

  it.effect("of linear, which settle in USDT or USDC, some on a day", () =>
    Effect.gen(function* () {
      const delivery = String(Date.UTC(2026, 11, 25, 8))
      const { instruments } = yield* read(
        "bybit-linear",
        contract(),
        settled("BTCPERP", "LinearPerpetual", "USDC", "USDC"),
        settled("BTCUSDT-25DEC26", "LinearFutures", "USDT", "USDT", delivery)
      )
      const shared = {
        venue: "mine",
        base: "BTC",
        tickSize: "0.1",
        lotSize: "0.001",
        minNotional: "5",
        orderRules,
        contractSize: "1",
        sizeUnit: "base",
        status: "trading"
      }
      const usdt = { ...shared, quote: "USDT", settle: "USDT" }
      expect(instruments).toEqual([
        { ...usdt, symbol: "BTCUSDT", unified: "BTC/USDT:USDT", kind: "perpetual" },
        { ...shared, quote: "USDC", settle: "USDC", symbol: "BTCPERP", unified: "BTC/USDC:USDC", kind: "perpetual" },
        { ...usdt, symbol: "BTCUSDT-25DEC26", unified: "BTC/USDT:USDT-261225", kind: "future" }
      ])
    })
  )

  it.effect("of inverse, whose sizes are amounts of the quote asset", () =>
    Effect.gen(function* () {
      const delivery = String(Date.UTC(2026, 11, 25, 8))
      const { asked, instruments } = yield* read("bybit-inverse", settled("BTCUSD", "InversePerpetual", "USD", "BTC"), {
        ...settled("BTCUSDZ26", "InverseFutures", "USD", "BTC", delivery),
        lotSizeFilter: { qtyStep: "1" }
      })
      expect({
        asked,
        instruments: instruments.map(({ kind, minNotional, sizeUnit, unified }) => ({
          kind,
          minNotional,
          sizeUnit,
          unified
        }))
      }).toEqual({
        asked: ["instruments-info?category=inverse&limit=1000"],
        instruments: [
          { kind: "perpetual", minNotional: "5", sizeUnit: "quote", unified: "BTC/USD:BTC" },
          { kind: "future", minNotional: undefined, sizeUnit: "quote", unified: "BTC/USD:BTC-261225" }
        ]
      })
    })
  )

  it.effect("every status has a meaning, an unknown one is not trading", () =>
    Effect.gen(function* () {
      const statuses = ["PreLaunch", "Trading", "Settling", "Delivering", "Closed", "New"]
      const { instruments } = yield* read("bybit", ...statuses.map((status) => spot({ status })))
      expect(instruments.map(({ status }) => status)).toEqual([
        "preparing",
        "trading",
        "settling",
        "settling",
        "closed",
        "halted"
      ])
    })
  )

  it.effect("one that cannot be read costs none of the others", () =>
    Effect.gen(function* () {
      const bad = [
        null,
        {},
        contract({ symbol: "" }),
        contract({ settleCoin: undefined }),
        contract({ contractType: "Spread" }),
        contract({ contractType: "LinearFutures" }),
        contract({ lotSizeFilter: { qtyStep: "" } }),
        contract({ priceFilter: { tickSize: "x" } })
      ]
      const { instruments } = yield* read("bybit-linear", ...bad, contract({ symbol: "GOODUSDT" }))
      expect(instruments.map(({ symbol }) => symbol)).toEqual(["GOODUSDT"])
    })
  )

  it.effect("are read page by page until the venue names no next one, or none at all", () =>
    Effect.gen(function* () {
      const pages = ["a", "b&c", ""]
      const linear = yield* make("bybit-linear", (url) => {
        const page = url.searchParams.get("cursor") === null ? 0 : pages.indexOf(url.searchParams.get("cursor")!) + 1
        return result({ list: [contract({ symbol: `P${page}` })], nextPageCursor: pages[page] })
      })
      const spots = yield* make("bybit", () => result({ list: [spot()] }))
      const found = [yield* linear.instruments, yield* spots.instruments].flat()
      expect({ symbols: found.map(({ symbol }) => symbol), asked: [...linear.asked(), ...spots.asked()] }).toEqual({
        symbols: ["P0", "P1", "P2", "BTCUSDT"],
        asked: [
          "instruments-info?category=linear&limit=1000",
          "instruments-info?category=linear&limit=1000&cursor=a",
          "instruments-info?category=linear&limit=1000&cursor=b%26c",
          "instruments-info?category=spot&limit=1000"
        ]
      })
    })
  )

  it.effect("a page that is named again ends the read", () =>
    Effect.gen(function* () {
      const { asked, instruments } = yield* make("bybit-linear", () =>
        result({ list: [contract()], nextPageCursor: "again" })
      )
      expect([(yield* instruments).length, asked().length]).toEqual([2, 2])
    })
  )
})
