/**
 * The requests of one socket that wait for their answers.
 *
 * Guarantees the one law of outcomes: what fails with an `unknown` reason was handed to the socket and not answered; what
 * fails otherwise was not sent, or is a read. Each ends with its answer, its deadline, or the loss of the socket; there are
 * never more than `MOST` of them.
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type { OrderBudget } from "./OrderBudget.ts"
import type { Ask } from "./PrivateVenue.ts"
import { ConnectionFailed, ConnectionLost, RateLimited, type Reason, Stale } from "./VenueError.ts"

const MOST = 1_000

interface Waiting<Answer> {
  readonly answer: Deferred.Deferred<Answer, Reason>
  readonly unknown: Ask["unknown"]
}

export interface AsksOptions {
  readonly send: (frame: string) => void
  readonly messages: OrderBudget
  readonly nextId: () => number
  readonly within: Duration.Duration
}

export class Asks<Answer> {
  readonly #options: AsksOptions
  readonly #waiting = new Map<number, Waiting<Answer>>()
  readonly #none = Latch.makeUnsafe(true)
  #lost: string | undefined

  constructor(options: AsksOptions) {
    this.#options = options
  }

  request(ask: Ask): Effect.Effect<Answer, Reason> {
    return Effect.gen({ self: this }, function* () {
      const { messages, nextId, send, within } = this.#options
      if (this.#waiting.size >= MOST) {
        return yield* new RateLimited({ message: `${MOST} requests wait for their answers already` })
      }
      yield* turn(messages, ask)
      if (this.#lost !== undefined) return yield* new ConnectionFailed({ message: `not sent: ${this.#lost}` })
      const id = nextId()
      const answer = Deferred.makeUnsafe<Answer, Reason>()
      const frame = ask.frame(id)
      this.#waiting.set(id, { answer, unknown: ask.unknown })
      this.#none.closeUnsafe()
      send(frame)
      return yield* Deferred.await(answer).pipe(
        Effect.timeoutOrElse({ duration: within, orElse: () => Effect.fail(lateness(ask, within)) }),
        Effect.ensuring(Effect.sync(() => this.#forget(id)))
      )
    })
  }

  /** False when nobody waits for it (any more). */
  answered(id: number, answer: Answer): boolean {
    const waiting = this.#waiting.get(id)
    return waiting !== undefined && Deferred.doneUnsafe(waiting.answer, Effect.succeed(answer))
  }

  /** Nothing more is sent, and nothing more comes. */
  lose(reason: string): void {
    this.refuse(reason)
    for (const { answer, unknown } of this.#waiting.values()) {
      const lost = unknown?.(reason) ?? new ConnectionLost({ code: 1006, message: reason })
      Deferred.doneUnsafe(answer, Effect.fail(lost))
    }
  }

  /** Nothing more is sent; answers may still come. */
  refuse(reason: string): void {
    this.#lost ??= reason
  }

  /** Waits until none waits, which ends at their deadlines. */
  get settled(): Effect.Effect<void> {
    return this.#none.await
  }

  #forget(id: number): void {
    this.#waiting.delete(id)
    if (this.#waiting.size === 0) this.#none.openUnsafe()
  }
}

const turn = (messages: OrderBudget, { isUrgent, patience }: Ask): Effect.Effect<unknown, RateLimited> => {
  const urgency = isUrgent === true ? "cancel" : "order"
  if (patience === undefined) return messages.take(urgency)
  return messages.takeWithin(urgency, patience, () => {
    const span = Duration.format(Duration.fromInputUnsafe(patience))
    return new RateLimited({ message: `not sent: as many messages as the venue takes, for ${span}` })
  })
}

const lateness = ({ unknown }: Ask, within: Duration.Duration): Reason => {
  const message = `no answer within ${Duration.format(within)}`
  return unknown?.(message) ?? new Stale({ silentForMs: Duration.toMillis(within), message })
}
