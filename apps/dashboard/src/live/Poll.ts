/**
 * A path of the API that is asked for again and again while something on the page shows it.
 *
 * Guarantees: one request at a time, however many components show it; the next one goes out after the last has ended; without an
 * answer the pause grows to five seconds, and ends when the instance answers anything; nothing is asked while the page is
 * hidden; what was answered last stays, with its time.
 */
import { ApiError, read, Unreachable } from "../api/client.ts"
import { Cell } from "./Cell.ts"
import * as Clock from "./clock.ts"
import * as Connectivity from "./Connectivity.ts"
import { visible } from "./Visibility.ts"

const LONGEST_PAUSE_MS = 5_000

export interface Polled<A> {
  readonly data?: A
  /** When the answer came, epoch ms. */
  readonly at?: number
  /** Why there is no newer one. */
  readonly failure?: Error
}

export class Poll<A> {
  readonly state = new Cell<Polled<A>>({})
  users = 0
  everyMs: number
  readonly #path: string
  readonly #accepts: ReadonlyArray<number>
  #failures = 0
  #isAsking = false
  #next: Clock.Cancel | undefined
  #unlisten: ReadonlyArray<() => void> = []

  constructor(path: string, everyMs: number, accepts: ReadonlyArray<number>) {
    this.#path = path
    this.everyMs = everyMs
    this.#accepts = accepts
  }

  start(): void {
    const wake = () => {
      if (visible.get() && this.#failures > 0 && Connectivity.connectivity.get().state === "live") this.#askNow()
    }
    const show = () => (visible.get() ? this.#askNow() : this.#pause())
    this.#unlisten = [Connectivity.connectivity.listen(wake), visible.listen(show)]
    this.#askNow()
  }

  stop(): void {
    this.#pause()
    for (const end of this.#unlisten) end()
    this.#unlisten = []
  }

  #pause(): void {
    this.#next?.()
    this.#next = undefined
  }

  #askNow(): void {
    this.#pause()
    if (!this.#isAsking && visible.get()) void this.#ask()
  }

  async #ask(): Promise<void> {
    this.#isAsking = true
    try {
      const data = await read<A>(this.#path, this.#accepts)
      this.#failures = 0
      this.state.set({ data, at: Clock.now() })
      Connectivity.answered()
    } catch (error) {
      const failure = error instanceof Error ? error : new Unreachable(String(error))
      this.#failures++
      this.state.set({ ...this.state.get(), failure })
      if (failure instanceof ApiError) Connectivity.answered()
    }
    this.#isAsking = false
    if (this.users === 0 || !visible.get()) return
    const pause =
      this.#failures === 0 ? this.everyMs : Clock.backoff(this.#failures, 2 * this.everyMs, LONGEST_PAUSE_MS)
    this.#next = Clock.after(pause, () => this.#askNow())
  }
}
