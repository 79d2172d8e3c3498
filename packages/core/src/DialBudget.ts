/**
 * How often this process may dial one host: the venue counts attempts by address, so all connections share them.
 *
 * Guarantees: no window of `windowMs`, wherever it begins, holds more attempts than the venue allows; restoring goes
 * before starting, and starting leaves a fifth of the window free for it; dials are at least 20 ms apart; while the
 * venue wants to be left alone nobody dials. Order of arrival within an urgency; an interrupted wait costs nothing.
 * Whether a dial succeeds makes no difference: the venue counts it.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { KeepAway } from "./KeepAway.ts"
import { WaitingLine } from "./WaitingLine.ts"

/**
 * `restore`: a connection that has been Active comes back, or is replaced. `start`: any other dial.
 */
export type Urgency = "restore" | "start"

export interface DialLimits {
  readonly attempts: number
  readonly windowMs: number
}

export interface DialState {
  /** Dials that still count, of how many. */
  readonly used: number
  readonly limit: number
  readonly waiting: number
  /** Epoch ms until which the venue wants to be left alone. */
  readonly restingUntilMs: number | undefined
}

/** What a dial was answered with instead of a socket. */
export interface Refusal {
  readonly status?: number
  readonly retryAfterMs?: number
}

/** The part of the window that starts may fill. */
const START_SHARE = 0.8

/** Between two dials: hundreds of dropped connections come back one by one. */
const SPACING_MS = 20

/** How much longer one dial may take to the venue than another: attempts count for that much longer than the window. */
const SLACK_MS = 1_000

/** By HTTP status: how long the host rests when the venue does not say for how long. */
const REST_MS: Readonly<Record<number, number>> = { 403: 600_000, 418: 60_000, 429: 60_000 }

/** How many dials a start may make at once. */
export const startable = (attempts: number): number => Math.max(1, Math.floor(attempts * START_SHARE))

export class DialBudget {
  readonly #limits: DialLimits
  readonly #line = new WaitingLine(2)
  readonly #away = new KeepAway()
  /** When the latest dials were, at most as many as the window may hold, oldest first. */
  #dials: Array<number> = []

  constructor(limits: DialLimits) {
    this.#limits = limits
  }

  /** Waits until one dial may be made, and counts it. */
  take(urgency: Urgency): Effect.Effect<void> {
    return Effect.asVoid(this.#line.wait(urgency === "restore" ? 0 : 1, (now) => this.#admit(urgency, now)))
  }

  /** The host is not dialled for so long, three days at most; gives for how long it is in the end. */
  rest(ms: number): Effect.Effect<number> {
    return Effect.map(Clock.currentTimeMillis, (now) => this.#away.ask(ms, now))
  }

  /** A dial was refused: rests when that says so. Gives how long; 0 when it says nothing of the kind. */
  refused({ retryAfterMs, status }: Refusal): Effect.Effect<number> {
    // "at once" is no answer to a storm
    const asked = retryAfterMs === 0 ? undefined : retryAfterMs
    const ms = asked ?? (status === undefined ? undefined : REST_MS[status]) ?? 0
    return ms > 0 ? this.rest(ms) : Effect.succeed(0)
  }

  state(nowMs: number): DialState {
    const used = this.#dials.filter((at) => this.#freeAt(at) > nowMs).length
    return { used, limit: this.#limits.attempts, waiting: this.#line.length, restingUntilMs: this.#away.untilMs(nowMs) }
  }

  #admit(urgency: Urgency, now: number): number {
    const { attempts } = this.#limits
    // a clock that was set back must not make a dial of the past one of the future
    if (now < (this.#dials.at(-1) ?? now)) this.#dials = this.#dials.map((at) => Math.min(at, now))
    const last = this.#dials.at(-1)
    const earliest = this.#dials.at(-(urgency === "restore" ? attempts : startable(attempts)))
    const waitMs = Math.max(
      this.#away.leftMs(now),
      last === undefined ? 0 : last + SPACING_MS - now,
      earliest === undefined ? 0 : this.#freeAt(earliest) - now
    )
    if (waitMs > 0) return waitMs
    this.#dials.push(now)
    if (this.#dials.length > attempts) this.#dials.shift()
    return 0
  }

  /** When a dial stops counting. */
  #freeAt(dialledMs: number): number {
    return dialledMs + this.#limits.windowMs + SLACK_MS
  }
}

const budgets = new Map<string, DialBudget>()

/** Makes the budget of a key that nobody has asked for yet. */
export type Make = (key: string, limits: DialLimits) => DialBudget

let make: Make = (_, limits) => new DialBudget(limits)

/** For a thread whose dials are counted by another: makes shared budgets from now on. */
export const makeSharedBy = (maker: Make): void => {
  make = maker
}

/** The one budget of this process for a key; the limits are those of who asked first. */
export const shared = (key: string, limits: DialLimits): DialBudget => {
  const known = budgets.get(key)
  if (known !== undefined) return known
  const budget = make(key, limits)
  budgets.set(key, budget)
  return budget
}

/** Every budget that is shared in this process, by its key. */
export const all = (): ReadonlyMap<string, DialBudget> => budgets

/** The one budget of this process for the host of a URL. */
export const ofHost = (
  url: string,
  { attempts, window }: { readonly attempts: number; readonly window: Duration.Input }
): DialBudget => shared(new URL(url).host, { attempts, windowMs: Duration.toMillis(Duration.fromInputUnsafe(window)) })
