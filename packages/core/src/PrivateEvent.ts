/**
 * What is told of an account: orders, fills, balances, positions, funding payments. Plain immutable objects like the
 * events of the market (`Event.ts`), with the same stamps; amounts are decimal texts. `venue` is the configured name, so that
 * two accounts of one venue are two names.
 */
import * as Schema from "effect/Schema"
import { Amount } from "./Amount.ts"
import * as OrderModule from "./Order.ts"

const stamps = {
  /** The name of the configured venue: the account. */
  venue: Schema.String,
  /** When it happened by the venue's clock, epoch ms. */
  exchangeTime: Schema.optionalKey(Schema.Finite),
  /** When it reached us, epoch ms; of what we know by ourselves, when that was. */
  receivedTime: Schema.Finite
}

/** An order as it stands now. */
export const Order = Schema.Struct({
  type: Schema.Literal("order"),
  ...stamps,
  symbol: Schema.String,
  clientOrderId: Schema.String,
  venueOrderId: Schema.optionalKey(Schema.String),
  side: OrderModule.Side,
  kind: OrderModule.Kind,
  size: Amount,
  price: Schema.optionalKey(Amount),
  triggerPrice: Schema.optionalKey(Amount),
  timeInForce: Schema.optionalKey(OrderModule.TimeInForce),
  reduceOnly: Schema.optionalKey(Schema.Boolean),
  status: OrderModule.Status,
  /** How much of its size is filled. */
  filled: Amount,
  /** Of what is filled, where it is known. */
  averagePrice: Schema.optionalKey(Amount),
  /** Why it was rejected, cancelled or expired; why its outcome is unknown. */
  reason: Schema.optionalKey(Schema.String),
  /** Which strategy it belongs to; absent for orders that no strategy of this engine placed. */
  strategy: Schema.optionalKey(Schema.String)
})
export interface Order extends Schema.Schema.Type<typeof Order> {}

/** One execution. Its `id` is the venue's, unique within venue and symbol. */
export const Fill = Schema.Struct({
  type: Schema.Literal("fill"),
  ...stamps,
  symbol: Schema.String,
  id: Schema.String,
  /** Absent where the venue tells only its own id. */
  clientOrderId: Schema.optionalKey(Schema.String),
  venueOrderId: Schema.optionalKey(Schema.String),
  side: OrderModule.Side,
  price: Amount,
  size: Amount,
  /** What was paid; negative for a rebate. */
  fee: Schema.optionalKey(Amount),
  feeAsset: Schema.optionalKey(Schema.String),
  liquidity: Schema.optionalKey(Schema.Literals(["maker", "taker"])),
  strategy: Schema.optionalKey(Schema.String)
})
export interface Fill extends Schema.Schema.Type<typeof Fill> {}

/** What an account has of an asset, absolute. */
export const Balance = Schema.Struct({
  type: Schema.Literal("balance"),
  ...stamps,
  asset: Schema.String,
  /** Wallet balance, unrealised profits not among it. */
  total: Amount,
  /** What may be spent, where the venue tells it. */
  free: Schema.optionalKey(Amount),
  /** What orders hold, where the venue tells it. */
  locked: Schema.optionalKey(Amount)
})
export interface Balance extends Schema.Schema.Type<typeof Balance> {}

/** The position in a contract, absolute; size 0 when there is none. */
export const Position = Schema.Struct({
  type: Schema.Literal("position"),
  ...stamps,
  symbol: Schema.String,
  /** `net` in one-way mode; a hedged account has a long and a short one of a symbol. */
  leg: Schema.Literals(["net", "long", "short"]),
  /** Signed: negative is short. In the unit of the instrument. */
  size: Amount,
  entryPrice: Schema.optionalKey(Amount),
  unrealizedPnl: Schema.optionalKey(Amount)
})
export interface Position extends Schema.Schema.Type<typeof Position> {}

/** A funding payment of a contract: negative when it was paid, positive when it was received. */
export const Funding = Schema.Struct({
  type: Schema.Literal("funding"),
  ...stamps,
  /** Absent where the venue tells only the asset. */
  symbol: Schema.optionalKey(Schema.String),
  asset: Schema.String,
  amount: Amount
})
export interface Funding extends Schema.Schema.Type<typeof Funding> {}

export const PrivateEvent = Schema.Union([Order, Fill, Balance, Position, Funding])
export type PrivateEvent = Order | Fill | Balance | Position | Funding
