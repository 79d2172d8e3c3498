/**
 * How much this process may ask of one REST host: the venue counts weight by address in windows of its clock, such as
 * minutes, so all reads share it.
 *
 * Guarantees: no window holds more than 70 % of the venue's weight, counted by us or told by the venue, whichever is
 * more, and 80 % with what an account must do and know (a cancel is never kept waiting by a read); the more urgent goes first, and each urgency leaves room for those above it; while the venue wants to be left
 * alone nobody is let go. Order of arrival within an urgency; an interrupted wait costs nothing, whereas a request that
 * was let go costs its weight whatever becomes of it. What is heavier than its share goes first in a window. Polls are
 * spread over a window.
 */
import type * as Effect from "effect/Effect"
import { KeepAway } from "./KeepAway.ts"
import * as Urgency from "./Urgency.ts"
import { WaitingLine } from "./WaitingLine.ts"

export interface RestLimits {
  readonly weight: number
  /** A window begins at each multiple of it since the epoch. */
  readonly windowMs: number
}

export interface RestState {
  /** Weight used in this window, of what may be used in it. */
  readonly used: number
  readonly usable: number
  readonly waiting: number
  /** Epoch ms until which the venue wants to be left alone. */
  readonly restingUntilMs: number | undefined
}

/** What an answer says about the budget. */
export interface Answer {
  readonly status: number
  /** The venue says, in whatever way, that it was asked too much. */
  readonly isRateLimited?: boolean
  readonly retryAfterMs?: number
  /** The weight of this window as the venue counts it; others may use the same address. */
  readonly usedWeight?: number
}

/** The rest is for whoever shares the address, and for clocks that differ from the venue's. */
const USABLE_SHARE = 0.7

/** How much of what is usable may be gone after a request of each urgency. */
const SHARES: Readonly<Record<Urgency.Urgency, number>> = {
  account: 8 / 7,
  order: 1,
  resync: 1,
  repair: 0.9,
  start: 0.8,
  background: 0.5,
  poll: 0.4
}

/** A share that is no binary fraction must not cost a unit of weight. */
const ROUNDING = 1e-9

/** The part of a window by which polls may be ahead of using it evenly. */
const AHEAD = 1 / 6

const MINUTE_MS = 60_000

/** Where the venue does not say for how long; a ban doubles with each one that follows. */
const FORBIDDEN_MS = 10 * MINUTE_MS
const BANNED_MS = 2 * MINUTE_MS
const LONGEST_BAN_MS = 60 * MINUTE_MS

export class RestBudget {
  readonly #usable: number
  readonly #line = new WaitingLine(Urgency.all.length)
  readonly #away = new KeepAway()
  readonly #windowMs: number
  #window = 0
  #used = 0
  /** Bans in a row, and when the last one began: what was under way then is the same ban. */
  #bans = 0
  #bannedAtMs = 0

  constructor({ weight, windowMs }: RestLimits) {
    this.#usable = Math.floor(weight * USABLE_SHARE)
    this.#windowMs = windowMs
  }

  /** Waits until a request of that weight may be sent, and counts it. Gives when it was let go, epoch ms. */
  take(weight: number, urgency: Urgency.Urgency): Effect.Effect<number> {
    return this.#line.wait(Urgency.all.indexOf(urgency), (now) => this.#admit(weight, urgency, now))
  }

  /** As `take` where nobody has to wait; gives whether it was let go. */
  takeNow(weight: number, urgency: Urgency.Urgency, nowMs: number): boolean {
    return this.#line.passes((now) => this.#admit(weight, urgency, now), nowMs)
  }

  /** Takes in the answer to what was let go at `sentMs`. Gives for how long the host is left alone; 0 if it is not. */
  answered(sentMs: number, answer: Answer, nowMs: number): number {
    this.#turn(nowMs)
    // an answer to the window before says nothing about this one
    if (this.#windowOf(sentMs) === this.#window) this.#used = Math.max(this.#used, answer.usedWeight ?? 0)
    if (answer.status < 300 && sentMs >= this.#bannedAtMs) this.#bans = 0
    const restMs = this.#restAfter(answer, sentMs, nowMs)
    return restMs > 0 ? this.#away.ask(restMs, nowMs) : 0
  }

  state(nowMs: number): RestState {
    this.#turn(nowMs)
    return {
      used: this.#used,
      usable: this.#usable,
      waiting: this.#line.length,
      restingUntilMs: this.#away.untilMs(nowMs)
    }
  }

  #admit(weight: number, urgency: Urgency.Urgency, now: number): number {
    this.#turn(now)
    const leftMs = this.#away.leftMs(now)
    if (leftMs > 0) return leftMs
    const most = Math.floor(this.#usable * SHARES[urgency] + ROUNDING)
    if (this.#used > 0 && this.#used + weight > most) return this.#untilNextWindow(now)
    const earlyMs = urgency === "poll" && this.#used > 0 ? this.#early((this.#used + weight) / most, now) : 0
    if (earlyMs > 0) return earlyMs
    this.#used += weight
    return 0
  }

  /** In how many ms this share is due, if a window is used evenly; without it those who always come again would be done early in it. */
  #early(share: number, now: number): number {
    const elapsedMs = now - this.#window * this.#windowMs
    return Math.ceil((share - AHEAD) * this.#windowMs - elapsedMs)
  }

  #turn(now: number): void {
    if (this.#windowOf(now) === this.#window) return
    this.#window = this.#windowOf(now)
    this.#used = 0
  }

  #restAfter({ isRateLimited, retryAfterMs, status }: Answer, sentMs: number, now: number): number {
    if (status === 418 && sentMs >= this.#bannedAtMs) {
      this.#bans++
      this.#bannedAtMs = now
    }
    // "at once" is no answer to a storm
    if (retryAfterMs !== undefined && retryAfterMs > 0) return retryAfterMs
    if (status === 418) return Math.min(BANNED_MS * 2 ** (this.#bans - 1), LONGEST_BAN_MS)
    if (status === 403) return FORBIDDEN_MS
    return status === 429 || isRateLimited === true ? this.#untilNextWindow(now) : 0
  }

  #windowOf(timeMs: number): number {
    return Math.floor(timeMs / this.#windowMs)
  }

  #untilNextWindow(timeMs: number): number {
    return (this.#windowOf(timeMs) + 1) * this.#windowMs - timeMs
  }
}

const budgets = new Map<string, RestBudget>()

/** Makes the budget of a key that nobody has asked for yet. */
export type Make = (key: string, limits: RestLimits) => RestBudget

let make: Make = (_, limits) => new RestBudget(limits)

/** For a thread whose requests are counted by another: makes shared budgets from now on. */
export const makeSharedBy = (maker: Make): void => {
  make = maker
}

/** The one budget of this process for a key; the limits are those of who asked first. */
export const shared = (key: string, limits: RestLimits): RestBudget => {
  const known = budgets.get(key)
  if (known !== undefined) return known
  const budget = make(key, limits)
  budgets.set(key, budget)
  return budget
}

/** Every budget that is shared in this process, by its key: the kind of market and the host. */
export const all = (): ReadonlyMap<string, RestBudget> => budgets
