/**
 * Events that wait behind a hole, in the order of their numbers, and of their arrival where those are equal.
 */
import type { MarketEvent } from "./Event.ts"

export class HeldEvents {
  readonly #numberOf: (event: MarketEvent) => number
  #events: Array<MarketEvent> = []

  constructor(numberOf: (event: MarketEvent) => number) {
    this.#numberOf = numberOf
  }

  get size(): number {
    return this.#events.length
  }

  get first(): MarketEvent | undefined {
    return this.#events[0]
  }

  get firstNumber(): number | undefined {
    return this.first && this.#numberOf(this.first)
  }

  /** False when it waits already: a trade of the same id, a bar of the same state. */
  insert(event: MarketEvent): boolean {
    const number = this.#numberOf(event)
    let at = this.#events.length
    while (at > 0 && this.#numberOf(this.#events[at - 1]!) > number) at--
    for (let before = at - 1; before >= 0 && this.#numberOf(this.#events[before]!) === number; before--) {
      if (isSame(this.#events[before]!, event)) return false
    }
    this.#events.splice(at, 0, event)
    return true
  }

  shift(): MarketEvent | undefined {
    return this.#events.shift()
  }
}

const isSame = (left: MarketEvent, right: MarketEvent): boolean => {
  if (left.type !== "bar" || right.type !== "bar") return true
  return left.isFinal === right.isFinal && left.exchangeTime === right.exchangeTime
}
