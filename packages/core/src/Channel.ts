/**
 * A channel is a kind of data of one symbol: `trades`, `quotes`, `book`, `book:<depth>`, `bars:<interval>`, `ticker`,
 * `mark`, `liquidations`. It is a string everywhere (configuration, events, keys); this module reads and writes it.
 */
import * as Interval from "./Interval.ts"

export type Channel =
  | "trades"
  | "quotes"
  | "book"
  | `book:${number}`
  | `bars:${Interval.Interval}`
  | "ticker"
  | "mark"
  | "liquidations"

/** What a channel carries, without its parameter. */
export const kinds = ["trades", "quotes", "book", "bars", "ticker", "mark", "liquidations"] as const

export type Kind = (typeof kinds)[number]

export const kind = (channel: Channel): Kind => {
  const colon = channel.indexOf(":")
  return (colon === -1 ? channel : channel.slice(0, colon)) as Kind
}

/** The interval of a `bars:` channel. */
export const interval = (channel: Channel): Interval.Interval | undefined =>
  channel.startsWith("bars:") ? (channel.slice(5) as Interval.Interval) : undefined

/** The depth of a `book:<depth>` channel; `undefined` for `book`, the venue's full checked book. */
export const depth = (channel: Channel): number | undefined =>
  channel.startsWith("book:") ? Number(channel.slice(5)) : undefined

export type Parsed =
  | { readonly _tag: "Channel"; readonly channel: Channel }
  | { readonly _tag: "Invalid"; readonly expected: ReadonlyArray<string>; readonly given: string }

/** Reads a channel as a user writes it; what is wrong comes with the spellings that would have been right. */
export const parse = (text: string): Parsed => {
  const trimmed = text.trim()
  const colon = trimmed.indexOf(":")
  const name = (colon === -1 ? trimmed : trimmed.slice(0, colon)).toLowerCase()
  const parameter = colon === -1 ? undefined : trimmed.slice(colon + 1)
  if (name === "bars") {
    return parameter !== undefined && Interval.isInterval(parameter)
      ? { _tag: "Channel", channel: `bars:${parameter}` }
      : { _tag: "Invalid", given: trimmed, expected: Interval.all.map((each) => `bars:${each}`) }
  }
  if (name === "book" && parameter !== undefined) {
    return /^[1-9]\d{0,4}$/.test(parameter)
      ? { _tag: "Channel", channel: `book:${Number(parameter)}` }
      : { _tag: "Invalid", given: trimmed, expected: ["book", "book:<depth>"] }
  }
  return parameter === undefined && (kinds as ReadonlyArray<string>).includes(name)
    ? { _tag: "Channel", channel: name as Channel }
    : { _tag: "Invalid", given: trimmed, expected: spellings }
}

/** How the channels are written, for messages. */
export const spellings: ReadonlyArray<string> = [
  "trades",
  "quotes",
  "book",
  "book:<depth>",
  "bars:<interval>",
  "ticker",
  "mark",
  "liquidations"
]
