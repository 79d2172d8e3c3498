/**
 * A socket as the toolkit sees it: text and binary frames in, text out, a close that is told once. Which library carries
 * it is a layer (`WsSocket`, `GlobalSocket`), so that tests can script one.
 *
 * Guarantees of every driver: handlers are called synchronously from the transport's callback and never after `onClose`;
 * `onClose` comes exactly once for a socket that opened; closing the scope closes the socket with code 1000 and tells
 * nothing further.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Frame } from "./Frame.ts"
import type { ConnectionFailed } from "./VenueError.ts"

export interface SocketHandlers {
  /** A text frame is a string or its bytes, a binary frame is bytes. `receivedTime`: epoch ms with a fraction. */
  readonly onMessage: (frame: Frame, isText: boolean, receivedTime: number) => void
  /** A ping of the protocol arrived (not every transport tells). */
  readonly onPing: () => void
  /** The answer to a ping of ours arrived. */
  readonly onPong: () => void
  readonly onClose: (code: number, reason: string) => void
}

export interface Socket {
  /** Hands a text frame to the transport; silently nothing once the socket is closing. */
  readonly send: (text: string) => void
  /** Sends a ping of the protocol; false when the transport cannot. */
  readonly ping: () => boolean
  /** Stops reading; false when the transport cannot. What was already read may still be delivered. */
  readonly pause: () => boolean
  readonly resume: () => void
}

export interface OpenOptions {
  readonly timeout: Duration.Input
  readonly headers?: Readonly<Record<string, string>>
  /**
   * The name of the connection, where nothing secret is sent or received on it: it may be recorded, and be found again by
   * this name. Without it nothing of the socket is ever stored.
   */
  readonly recordAs?: string
}

export class SocketDriver extends Context.Service<
  SocketDriver,
  {
    /** Whether `Socket.pause` works, i.e. whether the overflow policy `block` can be had. */
    readonly canPause: boolean
    readonly open: (
      url: string,
      handlers: SocketHandlers,
      options: OpenOptions
    ) => Effect.Effect<Socket, ConnectionFailed, Scope.Scope>
  }
>()("@tidewire/core/SocketDriver") {}
