/**
 * What one session knows of its tickers. The venue sends a ticker whole and then only what changed in it, so what was
 * told is merged here: a field that is absent is unchanged, one that is there and empty has no value now.
 *
 * Guarantees: at most `MOST` tickers are kept, the one that began first gives way; a field that could not be read has no
 * value until it comes again, so nothing that is no longer so is told.
 * Source: docs/venues/bybit.md, "Tickers".
 */
import { Decimal, Field, type SocketVenue } from "@tidewire/core"
import type { SizeUnit } from "../market.ts"
import type { Row } from "./reader.ts"

/** More than one connection carries, by the characters of its topics. */
const MOST = 2000

const tickerFields = ["last", "open", "high", "low", "volume", "quoteVolume", "bid", "ask"] as const
const markFields = ["mark", "index", "fundingRate", "nextFundingTime"] as const

type Name = (typeof tickerFields)[number] | (typeof markFields)[number]

/** The time of the next funding; 0 where there is none. */
const timeText = (value: unknown): number =>
  typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN

interface Source {
  readonly name: Name
  readonly event: "ticker" | "mark"
  /** The venue's key. */
  readonly key: string
  readonly read: (value: unknown) => number
  readonly expected: string
}

const price = { read: Field.notNegative, expected: "a price" }
const volume = { read: Field.notNegative, expected: "a volume" }

/** Where sizes are amounts of the quote asset, so is the volume, and the turnover is not. */
const sourcesOf = (sizeUnit: SizeUnit): ReadonlyArray<Source> => [
  { name: "last", event: "ticker", key: "lastPrice", ...price },
  { name: "open", event: "ticker", key: "prevPrice24h", ...price },
  { name: "high", event: "ticker", key: "highPrice24h", ...price },
  { name: "low", event: "ticker", key: "lowPrice24h", ...price },
  { name: "volume", event: "ticker", key: "volume24h", ...volume },
  { name: "quoteVolume", event: "ticker", key: sizeUnit === "base" ? "turnover24h" : "volume24h", ...volume },
  { name: "bid", event: "ticker", key: "bid1Price", ...price },
  { name: "ask", event: "ticker", key: "ask1Price", ...price },
  { name: "mark", event: "mark", key: "markPrice", ...price },
  { name: "index", event: "mark", key: "indexPrice", ...price },
  { name: "fundingRate", event: "mark", key: "fundingRate", read: Field.decimal, expected: "a rate" },
  { name: "nextFundingTime", event: "mark", key: "nextFundingTime", read: timeText, expected: "a time" }
]

const sources: Readonly<Record<SizeUnit, ReadonlyArray<Source>>> = {
  base: sourcesOf("base"),
  quote: sourcesOf("quote")
}

/** Of which events a frame had a field, and what could not be read in it. */
export interface Merged {
  ticker: boolean
  mark: boolean
  malformed: string | undefined
}

/** The fields of a frame by the venue's keys, each a number of its own kind; `NaN` for what has no value now. */
export interface Found {
  readonly has: (key: string) => boolean
  readonly value: (key: string) => number
  /** The text of a value that a float64 does not hold. */
  readonly inexact: (key: string) => string | undefined
}

/** One ticker as it stands. */
export class Ticker {
  readonly symbol: string
  readonly values: { [Field in Name]: number | undefined } = {
    last: undefined,
    open: undefined,
    high: undefined,
    low: undefined,
    volume: undefined,
    quoteVolume: undefined,
    bid: undefined,
    ask: undefined,
    mark: undefined,
    index: undefined,
    fundingRate: undefined,
    nextFundingTime: undefined
  }
  /** The texts of those values that a float64 does not hold. */
  readonly texts = new Map<Name, string>()

  constructor(symbol: string) {
    this.symbol = symbol
  }

  merge(data: Row, sizeUnit: SizeUnit, sink: SocketVenue.DecodeSink): Merged {
    const merged: Merged = { ticker: false, mark: false, malformed: undefined }
    for (const { event, expected, key, name, read } of sources[sizeUnit]) {
      const given = data[key]
      if (given === undefined) continue
      merged[event] = true
      const value = given === "" ? undefined : read(given)
      this.values[name] = undefined
      this.texts.delete(name)
      if (value !== value) merged.malformed ??= Field.reason(key, expected, given)
      else if (value !== undefined) {
        this.values[name] = value
        if (name === "nextFundingTime" || Decimal.isExact(given as string)) continue
        this.texts.set(name, given as string)
        sink.inexact()
      }
    }
    return merged
  }

  /** As `merge`, of fields that were read already. */
  take(found: Found, sizeUnit: SizeUnit, sink: SocketVenue.DecodeSink): Pick<Merged, "ticker" | "mark"> {
    const merged = { ticker: false, mark: false }
    for (const { event, key, name } of sources[sizeUnit]) {
      if (!found.has(key)) continue
      merged[event] = true
      const value = found.value(key)
      this.values[name] = value === value ? value : undefined
      const text = found.inexact(key)
      if (text !== undefined) {
        this.texts.set(name, text)
        sink.inexact()
      } else if (this.texts.size > 0) this.texts.delete(name)
    }
    return merged
  }

  /** The texts that belong to an event; `undefined` where there are none. */
  exact(event: "ticker" | "mark"): Readonly<Record<string, string>> | undefined {
    if (this.texts.size === 0) return undefined
    const names: ReadonlyArray<Name> = event === "ticker" ? tickerFields : markFields
    let exact: Record<string, string> | undefined
    for (const [name, text] of this.texts) {
      if (!names.includes(name)) continue
      exact ??= {}
      exact[name] = text
    }
    return exact
  }
}

export class Tickers {
  readonly #bySymbol = new Map<string, Ticker>()

  find(symbol: string): Ticker | undefined {
    return this.#bySymbol.get(symbol)
  }

  /** A ticker that knows nothing yet, in the place of what was known. */
  begin(symbol: string): Ticker {
    const ticker = new Ticker(symbol)
    this.#bySymbol.delete(symbol)
    this.#bySymbol.set(symbol, ticker)
    if (this.#bySymbol.size > MOST) {
      for (const oldest of this.#bySymbol.keys()) {
        this.#bySymbol.delete(oldest)
        break
      }
    }
    return ticker
  }
}
