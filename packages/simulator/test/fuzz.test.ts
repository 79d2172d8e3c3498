/** Whatever bytes arrive, every message has one answer, every request a status, and the simulator goes on. */
import { expect, it } from "vitest"
import { make } from "../src/random.ts"
import { eventually, onStage } from "./support.ts"

const scraps = [
  '"method"',
  ":",
  ",",
  "{",
  "}",
  "[",
  "]",
  '"SUBSCRIBE"',
  '"UNSUBSCRIBE"',
  '"SET_PROPERTY"',
  '"params"',
  '"id"',
  "1",
  "-1",
  "1e999",
  "null",
  "true",
  '"combined"',
  '"btcusdt@"',
  '"@"',
  '"!"',
  "\u0000",
  "😀",
  "\n"
]

const whole = [
  '{"method":{"a":1},"id":1}',
  '{"method":null,"id":1}',
  '{"method":"SUBSCRIBE","params":["_perpetual@continuousKline_1m","x_perpetual@continuousKline_","@trade","!"],"id":1}',
  '{"method":"SUBSCRIBE","params":{},"id":1}',
  '{"method":"SUBSCRIBE","id":1}',
  '{"method":"SET_PROPERTY","params":null,"id":1}',
  '{"method":"GET_PROPERTY","params":[],"id":1}',
  '{"__proto__":1,"method":"constructor","id":1}',
  "0",
  "null",
  '""'
]

it.each(["/ws", "/market/ws"])("answers every message on %s exactly once", (path) => {
  const rules = { inboundPerSecond: 1e9 }
  return onStage({ socketRules: { spot: rules, usdm: rules } }, async ({ ws }) => {
    const random = make(`fuzz ${path}`)
    const client = await ws(path)
    const texts = Array.from({ length: 500 }, () =>
      Array.from({ length: 1 + random.int(9) }, () => scraps[random.int(scraps.length)]!).join("")
    )
    for (const text of [...whole, ...texts]) client.send(text)
    client.socket.send(new Uint8Array([0, 255, 1]))
    await eventually(() => client.received.length >= whole.length + texts.length + 1)
    await client.ask({ method: "LIST_SUBSCRIPTIONS", id: 77 })
    expect(client.received.length).toBe(whole.length + texts.length + 2)
  })
})

it("answers every request with 200, 400 or 404", () =>
  onStage({ restRules: { spot: { weightPerMinute: 1e9 }, usdm: { weightPerMinute: 1e9 } } }, async ({ get }) => {
    const paths = [
      "/api/v3/depth",
      "/api/v3/klines",
      "/api/v3/aggTrades",
      "/api/v3/ticker/24hr",
      "/api/v3/exchangeInfo"
    ]
    const futures = [
      "/fapi/v1/depth",
      "/fapi/v1/klines",
      "/fapi/v1/trades",
      "/fapi/v1/historicalTrades",
      "/fapi/v1/premiumIndex"
    ]
    const odd = [
      "/",
      "//",
      "/control/x",
      "/constructor",
      "/api/v3/__proto__",
      "/usdm",
      "/spot/api/v3/ping",
      "/api.binance.com/api/v3/ping"
    ]
    const values = [
      "",
      "0",
      "-1",
      "1e9",
      "99999999999999999999",
      "BTCUSDT",
      "%E0%A4%A",
      "[]",
      '["BTCUSDT"]',
      "[1]",
      "null",
      "1m",
      "__proto__"
    ]
    const names = ["symbol", "symbols", "limit", "interval", "startTime", "endTime", "fromId", "constructor"]
    const random = make("fuzz rest")
    const statuses = new Set<number>()
    for (const path of [...odd, ...paths, ...futures].flatMap((one) => Array.from({ length: 15 }, () => one))) {
      const pair = () => `${names[random.int(names.length)]}=${values[random.int(values.length)]}`
      const query = ["symbol=BTCUSDT", pair(), pair()].slice(random.int(3)).join("&")
      statuses.add((await get(`${path}?${query}`)).status)
    }
    expect(statuses).toEqual(new Set([200, 400, 404]))
  }))
