/**
 * What is subscribed of a venue while it runs, and why: what the configuration and strategies want, and what an operator has added and
 * removed since. The one place that says so: the list of instruments and operators change it, one after the other.
 *
 * Guarantees: what was added by hand stays, what was removed by hand does not come back, whatever the venue lists; patterns go on.
 */
import { Channel, type Instrument, Subscription } from "@tidewire/core"
import type * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"
import type { Wanted } from "./Wanted.ts"

type Subscriptions = ReadonlyArray<Subscription.Subscription>

/** What is known of a venue, and what is subscribed there. */
export interface Known {
  /** Absent when no list has come yet. */
  readonly index: Instrument.InstrumentIndex | undefined
  readonly subscriptions: Subscriptions
}

export type WantedBy = "configuration" | "pattern" | "operator" | "strategy"

/** What an operator did. */
interface ByHand {
  /** In the venue's spelling. */
  readonly added: ReadonlyArray<Wanted>
  /** Keys of subscriptions. */
  readonly removed: ReadonlySet<string>
}

export class Subscribing {
  known: Known
  readonly #configured: ReadonlyArray<Wanted>
  readonly #strategies: Subscriptions
  readonly #changes = Semaphore.makeUnsafe(1)
  #byHand: ByHand = { added: [], removed: new Set() }

  /** `strategies` is what they want to hear, whether it is configured as well or not. */
  constructor(configured: ReadonlyArray<Wanted>, known: Known, strategies: Subscriptions = []) {
    this.#configured = configured
    this.known = known
    this.#strategies = strategies
  }

  /** Everything that is wanted, as it is written. */
  get wanted(): ReadonlyArray<Wanted> {
    return [...this.#configured, ...this.#byHand.added]
  }

  /** One change at a time. */
  readonly exclusively = <A, E, R>(change: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    this.#changes.withPermit(change)

  readonly isRemoved = (subscription: Subscription.Subscription): boolean =>
    this.#byHand.removed.has(Subscription.key(subscription))

  /** A strategy hears it: whatever book there is serves one that wants another depth. */
  isHeld({ channel, symbol }: Subscription.Subscription): boolean {
    const isBook = (each: Channel.Channel) => Channel.kind(each) === "book"
    return this.#strategies.some(
      (each) => each.symbol === symbol && (each.channel === channel || (isBook(each.channel) && isBook(channel)))
    )
  }

  wantedBy(subscription: Subscription.Subscription): WantedBy {
    if (this.isHeld(subscription)) return "strategy"
    const key = Subscription.key(subscription)
    const isThis = ({ channel, symbol }: Wanted) => `${symbol} ${channel}` === key
    if (this.#byHand.added.some(isThis)) return "operator"
    const found = this.#nameOf(subscription.symbol)
    const isNamed = this.#configured.some(
      ({ channel, isPattern, symbol }) =>
        !isPattern && channel === subscription.channel && this.#nameOf(symbol) === found
    )
    return isNamed ? "configuration" : "pattern"
  }

  /** Takes down what an operator did, when it has been done. */
  changed(added: ReadonlyArray<Wanted>, removed: Subscriptions, subscriptions: Subscriptions): void {
    const gone = new Set(removed.map(Subscription.key))
    const back = new Set(added.map(({ channel, symbol }) => `${symbol} ${channel}`))
    const configured = new Set(this.#byHand.removed)
    for (const key of back) configured.delete(key)
    for (const key of gone) configured.add(key)
    this.#byHand = {
      added: [
        ...this.#byHand.added.filter(
          ({ channel, symbol }) => !gone.has(`${symbol} ${channel}`) && !back.has(`${symbol} ${channel}`)
        ),
        // what the configuration wants anyway comes back by itself
        ...added.filter((each) => !this.#isConfigured(each))
      ],
      removed: configured
    }
    this.known = { ...this.known, subscriptions }
  }

  #isConfigured({ channel, symbol }: Wanted): boolean {
    const name = this.#nameOf(symbol)
    return this.#configured.some(
      (each) =>
        each.channel === channel &&
        (each.isPattern
          ? this.known.index?.match(each.symbol).some((instrument) => instrument.symbol === name) === true
          : this.#nameOf(each.symbol) === name)
    )
  }

  /** The venue's spelling, where it is known. */
  #nameOf(symbol: string): string {
    const found = this.known.index?.find(symbol)
    return found?._tag === "Found" ? found.instrument.symbol : symbol.toUpperCase()
  }
}
