/**
 * The socket driver over the runtime's own `WebSocket` (browsers, Bun, Deno, Node). It cannot stop reading, set headers,
 * or tell of the protocol's pings: where one of those is wanted, use `WsSocket`.
 */
import * as Effect from "effect/Effect"
import * as Duration from "effect/Duration"
import * as Layer from "effect/Layer"
import { receiveTime } from "./receiveTime.ts"
import { SocketDriver, type SocketHandlers } from "./Socket.ts"
import { ConnectionFailed } from "./VenueError.ts"

/** How long the closing handshake may take before it is left to the runtime. */
const CLOSE_WITHIN = Duration.seconds(1)

export const layer: Layer.Layer<SocketDriver> = Layer.succeed(SocketDriver, {
  canPause: false,
  open: (url, handlers, options) =>
    Effect.gen(function* () {
      if (options.headers !== undefined) {
        return yield* new ConnectionFailed({ message: "this runtime's WebSocket cannot send headers" })
      }
      const timeout = Duration.fromInputUnsafe(options.timeout)
      const socket = yield* Effect.acquireRelease(
        Effect.try({
          try: () => new WebSocket(url),
          catch: (cause) => new ConnectionFailed({ message: cause instanceof Error ? cause.message : String(cause) })
        }),
        close
      )
      socket.binaryType = "arraybuffer"
      socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
        typeof data === "string"
          ? handlers.onMessage(data, true, receiveTime())
          : handlers.onMessage(new Uint8Array(data), false, receiveTime())
      yield* opened(socket, handlers).pipe(
        Effect.timeoutOrElse({
          duration: timeout,
          orElse: () =>
            Effect.fail(new ConnectionFailed({ message: `no connection within ${Duration.format(timeout)}` }))
        })
      )
      return {
        send: (text) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(text)
        },
        ping: () => false,
        pause: () => false,
        resume: () => {}
      }
    })
})

const opened = (socket: WebSocket, handlers: SocketHandlers): Effect.Effect<void, ConnectionFailed> =>
  Effect.callback((resume) => {
    socket.onopen = () => {
      // the close that follows an error carries what there is to know
      socket.onerror = () => {}
      socket.onclose = (event) => handlers.onClose(event.code, event.reason)
      resume(Effect.void)
    }
    socket.onerror = (event) => resume(Effect.fail(new ConnectionFailed({ message: describe(event) })))
    socket.onclose = (event) =>
      resume(Effect.fail(new ConnectionFailed({ message: `closed with ${event.code} during the handshake` })))
  })

/** Runtimes differ in what an error event carries. */
const describe = (event: Event): string =>
  "message" in event && typeof event.message === "string" && event.message !== "" ? event.message : "no connection"

const close = (socket: WebSocket): Effect.Effect<void> =>
  Effect.suspend(() => {
    socket.onmessage = null
    socket.onopen = null
    socket.onerror = () => {}
    if (socket.readyState === WebSocket.CLOSED) return Effect.void
    return Effect.callback<void>((resume) => {
      socket.onclose = () => resume(Effect.void)
      socket.close(1000)
    }).pipe(Effect.timeoutOrElse({ duration: CLOSE_WITHIN, orElse: () => Effect.void }))
  })
