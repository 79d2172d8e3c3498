/**
 * Where what CCXT tells of an account is not what Tidewire means.
 * Source: docs/venues/ccxt-pro.md#accounts
 */

/**
 * How orders that wait for a price are asked for: by what they are (`stopLossPrice`, `takeProfitPrice`), which on contracts may
 * mean that they close a position; or by which way the price comes (`triggerPrice`, `triggerDirection`).
 */
export type Triggers = "sided" | "directed"

export interface AccountQuirks {
  /** Where orders that wait for a price are among the others, in every list and on the stream; by the type of the market. */
  readonly triggers: (type: string) => Triggers | undefined
  /** Whether CCXT's edit of an order leaves it its ids; by the type of the market. */
  readonly keepsIds: (type: string) => boolean
  /** Whether an order waits for a rise; of what the exchange sent, where CCXT does not say. */
  readonly rises: (info: unknown) => boolean | undefined
  /** Numbers after which an order of that id may be there, whatever CCXT's class for them says. */
  readonly unknown: ReadonlySet<number>
  /** The URL by which CCXT knows what a number means that came from this one. */
  readonly numbersOf: (url: string) => string
  /** Market orders to buy are of a size, though CCXT says of all the exchange's accounts that some are of a cost. */
  readonly sizesMarketBuys: boolean
  /** The balances of the wallet by asset, where CCXT's total has unrealised profits in it; of what the exchange sent. */
  readonly wallet: (info: unknown) => ReadonlyMap<string, unknown>
  /** Whether a message of the private stream says that nothing more will come, which CCXT passes over. */
  readonly isLast: (message: unknown) => boolean
}

const none: AccountQuirks = {
  triggers: () => undefined,
  keepsIds: () => false,
  rises: () => undefined,
  unknown: new Set(),
  numbersOf: (url) => url,
  sizesMarketBuys: false,
  wallet: () => new Map(),
  isLast: () => false
}

type Row = Readonly<Record<string, unknown>>

const rowOf = (value: unknown): Row => (typeof value === "object" && value !== null ? (value as Row) : {})

const rowsOf = (value: unknown): ReadonlyArray<Row> => (Array.isArray(value) ? value.map(rowOf) : [])

const wallet = (rows: ReadonlyArray<Row>, name: string): ReadonlyMap<string, unknown> =>
  new Map(rows.flatMap((row) => ("walletBalance" in row ? [[String(row[name]), row["walletBalance"]]] : [])))

const binance: AccountQuirks = {
  ...none,
  // those of contracts are kept apart, under ids of their own
  triggers: (type) => (type === "spot" ? "sided" : undefined),
  // on spot it cancels, and places another
  keepsIds: (type) => type !== "spot",
  // no answer from within, and an id that an order of ours has already
  unknown: new Set([-1000, -1001, -1006, -1007, -4116]),
  // CCXT looks for those of a socket among none
  numbersOf: (url) => {
    const [, market] = /ws-([fd]?api)\b/.exec(url) ?? []
    return market === undefined ? url : `https://${market}.binance.com/`
  },
  wallet: (info) => wallet(rowsOf(rowOf(info)["assets"]), "asset"),
  isLast: (message) => rowOf(message)["e"] === "listenKeyExpired"
}

const bybit: AccountQuirks = {
  ...none,
  // those of spot are in lists of their own
  triggers: (type) => (type === "spot" ? undefined : "directed"),
  keepsIds: () => true,
  rises: (info) => {
    const direction = Number(rowOf(info)["triggerDirection"] ?? 0)
    return direction === 0 ? undefined : direction === 1
  },
  // the same
  unknown: new Set([10_000, 10_014, 10_016, 20_006, 110_072, 170_001, 170_007, 170_032, 170_141, 170_146, 170_147]),
  // of unified accounts; for others CCXT refuses them (`forAccount`)
  sizesMarketBuys: true,
  wallet: (info) =>
    wallet(
      rowsOf(info).flatMap(({ coin }) => rowsOf(coin)),
      "coin"
    )
}

const quirks: Readonly<Record<string, AccountQuirks>> = {
  binanceusdm: binance,
  binancecoinm: binance,
  // one class trades all of Binance's markets
  binance,
  bybit,
  bybiteu: bybit,
  bybitid: bybit
}

export const accountQuirksOf = (id: string): AccountQuirks => quirks[id] ?? none
