/** Which events a client wants: by venue, symbol, channel and type, each one or several; what is absent is not looked at. */
import { EventStore } from "@tidewire/core"
import type { Told } from "../../output/Output.ts"

export interface EventFilter {
  readonly venue?: ReadonlySet<string>
  readonly symbol?: ReadonlySet<string>
  readonly channel?: ReadonlySet<string>
  readonly type?: ReadonlySet<string>
}

/** Each as it was asked for: several have commas between them. */
export interface Asked {
  readonly venue?: string
  readonly symbol?: string
  readonly channel?: string
  readonly type?: string
}

/** All that is told. */
export const types: ReadonlySet<Told["type"]> = new Set([
  "trade",
  "quote",
  "book",
  "bar",
  "ticker",
  "mark",
  "liquidation",
  "gap",
  "connection",
  "bookState",
  "subscription",
  "order",
  "fill",
  "balance",
  "position",
  "funding",
  "strategy"
])

const several = (text: string | undefined): ReadonlySet<string> | undefined => {
  const words = (text ?? "").split(",").flatMap((each) => each.trim() || [])
  return words.length === 0 ? undefined : new Set(words)
}

export const read = (asked: Asked): EventFilter => {
  const [venue, symbol, type] = [several(asked.venue), several(asked.symbol), several(asked.type)]
  const channels = several(asked.channel)
  // a book's events are of `book` whatever its depth
  const channel =
    channels === undefined ? undefined : new Set([...channels].map((each) => each.replace(/^book:.*/, "book")))
  return {
    ...(venue !== undefined && { venue }),
    ...(symbol !== undefined && { symbol }),
    ...(channel !== undefined && { channel }),
    ...(type !== undefined && { type })
  }
}

/** Equal for filters that let the same through. */
export const keyOf = ({ channel, symbol, type, venue }: EventFilter): string =>
  JSON.stringify([venue, symbol, channel, type].map((each) => (each === undefined ? 0 : [...each].toSorted())))

/** The channel of an event of a market or a stream; absent for what has none. */
export const channelOf = (event: Told): string | undefined => {
  switch (event.type) {
    case "trade":
    case "quote":
    case "book":
    case "bar":
    case "ticker":
    case "mark":
    case "liquidation":
    case "gap":
      return EventStore.channelOf(event)
    case "bookState":
      return "book"
    case "subscription":
      return event.channel.startsWith("book:") ? "book" : event.channel
    default:
      return undefined
  }
}

/** `channel` is the event's: it is looked up once for many filters. `bars` is of any interval. */
export const matches = (filter: EventFilter, event: Told, channel: string | undefined): boolean => {
  if (filter.type !== undefined && !filter.type.has(event.type)) return false
  if (filter.venue !== undefined && !("venue" in event && filter.venue.has(event.venue))) return false
  if (filter.symbol !== undefined && !(symbolOf(event) !== undefined && filter.symbol.has(symbolOf(event)!)))
    return false
  if (filter.channel === undefined) return true
  return (
    channel !== undefined &&
    (filter.channel.has(channel) || (channel.startsWith("bars:") && filter.channel.has("bars")))
  )
}

const symbolOf = (event: Told): string | undefined => ("symbol" in event ? event.symbol : undefined)
