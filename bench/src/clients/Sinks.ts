/**
 * Handlers in any number that each hear of every trade and count it, as strategies beside one another do. The last of them
 * is the one whose frames are timed: all have heard of a frame then.
 */
import type { Consumed, Plan } from "../messages.ts"
import type { Meter } from "../meter.ts"
import { Tally } from "../tally.ts"

export type Handler = (id: string | number, price: string | number) => void

export class Sinks {
  readonly #tallies: ReadonlyArray<Tally>

  constructor(plan: Plan) {
    this.#tallies = Array.from({ length: plan.handlers }, () => new Tally())
  }

  handlers(meter: Meter): ReadonlyArray<Handler> {
    const last = this.#tallies.length - 1
    return this.#tallies.map((tally, index) =>
      index === last
        ? (id, price) => meter.at(tally.trade(id, price))
        : (id, price) => {
            tally.trade(id, price)
          }
    )
  }

  /** What all of them came to; a problem where one of them differs. */
  ending(): { readonly consumed: Consumed; readonly problems: ReadonlyArray<string> } {
    const all = this.#tallies.map((tally) => tally.consumed())
    const [consumed] = all
    if (consumed === undefined) throw new RangeError("no handler")
    const differing = all.filter((each) => JSON.stringify(each) !== JSON.stringify(consumed)).length
    return { consumed, problems: differing === 0 ? [] : [`${differing} handlers did not hear of every event`] }
  }
}
