/**
 * An instrument is the tradable thing of one venue: its symbol, what it is made of, and the grid of its prices and
 * sizes. Amounts are decimal strings exactly as the venue gives them: they are for order arithmetic, which is never
 * done in floats.
 */
import * as Schema from "effect/Schema"
import * as Spelling from "./Spelling.ts"

export const Kind = Schema.Literals(["spot", "perpetual", "future", "option"])

/** `preparing` and `settling` instruments exist but do not trade; `closed` ones are gone. */
export const Status = Schema.Literals(["trading", "halted", "preparing", "settling", "closed"])

/** The price and the sizes that a venue takes in orders, beyond the grid; what is absent is not limited. */
export const OrderRules = Schema.Struct({
  minPrice: Schema.optionalKey(Schema.String),
  maxPrice: Schema.optionalKey(Schema.String),
  /** Prices are this plus whole ticks; `"0"` when absent. Some futures venues count from their lowest price. */
  priceOrigin: Schema.optionalKey(Schema.String),
  minSize: Schema.optionalKey(Schema.String),
  maxSize: Schema.optionalKey(Schema.String),
  /** Sizes are this plus whole lots; `"0"` when absent. */
  sizeOrigin: Schema.optionalKey(Schema.String),
  /** Of orders without a price, where they differ. */
  market: Schema.optionalKey(
    Schema.Struct({
      lotSize: Schema.optionalKey(Schema.String),
      minSize: Schema.optionalKey(Schema.String),
      maxSize: Schema.optionalKey(Schema.String)
    })
  ),
  /** Orders on one symbol that may be open at once. */
  maxOpenOrders: Schema.optionalKey(Schema.Finite)
})
export interface OrderRules extends Schema.Schema.Type<typeof OrderRules> {}

export const Instrument = Schema.Struct({
  venue: Schema.String,
  /** The venue's own spelling, upper case; the unified one where an adapter reaches many venues. */
  symbol: Schema.String,
  /** The venue's own spelling where `symbol` is the unified one; several instruments may share it. */
  venueSymbol: Schema.optionalKey(Schema.String),
  /** The spelling that is the same on every venue: `BTC/USDT`, `BTC/USDT:USDT`, `BTC/USDT:USDT-261225`. */
  unified: Schema.String,
  base: Schema.String,
  quote: Schema.String,
  /** The asset a contract settles in; absent on spot. */
  settle: Schema.optionalKey(Schema.String),
  kind: Kind,
  tickSize: Schema.String,
  lotSize: Schema.String,
  minNotional: Schema.optionalKey(Schema.String),
  orderRules: Schema.optionalKey(OrderRules),
  /** How much of `sizeUnit`'s asset one unit of size stands for; `"1"` but for contracts. */
  contractSize: Schema.String,
  /** What a size counts: units of the base asset, of the quote asset (inverse contracts), or contracts. */
  sizeUnit: Schema.Literals(["base", "quote", "contracts"]),
  status: Status
})

export interface Instrument extends Schema.Schema.Type<typeof Instrument> {}

export type Found =
  | { readonly _tag: "Found"; readonly instrument: Instrument }
  | { readonly _tag: "Unknown"; readonly given: string; readonly nearest: ReadonlyArray<string> }

/** A venue's instruments, to be found by any spelling in any case, or by a pattern (`*USDT`). */
export class InstrumentIndex {
  readonly instruments: ReadonlyArray<Instrument>
  readonly #bySpelling = new Map<string, Instrument>()

  constructor(instruments: ReadonlyArray<Instrument>) {
    this.instruments = instruments
    const venueSymbols = Map.groupBy(instruments, (each) => each.venueSymbol?.toUpperCase())
    for (const [spelling, named] of venueSymbols) {
      // what stands for several is no name of any
      if (spelling !== undefined && named.length === 1) this.#bySpelling.set(spelling, named[0]!)
    }
    for (const instrument of instruments) {
      this.#bySpelling.set(instrument.unified.toUpperCase(), instrument)
    }
    // the venue's own spelling wins where both read the same
    for (const instrument of instruments) {
      this.#bySpelling.set(instrument.symbol.toUpperCase(), instrument)
    }
  }

  find(given: string): Found {
    const instrument = this.#bySpelling.get(given.trim().toUpperCase())
    return instrument !== undefined
      ? { _tag: "Found", instrument }
      : {
          _tag: "Unknown",
          given,
          nearest: Spelling.nearest(
            given,
            this.instruments.map((each) => each.symbol)
          )
        }
  }

  /** The trading instruments whose symbol or unified spelling matches; `*` stands for any run of characters. */
  match(pattern: string): ReadonlyArray<Instrument> {
    const expression = patternExpression(pattern)
    return this.instruments.filter(
      (each) => each.status === "trading" && (expression.test(each.symbol) || expression.test(each.unified))
    )
  }
}

export const isPattern = (symbol: string): boolean => symbol.includes("*")

const patternExpression = (pattern: string): RegExp => {
  const literals = pattern
    .trim()
    .split("*")
    .map((each) => each.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))
  return new RegExp(`^${literals.join(".*")}$`, "iu")
}
