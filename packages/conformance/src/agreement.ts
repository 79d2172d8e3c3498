/** What an adapter tells or reads of an account, held against what is true of it: texts must be equal, nothing may be over. */
import type { PrivateEvent } from "@tidewire/core"
import type { TrueAccount, TrueFill, TrueOrder } from "./TradingExchange.ts"

/** Venues differ in how they call an order that they ended themselves: `expired` and `cancelled` are held for one. */
const statusOf = (status: PrivateEvent.Order["status"]): string =>
  status === "cancelled" || status === "expired" ? "cancelled or expired" : status

const told = ({ clientOrderId, filled, price, side, size, status, symbol, venueOrderId }: PrivateEvent.Order) => ({
  symbol,
  clientOrderId,
  venueOrderId,
  side,
  size,
  price,
  status: statusOf(status),
  filled
})

/** What is wrong with an order; `undefined` when nothing is. A venue's own id need not be known, nor an unlimited price. */
export const orderDiffers = (order: PrivateEvent.Order | undefined, truth: TrueOrder): string | undefined => {
  if (order === undefined) return `${truth.clientOrderId} is not known`
  const { fills: _, ...terms } = truth
  const right = {
    ...told(order),
    ...terms,
    status: statusOf(truth.status),
    venueOrderId: order.venueOrderId === undefined ? undefined : truth.venueOrderId
  }
  return compared(`order ${truth.clientOrderId}`, told(order), right)
}

type FillTold = Pick<PrivateEvent.Fill, "id" | "price" | "size" | "fee" | "feeAsset" | "liquidity" | "side">

const ofFill = ({ fee, feeAsset, id, liquidity, price, side, size }: FillTold) => {
  return { id, side, price, size, fee, feeAsset, liquidity }
}

/** Each fill of an order once, in order, as it was, with what was paid and who gave the liquidity. */
export const fillsDiffer = (fills: ReadonlyArray<FillTold>, order: TrueOrder): string | undefined =>
  compared(
    `fills of ${order.clientOrderId}`,
    fills.map(ofFill),
    order.fills.map((fill: TrueFill) => ofFill({ ...fill, side: order.side }))
  )

/** Every asset's balance is the true one; what is not told is zero, what the truth does not say is not compared. */
export const balancesDiffer = (
  balances: ReadonlyArray<PrivateEvent.Balance>,
  { balances: truth }: TrueAccount
): string | undefined => {
  const assets = [...new Set([...balances, ...truth].map(({ asset }) => asset))].toSorted()
  const rows = assets.map((asset) => {
    const one = balances.find((each) => each.asset === asset) ?? { total: "0" }
    const right = truth.find((each) => each.asset === asset) ?? { total: "0" }
    const both = (name: "free" | "locked"): boolean =>
      name in one && name in right && one[name as "total"] !== undefined && right[name as "total"] !== undefined
    const shown = (each: { readonly total: string; readonly free?: string; readonly locked?: string }) => ({
      asset,
      total: each.total,
      ...(both("free") && { free: each.free }),
      ...(both("locked") && { locked: each.locked })
    })
    return [shown(one), shown(right)] as const
  })
  return compared(
    "balances",
    rows.map(([one]) => one),
    rows.map(([, right]) => right)
  )
}

const ofPosition = ({ leg, size, symbol }: Pick<PrivateEvent.Position, "symbol" | "leg" | "size">) => {
  return { symbol, leg, size }
}

/** The positions that are not flat; flat ones that are told count as none. */
export const positionsDiffer = (
  positions: ReadonlyArray<PrivateEvent.Position>,
  { positions: truth }: TrueAccount
): string | undefined => {
  const rows = (all: ReadonlyArray<Pick<PrivateEvent.Position, "symbol" | "leg" | "size">>) =>
    all
      .filter(({ size }) => size !== "0")
      .map(ofPosition)
      .toSorted((one, other) => (`${one.symbol} ${one.leg}` < `${other.symbol} ${other.leg}` ? -1 : 1))
  return compared("positions", rows(positions), rows(truth))
}

/** Of each asset or leg what was told last. */
export const latest = <A>(events: ReadonlyArray<A>, key: (event: A) => string): ReadonlyArray<A> => [
  ...new Map(events.map((event) => [key(event), event])).values()
]

const compared = (what: string, one: unknown, other: unknown): string | undefined => {
  const [first, second] = [JSON.stringify(one), JSON.stringify(other)]
  return first === second ? undefined : `${what}: told ${first}, true is ${second}`
}
