/** What a card works with: one adapter on one exchange of its own, and the ways to open feeds and to ask for faults. */
import type { Capabilities, Channel, Subscription, Trading, VenueAdapter } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Exchange, Faults } from "./Exchange.ts"
import { fail, type Failed, until } from "./Failed.ts"
import type { Opened, Subject } from "./Subject.ts"
import type { TradingExchange, TradingFaults } from "./TradingExchange.ts"
import { Watched } from "./Watched.ts"

export class Stage {
  readonly adapter: VenueAdapter.VenueAdapter
  readonly exchange: Exchange
  /** What the subject says that the adapter claims. */
  readonly announced: Capabilities.Capabilities
  readonly announcedTrading: Trading.TradingCapabilities | undefined
  /** Two symbols that trade: the one that is tried, and the other that must not notice. */
  readonly symbol: string
  readonly other: string

  constructor({ adapter, exchange }: Opened, { capabilities, trading }: Pick<Subject, "capabilities" | "trading">) {
    const [symbol, other] = exchange.symbols
    if (symbol === undefined || other === undefined) throw new RangeError("an exchange needs two symbols that trade")
    this.adapter = adapter
    this.exchange = exchange
    this.announced = capabilities
    this.announcedTrading = trading
    this.symbol = symbol
    this.other = other
  }

  /** Opens a feed in the scope at hand, and watches it from its first event on. */
  open(subscriptions: ReadonlyArray<Subscription.Subscription>): Effect.Effect<Watched, Failed, Scope.Scope> {
    const watched = new Watched()
    return this.adapter.open(subscriptions, watched.take).pipe(
      Effect.map((feed) => watched.watch(feed)),
      Effect.catch((error) => fail(`open: ${error.message}`))
    )
  }

  /** Opens a feed and waits until all of it is Active. */
  openActive(subscriptions: ReadonlyArray<Subscription.Subscription>): Effect.Effect<Watched, Failed, Scope.Scope> {
    return Effect.tap(this.open(subscriptions), (watched) => until("every connection Active", () => watched.isActive))
  }

  /** A fault of the exchange, by name; fails where it cannot do it. */
  fault<Name extends keyof Faults>(name: Name): Effect.Effect<Faults[Name], Failed> {
    const fault = this.exchange.faults[name] as Faults[Name] | undefined
    return fault === undefined
      ? fail(`the exchange cannot do "${name}"; skip this card with the reason, if there is one`)
      : Effect.succeed(fault)
  }

  /** The trading sides of both; fails where one is missing. */
  get trading(): Effect.Effect<{ readonly adapter: Trading.Trading; readonly exchange: TradingExchange }, Failed> {
    const [adapter, exchange] = [this.adapter.trading, this.exchange.trading]
    if (adapter === undefined) return fail("the adapter does not trade, and is said to")
    if (exchange === undefined) return fail("the exchange shows no account; skip this card with the reason, if any")
    return Effect.succeed({ adapter, exchange })
  }

  /** A fault of orders, by name; fails where the exchange cannot do it. */
  tradingFault<Name extends keyof TradingFaults>(name: Name): Effect.Effect<TradingFaults[Name], Failed> {
    return Effect.flatMap(this.trading, ({ exchange }) => {
      const fault = exchange.faults[name] as TradingFaults[Name] | undefined
      return fault === undefined
        ? fail(`the exchange cannot do "${name}"; skip this card with the reason, if there is one`)
        : Effect.succeed(fault)
    })
  }

  /** The connections that the plan gives these subscriptions. */
  connectionsOf(subscriptions: ReadonlyArray<Subscription.Subscription>): ReadonlyArray<string> {
    return this.adapter.plan(subscriptions).connections.map(({ name }) => name)
  }
}

export const subscriptions = (
  symbols: ReadonlyArray<string>,
  ...channels: ReadonlyArray<Channel.Channel>
): ReadonlyArray<Subscription.Subscription> =>
  symbols.flatMap((symbol) => channels.map((channel) => ({ symbol, channel })))
