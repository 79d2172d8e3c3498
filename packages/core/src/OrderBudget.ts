/**
 * How many orders (or other requests) this account may send: venues count them in windows of their clock, or in windows
 * that slide, and count them apart from the weight of reads (`RestBudget`).
 *
 * Guarantees: no window holds more than the usable part of what the venue allows, counted by us or told by the venue,
 * whichever is more; a part of that is kept for cancels; cancels go before orders, and in order of arrival among equals;
 * while the venue wants to be left alone nobody is let go. An interrupted wait costs nothing.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { KeepAway } from "./KeepAway.ts"
import { WaitingLine } from "./WaitingLine.ts"

export type Urgency = "cancel" | "order"

/** What the venue allows in a window. */
export interface CountLimit {
  /** What `told` names it by. */
  readonly name: string
  readonly count: number
  readonly window: Duration.Input
  /** Any window of that length, wherever it begins; else windows begin at each multiple of it since the epoch. */
  readonly slides?: boolean
}

export interface Shares {
  /** The part that is used at all. Default: 0.7, the rest is for clocks that differ and for whoever shares the account. */
  readonly usable?: number
  /** The part of that which is kept for cancels, where they count in the same window. Default: 0.1. */
  readonly reserve?: number
  /** False for rehearsals, which send nothing: it asks as others do and counts none. Default: true. */
  readonly counts?: boolean
}

export interface CountState {
  readonly name: string
  readonly used: number
  /** How many orders may be used in a window. */
  readonly usable: number
}

export class OrderBudget {
  readonly #windows: ReadonlyArray<Window>
  readonly #line = new WaitingLine(2)
  readonly #away = new KeepAway()

  readonly #counts: boolean

  constructor(limits: ReadonlyArray<CountLimit>, { counts = true, reserve = 0.1, usable = 0.7 }: Shares = {}) {
    this.#counts = counts
    this.#windows = limits.map((limit) => new Window(limit, usable, reserve))
  }

  /** Waits until one may be sent, and counts it. Gives when it was let go, epoch ms. */
  take(urgency: Urgency): Effect.Effect<number> {
    return this.#line.wait(urgency === "cancel" ? 0 : 1, (now) => this.#admit(urgency, now))
  }

  /** As `take`, for so long at the most: then it fails with what is given, and has not been counted. */
  takeWithin<E>(urgency: Urgency, patience: Duration.Input, late: () => E): Effect.Effect<number, E> {
    return Clock.clockWith((clock): Effect.Effect<number, E> => {
      const now = clock.currentTimeMillisUnsafe()
      // what need not wait needs no timer
      if (this.#line.passes((at) => this.#admit(urgency, at), now)) return Effect.succeed(now)
      return Effect.timeoutOrElse(this.take(urgency), { duration: patience, orElse: () => Effect.fail(late()) })
    })
  }

  /** The venue tells how many it has counted in the present window, and perhaps how many it allows. */
  told(name: string, used: number, nowMs: number, allowed?: number): void {
    this.#windows.find((window) => window.name === name)?.told(used, nowMs, allowed)
  }

  /** Nothing is sent for so long; gives for how long it is in the end. */
  rest(ms: number): Effect.Effect<number> {
    return Effect.map(Clock.currentTimeMillis, (now) => this.#away.ask(ms, now))
  }

  state(nowMs: number): ReadonlyArray<CountState> {
    return this.#windows.map((window) => window.state(nowMs))
  }

  #admit(urgency: Urgency, now: number): number {
    let waitMs = this.#away.leftMs(now)
    for (const window of this.#windows) waitMs = Math.max(waitMs, window.waitMs(urgency, now))
    if (waitMs > 0) return waitMs
    if (this.#counts) for (const window of this.#windows) window.count(now)
    return 0
  }
}

class Window {
  readonly name: string
  readonly #windowMs: number
  readonly #slides: boolean
  readonly #usable: number
  readonly #reserve: number
  #allowed: number
  /** When each one that counts was sent, oldest first; at most as many as are allowed. */
  #sent: Array<number> = []

  constructor({ count, name, slides = false, window }: CountLimit, usable: number, reserve: number) {
    this.name = name
    this.#windowMs = Duration.toMillis(Duration.fromInputUnsafe(window))
    this.#slides = slides
    this.#usable = usable
    this.#reserve = reserve
    this.#allowed = count
  }

  waitMs(urgency: Urgency, now: number): number {
    this.#forget(now)
    const most = this.#most(urgency)
    const earliest = this.#sent.at(-most)
    return earliest === undefined ? 0 : this.#endOf(earliest) - now
  }

  count(now: number): void {
    this.#sent.push(now)
  }

  told(used: number, now: number, allowed: number | undefined): void {
    if (allowed !== undefined && allowed > 0) this.#allowed = allowed
    this.#forget(now)
    const missing = Math.min(used, this.#allowed) - this.#sent.length
    for (let each = 0; each < missing; each++) this.#sent.push(now)
  }

  state(now: number): CountState {
    this.#forget(now)
    return { name: this.name, used: this.#sent.length, usable: this.#most("order") }
  }

  /** At least one, or nothing would ever be sent. */
  #most(urgency: Urgency): number {
    const usable = this.#allowed * this.#usable
    return Math.max(1, Math.floor(urgency === "cancel" ? usable : usable * (1 - this.#reserve)))
  }

  #forget(now: number): void {
    // a clock that was set back must not make the past a part of the future
    if (now < (this.#sent.at(-1) ?? now)) this.#sent = this.#sent.map((at) => Math.min(at, now))
    const first = this.#sent.findIndex((at) => this.#endOf(at) > now)
    if (first !== 0) this.#sent = first < 0 ? [] : this.#sent.slice(first)
  }

  /** When one that was sent then counts no more. */
  #endOf(sentMs: number): number {
    return this.#slides ? sentMs + this.#windowMs : (Math.floor(sentMs / this.#windowMs) + 1) * this.#windowMs
  }
}
