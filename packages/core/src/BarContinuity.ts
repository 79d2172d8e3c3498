/**
 * Bars: whole when the close of every bar was seen. Updates of an open bar replace each other and are never missed.
 */
import { type Admission, Continuity, type Place } from "./Continuity.ts"
import type { Bar, MarketEvent } from "./Event.ts"
import * as Interval from "./Interval.ts"

export class BarContinuity extends Continuity {
  readonly #interval: Interval.Interval
  /** The open time of the bar whose close is awaited. */
  #awaited: number | undefined

  constructor(place: Place, interval: Interval.Interval) {
    super(place)
    this.#interval = interval
  }

  get expected(): number | undefined {
    return this.#awaited
  }

  numberOf(event: MarketEvent): number {
    return event.type === "bar" ? event.openTime : Number.NaN
  }

  positionBefore(event: MarketEvent): number {
    return Interval.previousOpenTime(this.#interval, this.numberOf(event))
  }

  positionAfter(event: MarketEvent): number {
    return Interval.nextOpenTime(this.#interval, this.numberOf(event))
  }

  admit(event: MarketEvent): Admission {
    if (event.type !== "bar") return "new"
    const awaited = this.#awaited
    if (awaited === undefined) {
      const { interruption } = this
      return interruption === undefined
        ? this.#follow(event)
        : this.gap(interruption, event.receivedTime, undefined, event.openTime, null)
    }
    if (event.openTime === awaited) return this.#isOutdated(event) ? "known" : this.#follow(event)
    // the bar that was seen last is known however often it is repeated
    if (this.last?.type === "bar" && event.openTime === this.last.openTime) return "known"
    if (event.openTime < awaited && this.knownOrRestart(event) === "known") return "known"
    return this.gap(
      this.interruption ?? "sequence",
      event.receivedTime,
      Interval.previousOpenTime(this.#interval, awaited),
      event.openTime,
      event.openTime > awaited ? Interval.countBetween(this.#interval, awaited, event.openTime) : null
    )
  }

  skipTo(event: MarketEvent): void {
    if (event.type === "bar") this.#follow(event)
  }

  /** The last bar whose close was seen. */
  protected override lastPosition(): number | undefined {
    return this.#awaited === undefined ? undefined : Interval.previousOpenTime(this.#interval, this.#awaited)
  }

  /** An update of the open bar that is no newer than the one that was told. */
  #isOutdated(bar: Bar): boolean {
    const { last } = this
    if (bar.isFinal || last?.type !== "bar" || last.openTime !== bar.openTime) return false
    if (bar.exchangeTime === undefined || last.exchangeTime === undefined) return false
    return bar.exchangeTime <= last.exchangeTime && this.knownUntilRestart(bar) === "known"
  }

  #follow(bar: Bar): "new" {
    this.#awaited = bar.isFinal ? Interval.nextOpenTime(this.#interval, bar.openTime) : bar.openTime
    return this.accept(bar)
  }
}
