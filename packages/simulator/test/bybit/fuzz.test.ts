/** Whatever bytes arrive, every message has one answer, every request an envelope, and the simulator goes on. */
import { expect, it } from "vitest"
import { make } from "../../src/random.ts"
import { eventually, type Json, onStage } from "../support.ts"
import { open } from "./client.ts"

const scraps = [
  '"op"',
  ":",
  ",",
  "{",
  "}",
  "[",
  "]",
  '"subscribe"',
  '"unsubscribe"',
  '"ping"',
  '"args"',
  '"req_id"',
  "1",
  "1e999",
  "null",
  '"publicTrade.BTCUSDT"',
  '"orderbook..BTCUSDT"',
  '"kline.1."',
  "\u0000",
  "😀"
]

const whole = [
  '{"op":{"a":1}}',
  '{"op":"subscribe"}',
  '{"op":"subscribe","args":null}',
  '{"op":"subscribe","args":[1]}',
  '{"op":"subscribe","args":["","."," . . ","orderbook.0x32.BTCUSDT","orderbook.50.5.BTCUSDT","toString.BTCUSDT"]}',
  '{"op":"subscribe","args":["kline.constructor.BTCUSDT"]}',
  '{"op":"unsubscribe","args":["never.asked","for"]}',
  '{"__proto__":1,"op":"constructor"}',
  '{"op":"ping","req_id":{"a":1}}',
  "0",
  '""'
]

it.each(["spot", "linear", "inverse"] as const)("answers every message on %s exactly once", (category) =>
  onStage({}, async (stage) => {
    const random = make(`fuzz ${category}`)
    const client = await open(stage, category)
    const texts = Array.from({ length: 500 }, () =>
      Array.from({ length: 1 + random.int(9) }, () => scraps[random.int(scraps.length)]!).join("")
    )
    for (const text of [...whole, ...texts]) client.send(text)
    client.socket.send(new Uint8Array([0, 255, 1]))
    await client.request("ping")
    expect(client.received.length).toBe(whole.length + texts.length + 2)
    expect(client.received.every((one) => typeof (one as Json)["success"] === "boolean")).toBe(true)
  })
)

it("answers whatever is asked for over REST with the envelope", () =>
  onStage({}, async (stage) => {
    const random = make("fuzz rest")
    const pick = <A>(list: ReadonlyArray<A>): A => list[random.int(list.length)]!
    const paths = ["time", "kline", "recent-trade", "instruments-info", "tickers", "orderbook"]
    const names = ["category", "symbol", "interval", "limit", "start", "end", "cursor", "status", "baseCoin"]
    const values = [
      "linear",
      "spot",
      "option",
      "BTCUSDT",
      "1",
      "D",
      "0",
      "-1",
      "9".repeat(40),
      "",
      "%",
      "first=&last=",
      "%ZZ"
    ]
    for (let round = 0; round < 300; round++) {
      const query = Array.from({ length: random.int(5) }, () => `${pick(names)}=${encodeURIComponent(pick(values))}`)
      const { body, status } = await stage.get(`/v5/market/${pick(paths)}?${query.join("&")}`)
      expect([status, Object.keys(body as Json)]).toEqual([200, ["retCode", "retMsg", "result", "retExtInfo", "time"]])
    }
    const raw = await fetch(`${stage.simulator.url}/v5/market/instruments-info?category=linear&cursor=%E0%A4%A`)
    expect(raw.status).toBe(200)
    await eventually(() => stage.simulator.stats().rest["bybit-linear"].answered[200] !== undefined)
  }))
