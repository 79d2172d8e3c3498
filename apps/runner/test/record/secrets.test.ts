import { assert, describe, it } from "@effect/vitest"
import type { Socket } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import { configurationHeader } from "../../src/record/configurationHeader.ts"
import { Recorder } from "../../src/record/Recorder.ts"
import * as RecordingHttp from "../../src/record/RecordingHttp.ts"
import * as RecordingSocket from "../../src/record/RecordingSocket.ts"
import type { TapeWriter } from "../../src/record/TapeWriter.ts"

const SECRET = "s3cr3t"

/** All that would be written. */
const listening = () => {
  const told: Array<string> = []
  const tape: TapeWriter = {
    add: (_kind, _flags, _time, _connection, payload) =>
      void told.push(typeof payload === "string" ? payload : new TextDecoder().decode(payload)),
    counts: () => ({ entries: 0, rawBytes: 0, writtenBytes: 0, files: 0, lost: 0 }),
    ended: Effect.never
  }
  return { told, recorder: new Recorder(tape) }
}

const handlers: Socket.SocketHandlers = { onMessage: () => {}, onPing: () => {}, onPong: () => {}, onClose: () => {} }

/** Opens at once and says one thing. */
const driver: Socket.SocketDriver["Service"] = {
  canPause: true,
  open: (_url, { onMessage }) =>
    Effect.sync(() => {
      onMessage(`{"listenKey":"${SECRET}"}`, true, 1)
      return { send: () => {}, ping: () => true, pause: () => true, resume: () => {} }
    })
}

const opened = (recordAs: string | undefined, url: string) => {
  const { recorder, told } = listening()
  const options = recordAs === undefined ? { timeout: 1_000 } : { timeout: 1_000, recordAs }
  return RecordingSocket.over(driver, recorder, "v").open(url, handlers, options).pipe(Effect.scoped, Effect.as(told))
}

const asked = (request: HttpClientRequest.HttpClientRequest) => {
  const { recorder, told } = listening()
  const client = HttpClient.make((each) =>
    Effect.succeed(
      HttpClientResponse.fromWeb(each, new Response("{}", { headers: { "set-cookie": SECRET, "retry-after": "3" } }))
    )
  )
  return RecordingHttp.over(client, recorder, "v").execute(request).pipe(Effect.as(told))
}

describe("what is secret", () => {
  it.effect("a socket that does not say it may be recorded is not", () =>
    Effect.map(opened(undefined, `wss://v/${SECRET}`), (told) => assert.deepStrictEqual(told, []))
  )

  it.effect("user and password of an address are not recorded", () =>
    Effect.map(opened("BTCUSDT", `wss://me:${SECRET}@v/stream`), (told) =>
      assert.strictEqual(told[0], '{"venue":"v","connection":"BTCUSDT","url":"wss://v/stream"}')
    )
  )

  it.effect("requests that are signed, keyed, or no reads are not recorded, nor are cookies of those that are", () =>
    Effect.gen(function* () {
      const get = HttpClientRequest.get("https://v/api/orders")
      assert.deepStrictEqual(
        [
          yield* asked(HttpClientRequest.setUrlParam(get, "signature", SECRET)),
          yield* asked(HttpClientRequest.setUrlParam(get, "listenKey", SECRET)),
          yield* asked(HttpClientRequest.setHeader(get, "X-MBX-APIKEY", SECRET)),
          yield* asked(HttpClientRequest.setHeader(get, "Authorization", SECRET)),
          yield* asked(HttpClientRequest.post("https://v/api/userDataStream")),
          yield* asked(HttpClientRequest.get(`https://me:${SECRET}@v/api`))
        ],
        [[], [], [], [], [], []]
      )
      const [told] = yield* asked(HttpClientRequest.setUrlParam(get, "symbol", "BTCUSDT"))
      assert.deepStrictEqual(JSON.parse(told!), {
        venue: "v",
        method: "GET",
        url: "https://v/api/orders?symbol=BTCUSDT",
        status: 200,
        headers: { "retry-after": "3", "content-type": "text/plain;charset=UTF-8" },
        body: "{}"
      })
    })
  )

  it("a configuration is kept without credentials, proxies, users of addresses and the journal", () => {
    const entry = {
      adapter: "a",
      venue: "v",
      endpoints: { rest: { env: "URL" } },
      options: { apiKey: SECRET, depth: 5 },
      proxy: `http://me:${SECRET}@proxy`,
      workers: 2,
      subscriptions: []
    }
    const written = { venues: [entry], engine: { mode: "live", journal: "j" }, http: { token: SECRET } }
    const setup = {
      origin: { entry, path: [], folders: [], environment: {} },
      settings: { endpoints: { rest: `https://me:${SECRET}@v/` } },
      adapter: { secrets: ["apiKey"] }
    }
    const kept = configurationHeader(written, [setup as unknown as Parameters<typeof configurationHeader>[1][0]], true)
    assert.deepStrictEqual(kept, {
      venues: [
        { adapter: "a", venue: "v", endpoints: { rest: "https://v/" }, options: { depth: 5 }, subscriptions: [] }
      ],
      engine: { mode: "live" }
    })
  })
})
