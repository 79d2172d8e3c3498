/** The driver against `ws` alone, on real sockets whose other end writes bytes of its own. */
import { createServer as createHttp, type RequestListener } from "node:http"
import { Agent as SecureAgent, createServer as createHttps } from "node:https"
import type { AddressInfo } from "node:net"
import { type Duplex, PassThrough } from "node:stream"
import { setImmediate } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import { Frame, Socket, WsSocket } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { WebSocket, WebSocketServer } from "ws"
import * as SocketTap from "../src/SocketTap.ts"
import * as certificate from "./certificate.ts"
import { close, endings, frame, joined, ping, text } from "./wireFrames.ts"

const isBun = "Bun" in globalThis

/** Largest that the driver takes. */
const MAX_PAYLOAD = 32 * 1024 * 1024

interface Server {
  readonly url: string
  /** What the clients answered. */
  readonly heard: Array<string>
}

/** Writes to whoever connects, and may end the connection in its own way. */
const serve = (write: (socket: Duplex) => void, isSecure = false) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const answer: RequestListener = (_, response) => response.writeHead(404).end()
      const http = isSecure ? createHttps(certificate, answer) : createHttp(answer)
      const sockets = new WebSocketServer({ noServer: true })
      const heard: Array<string> = []
      const open = new Set<Duplex>()
      http.on("upgrade", (request, socket, head) => {
        open.add(socket)
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          webSocket.on("pong", (data) => heard.push(`pong ${data.toString()}`))
          webSocket.on("close", (code) => heard.push(`closed ${code}`))
          webSocket.on("error", (error) => heard.push(error.message))
          write(socket)
        })
      })
      await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve))
      const url = `${isSecure ? "wss" : "ws"}://127.0.0.1:${(http.address() as AddressInfo).port}`
      const server: Server = { url, heard }
      return { server, http, open }
    }),
    ({ http, open }) =>
      Effect.promise(async () => {
        for (const each of open) each.destroy()
        http.closeAllConnections()
        await new Promise((resolve) => http.close(resolve))
      })
  ).pipe(Effect.map(({ server }) => server))

/** Time for a socket to read what is there for it, if it reads. */
const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await setImmediate()
}

const show = (bytes: Uint8Array): string => (bytes.length > 200 ? `${bytes.length} bytes` : Frame.text(bytes))

/** What `ws` alone tells, up to its close. */
const toldByWs = ({ url }: Server) =>
  Effect.callback<ReadonlyArray<string>>((resume) => {
    const told: Array<string> = []
    let problem = ""
    const ws = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true, maxPayload: MAX_PAYLOAD })
    ws.on("message", (data: Buffer, isBinary) => told.push(`${isBinary ? "binary" : "text"} ${show(data)}`))
    ws.on("ping", () => told.push("ping"))
    ws.on("pong", () => told.push("pong"))
    ws.on("error", (error) => (problem = error.message))
    ws.on("close", (code, reason) => {
      told.push(`closed ${code} ${reason.toString() || problem}`)
      resume(Effect.succeed(told))
    })
  })

interface DriverUse {
  /** After each message, with all that was told. */
  readonly hears?: (frame: Frame.Frame, told: ReadonlyArray<string>, socket: Socket.Socket) => void
  readonly layer?: Layer.Layer<Socket.SocketDriver>
}

/** What the driver tells, up to the close. */
const toldByDriver = ({ url }: Server, { hears = () => {}, layer = WsSocket.layer }: DriverUse = {}) =>
  Effect.gen(function* () {
    const told: Array<string> = []
    const driver = yield* Socket.SocketDriver
    let closed = (): void => {}
    const isClosed = new Promise<void>((resolve) => (closed = resolve))
    const socket: Socket.Socket = yield* driver.open(
      url,
      {
        onMessage: (bytes, isText) => {
          told.push(`${isText ? "text" : "binary"} ${show(Frame.bytes(bytes))}`)
          hears(bytes, told, socket)
        },
        onPing: () => told.push("ping"),
        onPong: () => told.push("pong"),
        onClose: (code, reason) => {
          told.push(`closed ${code} ${reason}`)
          closed()
        }
      },
      { timeout: 2_000 }
    )
    yield* Effect.promise(() => isClosed)
    return told as ReadonlyArray<string>
  }).pipe(Effect.scoped, Effect.provide(layer))

const before = joined([
  text("one"),
  ping("are you there"),
  frame({ first: 0x82, payload: "bytes" }),
  frame({ first: 0x01, payload: "in " }),
  ping(),
  frame({ first: 0x80, payload: "two" }),
  text("x".repeat(200_000)),
  text("last")
])

/** How a connection comes to its end, told frames or not. */
const ways: Readonly<Record<string, (socket: Duplex) => void>> = {
  ...Object.fromEntries(
    Object.entries(endings(MAX_PAYLOAD)).map(([name, ending]) => [
      name,
      (socket: Duplex) => void socket.write(joined([before, ending, text("after")]))
    ])
  ),
  "an end between two frames": (socket) => void socket.end(before),
  "an end in the midst of a frame": (socket) => void socket.end(joined([before, text("half").subarray(0, 4)])),
  "an end in the midst of a header": (socket) =>
    void socket.end(joined([before, text("x".repeat(200)).subarray(0, 3)])),
  "an end in the midst of a ping": (socket) => void socket.end(joined([before, ping("half").subarray(0, 4)]))
}

describe("SocketTap", () => {
  for (const [name, write] of Object.entries(ways)) {
    it.live(`tells and answers what ws alone does: ${name}`, () =>
      Effect.gen(function* () {
        const one = yield* serve(write)
        const other = yield* serve(write)
        const told = yield* toldByDriver(one)
        const expected = yield* toldByWs(other)
        yield* Effect.promise(async () => {
          for (const { heard } of [one, other]) {
            while (heard.at(-1)?.startsWith("closed") !== true) await setImmediate()
          }
        })
        assert.deepStrictEqual([told, one.heard], [expected, other.heard])
        assert.isAbove(told.length, 7)
      }).pipe(Effect.scoped)
    )
  }

  it.live("reads what came with the answer to the handshake", () =>
    Effect.gen(function* () {
      const server = yield* serve((socket) => {
        // the answer is still on its way out: this leaves with it
        socket.write(joined([text("at once"), text("too").subarray(0, 3)]))
        socket.uncork()
        socket.end(joined([text("too").subarray(3), close(1000)]))
      })
      assert.deepStrictEqual(yield* toldByDriver(server), ["text at once", "text too", "closed 1000 "])
    }).pipe(Effect.scoped)
  )

  for (const isSecure of [false, true]) {
    it.live.skipIf(isBun)(`does without ws for the texts of ${isSecure ? "an encrypted" : "a plain"} socket`, () =>
      Effect.gen(function* () {
        const server = yield* serve((socket) => void socket.write(joined([before, close(1001)])), isSecure)
        const ofWs: Array<boolean> = []
        const told = yield* toldByDriver(server, {
          hears: (frame) => ofWs.push(frame instanceof Buffer),
          ...(isSecure && { layer: WsSocket.layerWith({ agent: new SecureAgent({ ca: certificate.cert }) }) })
        })
        const texts = ["text one", "binary bytes", "text in two", "text 200000 bytes", "text last"]
        assert.deepStrictEqual(
          [told.filter((each) => each !== "ping"), ofWs],
          [
            [...texts, "closed 1001 "],
            [false, true, true, false, false]
          ]
        )
      }).pipe(Effect.scoped)
    )
  }

  it.live("S-A3 a pause from within a chunk loses nothing, and is one", () =>
    Effect.gen(function* () {
      const texts = Array.from({ length: 20_000 }, (_, index) => text(`${index} ${"-".repeat(100)}`))
      const server = yield* serve((socket) => void socket.write(joined([...texts, close(1000)])))
      const whilePaused: Array<number> = []
      const told = yield* toldByDriver(server, {
        hears: (_, all, socket) => {
          if (all.length !== 3) return
          assert.isTrue(socket.pause())
          void turns(100).then(async () => {
            whilePaused.push(all.length)
            await turns(100)
            whilePaused.push(all.length)
            socket.resume()
          })
        }
      })
      const [soon, late] = whilePaused
      assert.deepStrictEqual(
        [soon! < 20_000, late, told.length, told.at(-2)?.startsWith("text 19999"), told.at(-1)],
        [true, soon, 20_001, true, "closed 1000 "]
      )
    }).pipe(Effect.scoped)
  )

  it.live.skipIf(isBun)("takes text frames off the way through ws, which tells of none", () =>
    Effect.gen(function* () {
      const server = yield* serve(
        (socket) => void socket.write(joined([text("one"), ping(), text("two"), close(1000)]))
      )
      const told: Array<string> = []
      const ws = new WebSocket(server.url, { perMessageDeflate: false })
      ws.on("message", () => told.push("by ws"))
      ws.on("ping", () => told.push("ping by ws"))
      ws.once("upgrade", ({ socket }) =>
        ws.once("open", () => {
          const tap = SocketTap.attach(socket, {
            maxPayload: 100,
            onMessage: (payload) => told.push(Frame.text(payload))
          })
          assert.isDefined(tap)
        })
      )
      yield* Effect.promise(() => new Promise((resolve) => ws.on("close", resolve)))
      assert.deepStrictEqual(told, ["one", "ping by ws", "two"])
    }).pipe(Effect.scoped)
  )

  it("touches nothing that is not a socket read by one reader", () => {
    const options = { maxPayload: 100, onMessage: () => {} }
    const unread = new PassThrough()
    const readTwice = new PassThrough().on("data", () => {}).on("data", () => {})
    assert.deepStrictEqual(
      [undefined, null, {}, unread, readTwice].map((socket) => SocketTap.attach(socket, options)),
      Array.from({ length: 5 }, () => undefined)
    )
    assert.deepStrictEqual(
      [unread, readTwice].map((socket) => socket.listenerCount("data")),
      [0, 2]
    )
  })
})
