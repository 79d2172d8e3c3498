import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { makeVenue } from "../src/venue.ts"
import { stub } from "./support/http.ts"
import * as recordings from "./support/recordings.ts"

/** The instruments of a venue whose `exchangeInfo` has this body. */
const read = (venue: string, body: unknown) => {
  const http = stub(() => ({ body }))
  return makeVenue({ venue, name: venue, environment: "mainnet", endpoints: { rest: "http://here/" } }).pipe(
    Effect.flatMap((made) => made.instruments),
    Effect.map((instruments) => ({ asked: http.asked, instruments })),
    Effect.provide(http.layer)
  )
}

const filters = (tickSize: string, stepSize: string, ...others: ReadonlyArray<object>) => [
  { filterType: "PRICE_FILTER", minPrice: "0.01", maxPrice: "1000000", tickSize },
  { filterType: "LOT_SIZE", minQty: stepSize, maxQty: "9000", stepSize },
  { filterType: "A_FILTER_OF_TOMORROW", tickSize: "7" },
  ...others
]

const row = (change: object) => ({
  symbol: "BTCUSDT",
  status: "TRADING",
  baseAsset: "BTC",
  quoteAsset: "USDT",
  filters: filters("0.01000000", "0.00001000", { filterType: "NOTIONAL", minNotional: "5.00000000" }),
  ...change
})

const contract = (change: object) => ({
  ...row({ filters: filters("0.10", "0.001", { filterType: "MIN_NOTIONAL", notional: "100" }) }),
  marginAsset: "USDT",
  contractType: "PERPETUAL",
  deliveryDate: 4133404800000,
  ...change
})

describe("instruments", () => {
  it.effect("spot, with the digits of the venue without trailing zeros", () =>
    Effect.gen(function* () {
      const { asked, instruments } = yield* read("binance", { symbols: [row({})], timezone: "UTC" })
      expect({ asked, instruments }).toEqual({
        asked: ["GET http://here/api/v3/exchangeInfo"],
        instruments: [
          {
            venue: "binance",
            symbol: "BTCUSDT",
            unified: "BTC/USDT",
            base: "BTC",
            quote: "USDT",
            kind: "spot",
            tickSize: "0.01",
            lotSize: "0.00001",
            minNotional: "5",
            orderRules: { minPrice: "0.01", maxPrice: "1000000", minSize: "0.00001", maxSize: "9000" },
            contractSize: "1",
            sizeUnit: "base",
            status: "trading"
          }
        ]
      })
    })
  )

  it.effect("perpetual and dated contracts, and one before its listing", () =>
    Effect.gen(function* () {
      const dated = { symbol: "BTCUSDT_261225", contractType: "CURRENT_QUARTER", deliveryDate: 1798185600000 }
      const coming = { symbol: "NEWUSDC", baseAsset: "NEW", quoteAsset: "USDC", marginAsset: "USDC", contractType: "" }
      const { asked, instruments } = yield* read("binance-usdm", {
        symbols: [contract({}), contract(dated), contract({ ...coming, status: "PENDING_TRADING" })]
      })
      const grid = { tickSize: "0.1", lotSize: "0.001" }
      // futures count from their least price and size
      const least = { minPrice: "0.01", priceOrigin: "0.01", minSize: "0.001", sizeOrigin: "0.001" }
      const orderRules = { ...least, maxPrice: "1000000", maxSize: "9000" }
      const shared = { venue: "binance-usdm", contractSize: "1", sizeUnit: "base", ...grid, orderRules }
      const btc = { base: "BTC", quote: "USDT", settle: "USDT", minNotional: "100", status: "trading" }
      expect({ asked, instruments }).toEqual({
        asked: ["GET http://here/fapi/v1/exchangeInfo"],
        instruments: [
          { ...shared, ...btc, symbol: "BTCUSDT", unified: "BTC/USDT:USDT", kind: "perpetual" },
          { ...shared, ...btc, symbol: "BTCUSDT_261225", unified: "BTC/USDT:USDT-261225", kind: "future" },
          {
            ...shared,
            ...btc,
            symbol: "NEWUSDC",
            base: "NEW",
            quote: "USDC",
            settle: "USDC",
            unified: "NEW/USDC:USDC",
            kind: "perpetual",
            status: "preparing"
          }
        ]
      })
    })
  )

  it.effect("every status has a meaning, an unknown one is not trading", () =>
    Effect.gen(function* () {
      const statuses = [
        "TRADING",
        "HALT",
        "BREAK",
        "PRE_TRADING",
        "SETTLING",
        "PRE_DELIVERING",
        "CLOSE",
        "DELIVERED",
        "NEW"
      ]
      const { instruments } = yield* read("binance-usdm", { symbols: statuses.map((status) => contract({ status })) })
      expect(instruments.map(({ status }) => status)).toEqual([
        "trading",
        "halted",
        "halted",
        "preparing",
        "settling",
        "settling",
        "closed",
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
        row({ symbol: "" }),
        row({ filters: [] }),
        row({ filters: filters("x", "1") }),
        row({ status: 5 })
      ]
      const { instruments } = yield* read("binance", { symbols: [...bad, row({ symbol: "GOODUSDT" })] })
      expect(instruments.map(({ symbol }) => symbol)).toEqual(["GOODUSDT"])
    })
  )

  it.effect.skipIf(recordings.missing(recordings.spotInstruments))("all of a recorded spot list", () =>
    Effect.gen(function* () {
      const { instruments } = yield* read("binance", recordings.text(recordings.spotInstruments))
      const trading = instruments.filter(({ status }) => status === "trading").length
      expect({ all: instruments.length, trading, first: instruments[0] }).toEqual({
        all: 1695,
        trading: 1262,
        first: {
          venue: "binance",
          symbol: "ETHBTC",
          unified: "ETH/BTC",
          base: "ETH",
          quote: "BTC",
          kind: "spot",
          tickSize: "0.000001",
          lotSize: "0.0001",
          minNotional: "0.0001",
          orderRules: {
            minPrice: "0.000001",
            maxPrice: "922327",
            minSize: "0.0001",
            maxSize: "100000",
            market: { maxSize: "873.90727776" },
            maxOpenOrders: 200
          },
          contractSize: "1",
          sizeUnit: "base",
          status: "trading"
        }
      })
    })
  )

  it.effect.skipIf(recordings.missing(recordings.usdmInstruments))("all of a recorded futures list", () =>
    Effect.gen(function* () {
      const { instruments } = yield* read("binance-usdm", recordings.text(recordings.usdmInstruments))
      expect({
        all: instruments.length,
        trading: instruments.filter(({ status }) => status === "trading").length,
        dated: instruments.filter(({ kind }) => kind === "future").map(({ unified }) => unified),
        busd: instruments.filter(({ settle }) => settle === "BUSD").map(({ unified }) => unified),
        distinct: new Set(instruments.map(({ unified }) => unified)).size,
        first: instruments[0]
      }).toEqual({
        all: 122,
        trading: 121,
        dated: ["BTC/USDT:USDT-210924", "ETH/USDT:USDT-210924"],
        busd: ["BTC/BUSD:BUSD", "ETH/BUSD:BUSD"],
        distinct: 122,
        first: {
          venue: "binance-usdm",
          symbol: "BTCUSDT",
          unified: "BTC/USDT:USDT",
          base: "BTC",
          quote: "USDT",
          settle: "USDT",
          kind: "perpetual",
          tickSize: "0.01",
          lotSize: "0.001",
          minNotional: "5",
          orderRules: {
            minPrice: "556.72",
            maxPrice: "1000000",
            priceOrigin: "556.72",
            minSize: "0.001",
            maxSize: "1000",
            sizeOrigin: "0.001",
            market: { lotSize: "0.001", minSize: "0.001", maxSize: "1000" },
            maxOpenOrders: 200
          },
          contractSize: "1",
          sizeUnit: "base",
          status: "trading"
        }
      })
    })
  )
})
