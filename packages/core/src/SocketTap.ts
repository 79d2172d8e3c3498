/**
 * Reads a socket in the place of `ws`, whose own reader makes several objects of each frame: text frames go straight to
 * where they are wanted, everything else to `ws`, which remains the one that knows the protocol.
 *
 * Guarantees: nothing is taken from `ws` that it would have told otherwise, or at another place in the order; at the
 * first frame that ends the connection, at its end, and on `release`, the socket is `ws`'s again with all that was not told.
 * Where the socket is not as it is expected to be (other runtimes, other versions), nothing is touched.
 */
import { FrameSplitter } from "./FrameSplitter.ts"
import { receiveTime } from "./receiveTime.ts"

type Listener = (this: ByteSocket, ...args: ReadonlyArray<never>) => void

/** The byte stream under a WebSocket, of which no more is known here. */
interface ByteSocket {
  readonly on: (event: string, listener: Listener) => unknown
  readonly off: (event: string, listener: Listener) => unknown
  readonly prependListener: (event: string, listener: Listener) => unknown
  readonly listeners: (event: string) => ReadonlyArray<Listener>
}

export interface SocketTapOptions {
  readonly maxPayload: number
  /** Takes a text frame; `receivedTime` is when the bytes that completed it were read. */
  readonly onMessage: (payload: Uint8Array, isText: true, receivedTime: number) => void
}

/** Begins to read a socket that nobody but `ws` reads; `undefined` when it is not such a one. */
export const attach = (socket: unknown, options: SocketTapOptions): SocketTap | undefined => {
  if (!isByteSocket(socket)) return undefined
  const [reader, ...others] = socket.listeners("data")
  return reader === undefined || others.length > 0 ? undefined : new SocketTap(socket, reader, options)
}

export class SocketTap {
  readonly #socket: ByteSocket
  /** What `ws` reads the socket with. */
  readonly #reader: Listener
  readonly #splitter: FrameSplitter
  #receivedTime = 0
  #isReleased = false

  constructor(socket: ByteSocket, reader: Listener, { maxPayload, onMessage }: SocketTapOptions) {
    this.#socket = socket
    this.#reader = reader
    this.#splitter = new FrameSplitter({
      maxPayload,
      text: (payload) => onMessage(payload, true, this.#receivedTime),
      pass: this.#pass
    })
    socket.on("data", this.#take)
    socket.off("data", reader)
    // before those of `ws`, which read and end what is left
    socket.prependListener("end", this.release)
    socket.prependListener("close", this.release)
  }

  /** Leaves the socket to `ws`. */
  readonly release = (): void => {
    if (this.#isReleased) return
    this.#isReleased = true
    const socket = this.#socket
    socket.on("data", this.#reader)
    socket.off("data", this.#take)
    socket.off("end", this.release)
    socket.off("close", this.release)
    this.#pass(this.#splitter.end())
  }

  readonly #take = (chunk: Uint8Array): void => {
    this.#receivedTime = receiveTime()
    const rest = this.#splitter.push(chunk)
    if (rest === undefined) return
    this.release()
    this.#pass(rest)
  }

  readonly #pass = (bytes: Uint8Array): void => {
    if (bytes.length > 0) this.#reader.call(this.#socket, bytes as never)
  }
}

const isByteSocket = (socket: unknown): socket is ByteSocket =>
  typeof socket === "object" &&
  socket !== null &&
  ["on", "off", "prependListener", "listeners"].every(
    (method) => typeof (socket as Record<string, unknown>)[method] === "function"
  )
