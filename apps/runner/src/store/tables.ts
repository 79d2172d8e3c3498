/**
 * What is kept, in either kind of store: a table for each kind of event, and of which fields its columns are made.
 * Times are UTC with microseconds, prices and sizes of markets are float64 as in the events, amounts of an account are exact.
 */
import type { Told } from "../output/Output.ts"

/**
 * `amount`: a decimal text, exact. `levels`: `[price, size]` pairs. `json`: an object as text. `text` takes numbers as well.
 */
export type Kind = "text" | "float" | "integer" | "boolean" | "time" | "amount" | "levels" | "json"

export interface Column {
  readonly name: string
  /** Of the event. */
  readonly field: string
  readonly kind: Kind
}

export interface Table {
  readonly name: string
  /** The events that are its rows. */
  readonly types: ReadonlyArray<Told["type"]>
  /** The word that a configuration asks for it by; without one it is always kept. */
  readonly channel?: Channel
  /** What the row is filed under, the first that is there; every event has the last of them. */
  readonly time: ReadonlyArray<string>
  /** Beside `venue`, `date` and `time`. */
  readonly columns: ReadonlyArray<Column>
}

export const channels = [
  "trades",
  "quotes",
  "book",
  "bars",
  "ticker",
  "mark",
  "liquidations",
  "orders",
  "fills",
  "balances",
  "positions",
  "funding"
] as const
export type Channel = (typeof channels)[number]

/** `receivedTime` is the column `received_time`. */
const columns = (fields: Readonly<Record<string, Kind>>): ReadonlyArray<Column> =>
  Object.entries(fields).map(([field, kind]) => ({
    name: renamed[field] ?? field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    field,
    kind
  }))

/** What SQL has other uses for. */
const renamed: Readonly<Record<string, string>> = { from: "from_position", to: "to_position" }

const stamps = { exchangeTime: "time", receivedTime: "time" } as const
const ofSymbol = { symbol: "text", ...stamps } as const
const byEvent = ["exchangeTime", "receivedTime"] as const

const market = (name: string, type: Told["type"], channel: Channel, fields: Readonly<Record<string, Kind>>): Table => ({
  name,
  types: [type],
  channel,
  time: byEvent,
  columns: columns({ ...ofSymbol, ...fields, exact: "json" })
})

const account = (
  name: string,
  type: Told["type"],
  channel: Channel,
  fields: Readonly<Record<string, Kind>>
): Table => ({
  name,
  types: [type],
  channel,
  time: byEvent,
  columns: columns({ ...stamps, ...fields })
})

export const tables: ReadonlyArray<Table> = [
  market("trades", "trade", "trades", { id: "text", price: "float", size: "float", side: "text", origin: "text" }),
  market("quotes", "quote", "quotes", {
    bid: "float",
    bidSize: "float",
    ask: "float",
    askSize: "float",
    sequence: "integer"
  }),
  market("books", "book", "book", { kind: "text", bids: "levels", asks: "levels", sequence: "integer" }),
  {
    ...market("bars", "bar", "bars", {
      interval: "text",
      openTime: "time",
      closeTime: "time",
      open: "float",
      high: "float",
      low: "float",
      close: "float",
      volume: "float",
      quoteVolume: "float",
      trades: "integer",
      origin: "text"
    }),
    time: ["openTime"]
  },
  market("tickers", "ticker", "ticker", {
    last: "float",
    open: "float",
    high: "float",
    low: "float",
    volume: "float",
    quoteVolume: "float",
    bid: "float",
    ask: "float"
  }),
  market("marks", "mark", "mark", { mark: "float", index: "float", fundingRate: "float", nextFundingTime: "time" }),
  market("liquidations", "liquidation", "liquidations", { side: "text", price: "float", size: "float" }),
  {
    name: "gaps",
    types: ["gap"],
    time: byEvent,
    // `toldBy` is `stream`, or `store` for what the store itself did not get
    columns: columns({
      ...ofSymbol,
      channel: "text",
      reason: "text",
      from: "text",
      to: "text",
      lost: "integer",
      repaired: "boolean",
      toldBy: "text"
    })
  },
  {
    name: "states",
    types: ["connection", "subscription", "bookState", "strategy"],
    time: byEvent,
    columns: columns({
      type: "text",
      ...ofSymbol,
      channel: "text",
      connection: "text",
      strategy: "text",
      state: "text",
      attempt: "integer",
      reason: "text"
    })
  },
  account("orders", "order", "orders", {
    symbol: "text",
    clientOrderId: "text",
    venueOrderId: "text",
    side: "text",
    kind: "text",
    size: "amount",
    price: "amount",
    triggerPrice: "amount",
    timeInForce: "text",
    reduceOnly: "boolean",
    status: "text",
    filled: "amount",
    averagePrice: "amount",
    reason: "text",
    strategy: "text"
  }),
  account("fills", "fill", "fills", {
    symbol: "text",
    id: "text",
    clientOrderId: "text",
    venueOrderId: "text",
    side: "text",
    price: "amount",
    size: "amount",
    fee: "amount",
    feeAsset: "text",
    liquidity: "text",
    strategy: "text"
  }),
  account("balances", "balance", "balances", { asset: "text", total: "amount", free: "amount", locked: "amount" }),
  account("positions", "position", "positions", {
    symbol: "text",
    leg: "text",
    size: "amount",
    entryPrice: "amount",
    unrealizedPnl: "amount"
  }),
  account("funding", "funding", "funding", { symbol: "text", asset: "text", amount: "amount" })
]

const byType = new Map(tables.flatMap((table) => table.types.map((type) => [type, table] as const)))
const byName = new Map(tables.map((table) => [table.name, table]))

/** Every type of event has its table. */
export const ofType = (type: Told["type"]): Table => byType.get(type)!

export const named = (name: string): Table | undefined => byName.get(name)

export const hasColumn = (table: Table, name: string): boolean => table.columns.some((each) => each.name === name)

/** The tables of a configuration's `channels`. */
export const wanted = (asked: ReadonlyArray<Channel> | undefined): ReadonlyArray<Table> =>
  asked === undefined ? tables : tables.filter(({ channel }) => channel === undefined || asked.includes(channel))
