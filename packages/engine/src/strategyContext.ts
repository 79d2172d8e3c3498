/** What a strategy knows and can do, for one strategy of an engine. */
import type { Event } from "@tidewire/core"
import type { BarHistory } from "./BarHistory.ts"
import type { EngineSetup, EngineVenue, LogLine } from "./EngineSetup.ts"
import type { Portfolio } from "./Portfolio.ts"
import { seededRandom } from "./seededRandom.ts"
import type { Context } from "./Strategy.ts"
import type { TimeLine } from "./TimeLine.ts"
import type { Desk } from "./VenueDesks.ts"

export interface ContextParts {
  readonly setup: EngineSetup
  readonly desk: Desk
  readonly timeLine: TimeLine
  readonly portfolio: Portfolio
  readonly bars: BarHistory
  readonly quote: (venue: string, symbol: string) => Event.Quote | undefined
}

type OrdersOf = Parameters<Context["orders"]>[0]

export const strategyContext = (
  name: string,
  { bars, desk, portfolio, quote, setup, timeLine }: ContextParts
): Context => {
  const venues = new Map(setup.venues.map((each) => [each.adapter.venue, each]))
  const found = (venue: EngineVenue | undefined, symbol: string) => {
    const result = venue?.instruments().find(symbol)
    return result?._tag === "Found" ? result.instrument : undefined
  }
  /** The venue's spelling, or what was given. */
  const spelled = (venue: string, symbol: string): string => found(venues.get(venue), symbol)?.symbol ?? symbol
  /** Its own open orders; a symbol in whatever spelling. */
  const open = ({ symbol, ...filter }: NonNullable<OrdersOf> = {}) =>
    desk
      .open({ ...filter, strategy: name })
      .filter((order) => symbol === undefined || order.symbol === spelled(order.venue, symbol))
  const log =
    (level: LogLine["level"]) =>
    (message: string, fields?: LogLine["fields"]): void =>
      setup.log({ strategy: name, level, message, ...(fields !== undefined && { fields }) })
  return {
    name,
    now: () => timeLine.now,
    random: seededRandom(setup.seed, name),
    log: { debug: log("debug"), info: log("info"), warn: log("warn"), error: log("error") },
    submit: (order) => desk.submit(name, order),
    amend: desk.amend,
    cancel: desk.cancel,
    orders: open,
    order: desk.order,
    cancelAll: (filter) =>
      open(filter).filter(({ clientOrderId }) => desk.cancel(clientOrderId)._tag === "Requested").length,
    position: (venue, symbol) => portfolio.holding(venue, spelled(venue, symbol), name),
    accountPosition: (venue, symbol) => desk.positions(venue, spelled(venue, symbol))[0],
    balance: desk.balance,
    book: (venue, symbol) => venues.get(venue)?.book(spelled(venue, symbol)),
    quote: (venue, symbol) => quote(venue, spelled(venue, symbol)),
    bars: (venue, symbol, interval, count) => bars.latest(venue, spelled(venue, symbol), interval, count),
    instrument: (venue, symbol) => found(venues.get(venue), symbol),
    instruments: (venue) => venues.get(venue)?.instruments().instruments ?? [],
    kill: desk.halt
  }
}
