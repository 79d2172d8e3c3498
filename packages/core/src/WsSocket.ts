/**
 * The socket driver over the `ws` package: Node, Bun and Deno. It can stop reading, and it answers the venue's pings by
 * itself. Where the runtime's socket is at hand, text frames do not pass through `ws` (`SocketTap.ts`). The only file of
 * core that imports anything but `effect`.
 */
import * as Effect from "effect/Effect"
import * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import { type ClientOptions, WebSocket } from "ws"
import { printableUrl } from "./printableUrl.ts"
import { receiveTime } from "./receiveTime.ts"
import { SocketDriver } from "./Socket.ts"
import * as SocketTap from "./SocketTap.ts"
import { ConnectionFailed } from "./VenueError.ts"

/** The largest frame taken; a venue's largest (a whole book) is two orders of magnitude below. */
const MAX_FRAME_BYTES = 32 * 1024 * 1024

/** How long the closing handshake may take before the connection is cut. */
const CLOSE_WITHIN = Duration.seconds(1)

/** Bun's own `ws` lacks `unexpected-response` and `upgrade`, and warns when one asks for them. */
const isWs = !("Bun" in globalThis)

/** An agent as `ws` and Node's `http` take it: it makes the connections, through a proxy for instance. */
export interface Agent {
  readonly destroy: () => void
}

/** A socket of `ws`, and who reads it in its place. */
interface Dialled {
  readonly ws: WebSocket
  tap: SocketTap.SocketTap | undefined
}

export interface WsSocketOptions {
  /** Makes the connections; whoever gives it ends it. On Bun, `ws` is Bun's own and takes of an agent no more than it knows. */
  readonly agent?: Agent
}

const make = ({ agent }: WsSocketOptions): SocketDriver["Service"] => ({
  canPause: true,
  open: (url, handlers, options) =>
    Effect.gen(function* () {
      const timeout = Duration.fromInputUnsafe(options.timeout)
      const dialled = yield* Effect.acquireRelease(
        Effect.try({
          try: (): Dialled => {
            const ws = new WebSocket(url, {
              perMessageDeflate: false,
              skipUTF8Validation: true,
              maxPayload: MAX_FRAME_BYTES,
              ...(options.headers !== undefined && { headers: options.headers }),
              ...(agent !== undefined && { agent: agent as NonNullable<ClientOptions["agent"]> })
            })
            return { ws, tap: undefined }
          },
          catch: (cause) => new ConnectionFailed({ message: cause instanceof Error ? cause.message : String(cause) })
        }),
        close
      )
      const { ws } = dialled
      let isOpen = false
      let problem = ""
      ws.on("open", () => {
        isOpen = true
      })
      if (isWs) {
        const { onMessage } = handlers
        ws.once("upgrade", ({ socket }) => {
          // nothing is read from it before this
          ws.once("open", () => (dialled.tap = SocketTap.attach(socket, { maxPayload: MAX_FRAME_BYTES, onMessage })))
        })
      }
      ws.on("message", (data: Buffer, isBinary: boolean) => handlers.onMessage(data, !isBinary, receiveTime()))
      ws.on("ping", handlers.onPing)
      ws.on("pong", handlers.onPong)
      ws.on("error", (error) => {
        problem = error.message
      })
      ws.on("close", (code, reason) => {
        if (isOpen) handlers.onClose(code, reason.toString() || problem)
      })
      yield* opened(ws).pipe(
        Effect.timeoutOrElse({
          duration: timeout,
          orElse: () =>
            Effect.fail(new ConnectionFailed({ message: `no connection within ${Duration.format(timeout)}` }))
        })
      )
      return {
        send: (text) => {
          if (ws.readyState === WebSocket.OPEN) ws.send(text)
        },
        ping: () => {
          if (ws.readyState !== WebSocket.OPEN) return false
          ws.ping()
          return true
        },
        pause: () => {
          if (ws.readyState !== WebSocket.OPEN) return false
          ws.pause()
          return true
        },
        resume: () => ws.resume()
      }
    })
})

export const layer: Layer.Layer<SocketDriver> = Layer.sync(SocketDriver, () => make({}))

/** The same, its connections made by what is given. */
export const layerWith = (options: WsSocketOptions): Layer.Layer<SocketDriver> =>
  Layer.sync(SocketDriver, () => make(options))

const opened = (ws: WebSocket): Effect.Effect<void, ConnectionFailed> =>
  Effect.callback((resume) => {
    const fail = (message: string, refusal: { readonly status?: number; readonly retryAfterMs?: number } = {}) =>
      resume(Effect.fail(new ConnectionFailed({ message, ...refusal })))
    ws.once("open", () => resume(Effect.void))
    ws.once("error", (error) => fail(error.message || "no connection"))
    ws.once("close", (code) => fail(`closed with ${code} during the handshake`))
    if (isWs) {
      ws.once("unexpected-response", (request, response) => {
        request.destroy()
        const status = response.statusCode ?? 0
        const retryAfterMs = Number(response.headers["retry-after"]) * 1_000
        const wait = Number.isFinite(retryAfterMs) ? { retryAfterMs } : {}
        fail(`the handshake was answered with HTTP ${status}`, { status, ...wait })
      })
    }
  })

const cut = (ws: WebSocket): Effect.Effect<void> =>
  Effect.suspend(() => {
    ws.terminate()
    return Effect.logInfo(`a socket was cut: no answer to its goodbye within ${Duration.format(CLOSE_WITHIN)}`)
  }).pipe(Effect.annotateLogs({ url: printableUrl(ws.url) }))

/** Says goodbye with 1000 and waits for the answer, but not for long. */
const close = ({ tap, ws }: Dialled): Effect.Effect<void> =>
  Effect.suspend(() => {
    ws.removeAllListeners()
    tap?.release()
    ws.on("error", () => {})
    if (ws.readyState !== WebSocket.OPEN) {
      ws.terminate()
      return Effect.void
    }
    return Effect.callback<void>((resume) => {
      ws.on("close", () => resume(Effect.void))
      ws.resume()
      ws.close(1000)
    }).pipe(Effect.timeoutOrElse({ duration: CLOSE_WITHIN, orElse: () => cut(ws) }))
  })
