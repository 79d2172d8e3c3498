/**
 * The budgets of a worker: what is dialled and asked for is counted by the main thread, which has the one budget of the
 * process for each host, so that all workers together keep to what the venue allows.
 *
 * Guarantees: nothing is let go but by a permit from there, in the order of its line; what the venue answers is taken in
 * there. A permit that meets a fiber which has just given up is lost: counted, and not used.
 */
import { DialBudget, RestBudget, type Urgency } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { FromWorker, Permit } from "./messages.ts"

type Post = (message: FromWorker) => void

/** Waits for permits, by number. */
export class PermitDesk {
  readonly #post: Post
  readonly #waiting = new Map<number, (atMs: number) => void>()
  #last = 0

  constructor(post: Post) {
    this.#post = post
  }

  /** Waits for it; gives when it was given, epoch ms. */
  take(permit: Permit): Effect.Effect<number> {
    return Effect.callback((resume) => {
      const id = ++this.#last
      this.#waiting.set(id, (atMs) => resume(Effect.succeed(atMs)))
      this.#post({ type: "take", id, permit })
      return Effect.sync(() => {
        this.#waiting.delete(id)
        this.#post({ type: "leave", id })
      })
    })
  }

  granted(id: number, atMs: number): void {
    const resume = this.#waiting.get(id)
    this.#waiting.delete(id)
    resume?.(atMs)
  }
}

export class RemoteDialBudget extends DialBudget.DialBudget {
  readonly #key: string
  readonly #limits: DialBudget.DialLimits
  readonly #desk: PermitDesk
  readonly #post: Post

  constructor(key: string, limits: DialBudget.DialLimits, desk: PermitDesk, post: Post) {
    super(limits)
    this.#key = key
    this.#limits = limits
    this.#desk = desk
    this.#post = post
  }

  override take(urgency: DialBudget.Urgency): Effect.Effect<void> {
    return Effect.asVoid(this.#desk.take({ of: "dials", key: this.#key, limits: this.#limits, urgency }))
  }

  override rest(ms: number): Effect.Effect<number> {
    return Effect.suspend(() => {
      this.#post({ type: "rest", key: this.#key, limits: this.#limits, ms })
      return super.rest(ms)
    })
  }
}

export class RemoteRestBudget extends RestBudget.RestBudget {
  readonly #key: string
  readonly #limits: RestBudget.RestLimits
  readonly #desk: PermitDesk
  readonly #post: Post

  constructor(key: string, limits: RestBudget.RestLimits, desk: PermitDesk, post: Post) {
    super(limits)
    this.#key = key
    this.#limits = limits
    this.#desk = desk
    this.#post = post
  }

  override take(weight: number, urgency: Urgency.Urgency): Effect.Effect<number> {
    return this.#desk.take({ of: "requests", key: this.#key, limits: this.#limits, weight, urgency })
  }

  /** Whether there is room is for the main thread to say. */
  override takeNow(): boolean {
    return false
  }

  override answered(sentMs: number, answer: RestBudget.Answer, nowMs: number): number {
    this.#post({ type: "answered", key: this.#key, limits: this.#limits, sentMs, answer, nowMs })
    return super.answered(sentMs, answer, nowMs)
  }
}

/** From now on this thread's budgets are those of the main thread. */
export const install = (post: Post): PermitDesk => {
  const desk = new PermitDesk(post)
  DialBudget.makeSharedBy((key, limits) => new RemoteDialBudget(key, limits, desk, post))
  RestBudget.makeSharedBy((key, limits) => new RemoteRestBudget(key, limits, desk, post))
  return desk
}

/** What a worker waits for, in the main thread: in its place in the line of the one budget. Gives when it was let go. */
export const lend = (permit: Permit): Effect.Effect<number> =>
  permit.of === "dials"
    ? Effect.andThen(DialBudget.shared(permit.key, permit.limits).take(permit.urgency), Clock.currentTimeMillis)
    : RestBudget.shared(permit.key, permit.limits).take(permit.weight, permit.urgency)

/** Takes in, in the main thread, what a venue told a worker about its limits. */
export const takeIn = (message: FromWorker & { readonly type: "rest" | "answered" }): Effect.Effect<void> => {
  const { key } = message
  if (message.type === "rest") return Effect.asVoid(DialBudget.shared(key, message.limits).rest(message.ms))
  const { answer, limits, nowMs, sentMs } = message
  return Effect.sync(() => RestBudget.shared(key, limits).answered(sentMs, answer, nowMs))
}
