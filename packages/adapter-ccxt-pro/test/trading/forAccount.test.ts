/** An exchange object of an account keeps what was answered, leaves no rejection to nobody, and buys no cost for a size. */
import ccxt from "ccxt"
import { describe, expect, it } from "vitest"
import type { Client, Exchange } from "../../src/Exchange.ts"
import { forAccount } from "../../src/trading/forAccount.ts"
import { orderReason } from "../../src/trading/outcome.ts"
import { original } from "../../src/settings.ts"

const plain = (message: string): string => message

type Make = new (settings: object) => Exchange

const made = (id: string): Exchange => forAccount(new (ccxt.pro as unknown as Readonly<Record<string, Make>>)[id]!({}))

/** What is made of an answer of this status. */
const reasonOf = (id: string, url: string, status: number, response: object, unknown?: ReadonlySet<number>) => {
  try {
    made(id).handleErrors?.(status, "", url, "POST", {}, JSON.stringify(response), response, {}, "")
  } catch (error) {
    const reason = orderReason(error, "a-1", plain, unknown)
    return reason._tag === "OrderRejected" ? `${reason._tag} ${reason.code}` : reason._tag
  }
  return "nothing"
}

const USDM = "https://fapi.binance.com/fapi/v1/order"
const BYBIT = "https://api.bybit.com/v5/order/create"

describe("an answer of an exchange to an order", () => {
  it("is a rejection with the exchange's number, or unknown by it, and HTTP's too many requests are always that", () => {
    expect([
      reasonOf("binanceusdm", USDM, 400, { code: -2019, msg: "Margin is insufficient." }),
      reasonOf("binanceusdm", USDM, 400, { code: -4116, msg: "ClientOrderId is duplicated." }, new Set([-4116])),
      reasonOf("binanceusdm", USDM, 503, { code: -1000, msg: "Unknown error" }),
      reasonOf("bybit", BYBIT, 200, { retCode: 110_007, retMsg: "ab not enough" }),
      reasonOf("bybit", BYBIT, 429, { retCode: 77, retMsg: "slow down" }),
      reasonOf("bybit", BYBIT, 200, { retCode: 77, retMsg: "odd" })
    ]).toEqual([
      "OrderRejected -2019",
      "OutcomeUnknown",
      "OutcomeUnknown",
      "OrderRejected 110007",
      "RateLimited",
      "OutcomeUnknown"
    ])
  })

  it("is read by the exchange's own URL, wherever the request went", () => {
    const rest = "http://127.0.0.1:9/"
    expect([
      original("http://127.0.0.1:9/fapi.binance.com/fapi/v1/order", { rest }),
      original(USDM, { rest }),
      original(USDM, {})
    ]).toEqual([USDM, USDM, USDM])
  })
})

describe("an exchange object of an account", () => {
  it("refuses a market order that would be taken for a cost", () => {
    const ids = ["bybit", "kucoin", "gate", "okx", "mexc"]
    const isSized = (id: string) => {
      const exchange = made(id) as Exchange & {
        readonly handleOptionAndParams: (params: object, method: string, option: string) => readonly [unknown, object]
      }
      return exchange.handleOptionAndParams({}, "createOrder", "createMarketBuyOrderRequiresPrice")[0]
    }
    expect(ids.map(isSized)).toEqual(ids.map(() => true))
  })

  it("leaves no rejection without a handler, and whoever waits hears of it", async () => {
    const unhandled: Array<unknown> = []
    const listen = (error: unknown) => unhandled.push(error)
    process.on("unhandledRejection", listen)
    const gone = new Error("gone")
    const client = {
      url: "wss://x",
      send: () => Promise.reject(gone),
      future: () => Promise.reject(gone)
    } as unknown as Client
    const exchange = forAccount({ client: () => client } as unknown as Exchange)
    const same = exchange.client?.("wss://x")
    expect(exchange.client?.("wss://x")).toBe(same)
    void same?.send("order")
    void same?.future?.("authenticated")
    await new Promise((resolve) => setTimeout(resolve, 10))
    process.off("unhandledRejection", listen)
    expect(unhandled).toEqual([])
    await expect(same?.future?.("authenticated")).rejects.toBe(gone)
  })
})
