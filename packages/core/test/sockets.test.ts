/** Both drivers against a real server on loopback. */
import { Agent, createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Frame, GlobalSocket, Socket, WsSocket } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import { type WebSocket, WebSocketServer } from "ws"

interface Server {
  readonly url: string
  /** The server's end of the first connection, once it is there. */
  readonly client: Promise<WebSocket>
  /** What the clients sent, and with which codes they closed. */
  readonly heard: Array<string>
}

const isBun = "Bun" in globalThis

const serve = Effect.acquireRelease(
  Effect.promise(async () => {
    const http = createServer((_, response) => response.writeHead(404).end())
    const sockets = new WebSocketServer({ noServer: true })
    const heard: Array<string> = []
    let connected: (socket: WebSocket) => void
    const client = new Promise<WebSocket>((resolve) => {
      connected = resolve
    })
    const open = new Set<{ destroy: () => unknown }>()
    http.on("upgrade", (request, socket, head) => {
      open.add(socket)
      if (request.url === "/refused") return void socket.end("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\n\r\n")
      if (request.url === "/never") return
      sockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.on("message", (data) => heard.push((data as Buffer).toString()))
        webSocket.on("close", (code) => heard.push(`closed ${code}`))
        connected(webSocket)
      })
    })
    await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve))
    const server: Server = { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`, client, heard }
    return { server, http, open }
  }),
  ({ http, open }) =>
    Effect.promise(async () => {
      for (const each of open) each.destroy()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    })
).pipe(Effect.map(({ server }) => server))

/** Opens a socket and keeps what it tells. */
const connect = (url: string, timeout = 2_000) =>
  Effect.gen(function* () {
    const told: Array<unknown> = []
    let wake = (): void => {}
    const tell = (what: unknown): void => {
      told.push(what)
      wake()
    }
    const driver = yield* Socket.SocketDriver
    const socket = yield* driver.open(
      url,
      {
        onMessage: (frame, isText, receivedTime) => {
          assert.isBelow(Math.abs(Date.now() - receivedTime), 1_000)
          tell(isText ? Frame.text(frame) : [...Frame.bytes(frame)])
        },
        onPing: () => tell("ping"),
        onPong: () => tell("pong"),
        onClose: (code, reason) => tell(`closed ${code} ${reason}`)
      },
      { timeout }
    )
    const until = (count: number) =>
      Effect.promise(async () => {
        while (told.length < count) await new Promise<void>((resolve) => (wake = resolve))
      })
    return { socket, told, until }
  })

/** Waits until the server has heard so much; it hears soon after, as both run in this process. */
const untilHeard = (server: Server, count: number) =>
  Effect.promise(async () => {
    while (server.heard.length < count) await new Promise((resolve) => setImmediate(resolve))
  })

for (const [name, layer, tellsStatus] of [
  ["WsSocket", WsSocket.layer, !isBun],
  ["GlobalSocket", GlobalSocket.layer, false]
] as const) {
  describe(name, () => {
    const live = (
      title: string,
      test: Effect.Effect<void, unknown, Socket.SocketDriver | import("effect/Scope").Scope>
    ) => it.live(title, () => Effect.scoped(test).pipe(Effect.provide(layer)))

    live(
      "carries text both ways and bytes as bytes, in order",
      Effect.gen(function* () {
        const server = yield* serve
        const { socket, told, until } = yield* connect(server.url)
        const client = yield* Effect.promise(() => server.client)
        socket.send("hello")
        client.send("one")
        client.send(new Uint8Array([1, 2, 3]))
        client.send("币")
        yield* until(3)
        yield* untilHeard(server, 1)
        assert.deepStrictEqual([told, server.heard], [["one", [1, 2, 3], "币"], ["hello"]])
      })
    )

    live(
      "tells the venue's close once, with its code and reason",
      Effect.gen(function* () {
        const server = yield* serve
        const { told, until } = yield* connect(server.url)
        const client = yield* Effect.promise(() => server.client)
        client.close(1008, "Too many requests")
        yield* until(1)
        assert.deepStrictEqual(told, ["closed 1008 Too many requests"])
      })
    )

    live(
      "S-A6 closes with 1000 when its scope does, and tells nothing further",
      Effect.gen(function* () {
        const server = yield* serve
        const { told } = yield* Effect.scoped(connect(server.url))
        yield* untilHeard(server, 1)
        assert.deepStrictEqual([server.heard, told], [["closed 1000"], []])
      })
    )

    live(
      "S-B4 fails with a typed reason when it is refused, or nobody answers in time",
      Effect.gen(function* () {
        const server = yield* serve
        const refused = yield* Effect.flip(connect(`${server.url}/refused`))
        const late = yield* Effect.flip(connect(`${server.url}/never`, 100))
        const nobody = yield* Effect.flip(connect("ws://127.0.0.1:1"))
        const wrong = yield* Effect.flip(connect("nonsense"))
        assert.deepStrictEqual(
          [refused._tag, refused.status, refused.retryAfterMs, late.message, nobody._tag, wrong._tag],
          [
            "ConnectionFailed",
            tellsStatus ? 429 : undefined,
            tellsStatus ? 7_000 : undefined,
            "no connection within 100ms",
            "ConnectionFailed",
            "ConnectionFailed"
          ]
        )
      })
    )
  })
}

describe("WsSocket", () => {
  it.live("S-A3 stops reading, and loses nothing by it", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const server = yield* serve
        const { socket, told, until } = yield* connect(server.url)
        const client = yield* Effect.promise(() => server.client)
        client.send("before")
        yield* until(1)
        assert.isTrue(socket.pause())
        for (let index = 0; index < 100; index++) client.send(`${index}`)
        // long enough for a socket that reads to have read it all
        yield* Effect.sleep("100 millis")
        const whilePaused = told.length
        socket.resume()
        yield* until(101)
        assert.deepStrictEqual([whilePaused < 101, told.length, told.at(-1)], [true, 101, "99"])
      })
    ).pipe(Effect.provide(WsSocket.layer))
  )

  it.live("S-A6 says of a socket whose goodbye is not answered that it was cut", () =>
    Effect.gen(function* () {
      const said: Array<unknown> = []
      const logger = Logger.make(({ fiber, message }) => {
        said.push(message, fiber.getRef(References.CurrentLogAnnotations)["url"])
      })
      const server = yield* serve
      yield* Effect.gen(function* () {
        yield* connect(`${server.url}/stream?key=hush`)
        const client = yield* Effect.promise(() => server.client)
        client.pause()
      }).pipe(Effect.scoped, Effect.provide(Logger.layer([logger])))
      assert.deepStrictEqual(said, [
        ["a socket was cut: no answer to its goodbye within 1s"],
        `${server.url}/stream?key=…`
      ])
    }).pipe(Effect.scoped, Effect.provide(WsSocket.layer))
  )

  it.live.skipIf(isBun)("its connections are made by the agent that it is given", () =>
    Effect.gen(function* () {
      const server = yield* serve
      const made: Array<number> = []
      class Counting extends Agent {
        override createConnection(...args: Parameters<Agent["createConnection"]>) {
          made.push(Number(args[0].port))
          return super.createConnection(...args)
        }
      }
      const { told, until } = yield* connect(server.url).pipe(
        Effect.provide(WsSocket.layerWith({ agent: new Counting() }))
      )
      const client = yield* Effect.promise(() => server.client)
      client.send("hello")
      yield* until(1)
      assert.deepStrictEqual([told, made], [["hello"], [Number(new URL(server.url).port)]])
    }).pipe(Effect.scoped)
  )
})
