/**
 * The wire between the engine and a paper venue, on the time line: requests after the latency out, answers and events after the
 * latency back.
 *
 * Guarantees: none overtakes another on its way, there or back, and what is read tells nothing that no event has told before: so it is the
 * same run whenever somebody reads. A request that is interrupted is carried out all the same, as on a real
 * wire.
 */
import { type PrivateEvent, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type { TimeLine } from "../TimeLine.ts"
import type { Latency } from "./Latency.ts"

export type Answer<A> =
  | { readonly _tag: "Done"; readonly value: A }
  | { readonly _tag: "Refused"; readonly reason: VenueError.Reason }

export const done = <A>(value: A): Answer<A> => ({ _tag: "Done", value })

/** The codes of a paper venue's refusals. */
const codes = {
  instrument: 1,
  duplicate: 2,
  funds: 3,
  noMarket: 4,
  postOnly: 5,
  reduceOnly: 6,
  trigger: 7,
  full: 8,
  gone: 9
}

export const refused = (code: keyof typeof codes, message: string) =>
  ({ _tag: "Refused", reason: new VenueError.OrderRejected({ message, code: codes[code] }) }) as const

export class PaperLine {
  readonly #venue: string
  readonly #timeLine: TimeLine
  readonly #latency: Latency
  /** Hears what has arrived. */
  emit: (event: PrivateEvent.PrivateEvent) => void = () => {}
  /** When the latest request arrives, and the latest answer. */
  #askedAt = 0
  #answeredAt = 0

  constructor(venue: string, timeLine: TimeLine, latency: Latency) {
    this.#venue = venue
    this.#timeLine = timeLine
    this.#latency = latency
  }

  ask<A>(operation: string, carryOut: () => Answer<A>): Effect.Effect<A, VenueError.VenueError> {
    const timeLine = this.#timeLine
    return Effect.callback<A, VenueError.VenueError>((resume) => {
      this.#askedAt = Math.max(this.#askedAt, timeLine.now + this.#latency.order())
      timeLine.schedule(this.#askedAt, () => {
        const answer = carryOut()
        timeLine.schedule(this.#answerAt(), () =>
          resume(
            answer._tag === "Done"
              ? Effect.succeed(answer.value)
              : Effect.fail(new VenueError.VenueError({ venue: this.#venue, operation, reason: answer.reason }))
          )
        )
      })
    })
  }

  /** As it is now, when all that has happened until now has been told: at once while nothing is on its way. */
  read<A>(read: () => A): Effect.Effect<A> {
    return Effect.callback<A>((resume) => {
      const answer = Effect.succeed(read())
      if (this.#answeredAt <= this.#timeLine.now) resume(answer)
      else this.#timeLine.schedule(this.#answeredAt, () => resume(answer))
    })
  }

  tell(event: PrivateEvent.PrivateEvent): void {
    const at = this.#answerAt()
    this.#timeLine.schedule(at, () => this.emit({ ...event, receivedTime: at }))
  }

  /** Of what happens now. */
  stamps() {
    const { now } = this.#timeLine
    return { venue: this.#venue, exchangeTime: now, receivedTime: now }
  }

  #answerAt(): number {
    this.#answeredAt = Math.max(this.#answeredAt, this.#timeLine.now + this.#latency.answer())
    return this.#answeredAt
  }
}
