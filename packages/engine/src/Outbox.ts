/**
 * Events on their way out of the desk.
 *
 * Guarantees: in order; at once, but for what is told while a request is being made (`hold`): that comes in the microtask
 * after it, so that nobody hears of an order before `submit` has given it to him, even if the account answers at once; or
 * when it is asked for (`flush`).
 * Bounded by what one synchronous call tells.
 */
import type { PrivateEvent } from "@tidewire/core"

export class Outbox {
  readonly #emit: (event: PrivateEvent.PrivateEvent) => void
  #waiting: Array<PrivateEvent.PrivateEvent> = []
  #holds = 0
  #isFlushing = false

  constructor(emit: (event: PrivateEvent.PrivateEvent) => void) {
    this.#emit = emit
  }

  push(event: PrivateEvent.PrivateEvent): void {
    if (this.#holds === 0 && this.#waiting.length === 0) return this.#emit(event)
    if (this.#waiting.push(event) === 1) queueMicrotask(() => this.flush())
  }

  /** Runs a request; what it tells waits. */
  hold<A>(request: () => A): A {
    this.#holds++
    try {
      return request()
    } finally {
      this.#holds--
    }
  }

  /** Tells what waits now, unless a request is being made. */
  flush(): void {
    if (this.#holds > 0 || this.#isFlushing || this.#waiting.length === 0) return
    this.#isFlushing = true
    try {
      // what is told meanwhile queues up behind
      for (let index = 0; index < this.#waiting.length; index++) this.#emit(this.#waiting[index]!)
    } finally {
      this.#waiting = []
      this.#isFlushing = false
    }
  }
}
