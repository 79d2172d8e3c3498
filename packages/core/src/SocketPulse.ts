/**
 * The signs of life of one socket: what silence is measured by (`SocketWatch`), and how long its answers to pings take.
 */
import * as Effect from "effect/Effect"
import { stateTime } from "./receiveTime.ts"
import type { Socket } from "./Socket.ts"
import type { WatchedSocket } from "./SocketWatch.ts"

export class SocketPulse {
  #signs = 0
  #answersPings = false
  #canPing = true
  /** The first ping that is not answered yet: when it went out, by the clock and in signs. */
  #pinged: { readonly atMs: number; readonly sign: number } | undefined
  /** In signs, when the ping went out that was answered last. */
  #proof = 0

  /** Something came. */
  sign(): void {
    this.#signs++
  }

  /** A ping of ours was answered; gives after how many ms. */
  answered(): number | undefined {
    this.#signs++
    this.#answersPings = true
    if (this.#pinged === undefined) return undefined
    const { atMs, sign } = this.#pinged
    this.#pinged = undefined
    this.#proof = sign
    return stateTime() - atMs
  }

  /** What watches the socket; `send` paces its pings. */
  watched(socket: Socket, paced: (act: () => boolean) => Effect.Effect<boolean>): WatchedSocket {
    return {
      lastSign: () => this.#signs,
      sign: () => this.#signs,
      lastProof: () => (this.#canPing && this.#answersPings ? this.#proof : this.#signs - 1),
      isPaused: () => false,
      answersPings: () => this.#answersPings,
      ping: paced(() => {
        this.#pinged ??= { atMs: stateTime(), sign: this.#signs }
        this.#canPing = socket.ping()
        return this.#canPing
      })
    }
  }
}
