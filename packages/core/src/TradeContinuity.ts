/**
 * Trades whose ids are consecutive: the ids themselves prove that nothing is missing.
 */
import { type Admission, Continuity } from "./Continuity.ts"
import type { MarketEvent } from "./Event.ts"

export class TradeContinuity extends Continuity {
  #id = Number.NaN

  get expected(): number | undefined {
    return this.last === undefined ? undefined : this.#id + 1
  }

  numberOf(event: MarketEvent): number {
    return event.type === "trade" ? integer(event.id) : Number.NaN
  }

  positionBefore(event: MarketEvent): string {
    return String(this.numberOf(event) - 1)
  }

  positionAfter(event: MarketEvent): string {
    return String(this.numberOf(event) + 1)
  }

  admit(event: MarketEvent): Admission {
    if (event.type !== "trade") return "new"
    const id = integer(event.id)
    const before = this.#id
    if (id === before + 1) {
      this.#id = id
      return this.accept(event)
    }
    if (this.last === undefined) {
      const { interruption } = this
      if (interruption !== undefined) return this.gap(interruption, event.receivedTime, undefined, event.id, null)
      this.#id = id
      return this.accept(event)
    }
    if (id === before || (id < before && this.knownOrRestart(event) === "known")) return "known"
    const reason = this.interruption ?? "sequence"
    return this.gap(reason, event.receivedTime, String(before), event.id, id > before ? id - before - 1 : null)
  }

  skipTo(event: MarketEvent): void {
    this.#id = this.numberOf(event)
    this.accept(event)
  }

  protected override lastPosition(): string | undefined {
    return this.last?.type === "trade" ? this.last.id : undefined
  }
}

/** The number of an id, which is digits; reading them here is several times faster than `Number`. */
const integer = (digits: string): number => {
  let value = 0
  for (let index = 0; index < digits.length; index++) value = value * 10 + (digits.charCodeAt(index) - 48)
  return value
}
