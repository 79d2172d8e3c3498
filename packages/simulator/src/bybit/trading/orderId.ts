/** Bybit's ids of orders: texts in the shape of a UUID, on spot numbers. Guarantees that an id tells its order. */
import type { UserOrder } from "../../account/UserOrder.ts"

const GROUP = 12

/** The count stands in the last group, so that two ids never are the same. */
const uuid = (id: number): string => {
  const tail = id.toString(16).padStart(GROUP, "0")
  return `9d1f${tail.slice(-4)}-${tail.slice(-3)}0-4${tail.slice(-3)}-8${tail.slice(-3)}-${tail}`
}

export const orderIdOf = ({ id, market }: Pick<UserOrder, "id" | "market">): string =>
  market.definition.market === "bybit-spot" ? String(id) : uuid(id)

/** The simulator's own id; undefined when the text is no id of an order. */
export const idOf = (text: string): number | undefined => {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  const [, tail] = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-([0-9a-f]{12})$/.exec(text) ?? []
  const id = tail === undefined ? undefined : Number.parseInt(tail, 16)
  return id !== undefined && uuid(id) === text ? id : undefined
}
