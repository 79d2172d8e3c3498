/** Control frames: what the schemas describe is what the venue is sent, and what the decoder understands. */
import { describe, expect, it } from "@effect/vitest"
import { Schema } from "effect"
import * as limits from "../src/limits.ts"
import * as requests from "../src/requests.ts"
import * as wire from "../src/wire.ts"
import { outcomes } from "./support/outcomes.ts"
import * as recordings from "./support/recordings.ts"

const answer = (success: boolean, name: unknown, text = "", op = "subscribe") => ({
  success,
  ret_msg: text,
  conn_id: "c0ffee-01",
  ...(name !== undefined && { req_id: name }),
  op
})

const told = (frame: object) => outcomes("bybit-linear", frame)

describe("S-B2 requests", () => {
  it("are the venue's frames, and tell in their id how many topics they have", () => {
    const topics = ["orderbook.50.BTCUSDT", "publicTrade.BTCUSDT"]
    const frames = [requests.make("subscribe")(topics, 7), requests.make("unsubscribe")(["tickers.BTCUSDT"], 8)]
    expect(frames.map((frame) => Schema.decodeUnknownSync(wire.Request)(JSON.parse(frame)))).toEqual([
      { req_id: "7/2", op: "subscribe", args: topics },
      { req_id: "8/1", op: "unsubscribe", args: ["tickers.BTCUSDT"] }
    ])
  })

  it("a ping is ours to send, every 20 s", () => {
    const { heartbeat } = limits
    const frame = heartbeat._tag === "ClientPings" ? JSON.parse(heartbeat.frame(3)) : undefined
    expect([heartbeat, Schema.is(wire.Ping)(frame), frame]).toMatchObject([
      { _tag: "ClientPings", every: "20 seconds", deadAfter: "45 seconds" },
      true,
      { req_id: "ping-3", op: "ping" }
    ])
  })
})

describe("answers", () => {
  it("acknowledge the request whose id they repeat", () => {
    const frames = [answer(true, "7/2"), answer(true, "7/2", "subscribe"), answer(true, "8/1", "", "unsubscribe")]
    expect([frames.every(Schema.is(wire.Answer)), told(answer(true, "12")), ...frames.map(told)]).toEqual([
      true,
      [{ acknowledged: 12 }],
      [{ acknowledged: 7 }],
      [{ acknowledged: 7 }],
      [{ acknowledged: 8 }]
    ])
  })

  it("to nothing of ours are ignored", () => {
    const foreign = ["s1", "0/1", "-7", "7/0", "7/2/1", "1".repeat(20), 7, null]
    const ignored = foreign.map(() => ["ignored"])
    expect(foreign.map((name) => told(answer(true, name)))).toEqual(ignored)
    expect(foreign.map((name) => told(answer(false, name, "error:invalid op")))).toEqual(ignored)
  })

  it("refuse for good what will never be right, else for now", () => {
    const refusals: ReadonlyArray<readonly [string, boolean]> = [
      ["error:handler not found,topic:publicTrade.NOPE", true],
      ["Invalid symbol :[publicTrade.NOPE]", true],
      ["args size >10", true],
      ["error:invalid op", true],
      ["failed auth", false],
      ["", false]
    ]
    expect(refusals.map(([text]) => told(answer(false, "7/2", text)))).toEqual(
      refusals.map(([text, permanent]) => [
        { rejected: 7, permanent, message: text === "" ? "refused without a message" : text }
      ])
    )
  })

  it("without an id are about something that we cannot name", () => {
    const acknowledged = ["subscribe", "unsubscribe"].map((op) =>
      told({ success: true, ret_msg: "", conn_id: "c", op })
    )
    expect(acknowledged).toEqual([[{ acknowledged: undefined }], ["ignored"]])
    expect([told(answer(false, undefined, "error:invalid op")), told(answer(false, "", "x", ""))]).toEqual([
      [{ rejected: undefined, permanent: true, message: "error:invalid op" }],
      [{ rejected: undefined, permanent: false, message: "x" }]
    ])
  })

  it("a topic that is subscribed already is as good as acknowledged when the request had no other", () => {
    const text = "error:already subscribed,topic:publicTrade.BTCUSDT"
    expect([
      told(answer(false, "7/1", text)),
      told(answer(false, "7/2", text)),
      told(answer(false, "7", text))
    ]).toEqual([
      [{ acknowledged: 7 }],
      [{ rejected: 7, permanent: false, message: text }],
      [{ rejected: 7, permanent: false, message: text }]
    ])
  })

  it("to a ping are ignored in every shape", () => {
    const shapes = [
      { success: true, ret_msg: "pong", conn_id: "c0ffee-01", req_id: "ping-1", op: "ping" },
      { args: ["1790000000123"], op: "pong" },
      { req_id: "ping-1", op: "pong", args: ["1790000000123"], conn_id: "c0ffee-01" },
      { retCode: 0, retMsg: "OK", op: "pong", data: ["1790000000123"], connId: "c0ffee-01" }
    ]
    expect(shapes.map(told)).toEqual(shapes.map(() => ["ignored"]))
  })

  it("of other kinds are unknown by name", () => {
    const option = { success: true, conn_id: "c", data: { failTopics: [], successTopics: [] }, type: "COMMAND_RESP" }
    expect([told(option), told({ retCode: 0, op: "auth" }), told({ success: true, op: "auth" }), told({})]).toEqual([
      [{ unknown: "frame without a topic" }],
      [{ unknown: "auth" }],
      [{ unknown: "auth" }],
      [{ unknown: "frame without a topic" }]
    ])
  })

  it.skipIf(recordings.isMissing(recordings.controls))(
    "as recorded: answers without an id are answers to something that we cannot name",
    () => {
      expect(recordings.lines(recordings.controls).map((line) => outcomes("bybit", line))).toEqual([
        [{ unknown: "auth" }],
        [{ acknowledged: undefined }],
        [{ acknowledged: 1 }],
        ["ignored"],
        [{ unknown: "auth" }],
        [{ unknown: "auth" }],
        [{ acknowledged: undefined }],
        [{ acknowledged: undefined }],
        [{ acknowledged: undefined }],
        [{ rejected: 1, permanent: false, message: "failed auth" }]
      ])
    }
  )
})
