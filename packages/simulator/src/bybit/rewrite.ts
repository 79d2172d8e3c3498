/** Frames that are valid and say something else: a clock that is off, a level that never was. Pure. */
import { again, type Frame, type Payload } from "../topics/Frame.ts"

type Rows = ReadonlyArray<readonly [string, string]>

const isFields = (value: unknown): value is Payload =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Readings of the clock; boundaries of bars and the time of the next funding are appointments. */
const clockKeys = ["ts", "cts", "T", "timestamp"]

const moved = (value: unknown, by: number): unknown => {
  if (Array.isArray(value)) return value.map((one) => moved(one, by))
  if (!isFields(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      clockKeys.includes(key) && typeof inner === "number" ? inner + by : moved(inner, by)
    ])
  )
}

export const skewed = (frame: Frame, offsetMs: number): Frame => again(frame, moved(frame.payload, offsetMs) as Payload)

export const isDiff = ({ payload, stream }: Frame): boolean =>
  stream.startsWith("orderbook.") && "type" in payload && payload.type === "delta"

/** The delta with one more row: the lowest price of the grid, which nobody quotes, deleted. */
export const withZeroLevel = (frame: Frame): Frame => {
  const payload = frame.payload as Payload
  const data = payload["data"] as Payload
  const bids = data["b"] as Rows
  const [price] = bids[0] ?? (data["a"] as Rows)[0]!
  const digits = price.split(".")[1]?.length ?? 0
  const lowest = (10 ** -digits).toFixed(digits)
  return again(frame, { ...payload, data: { ...data, b: [...bids, [lowest, "0"]] } })
}

/** The frame says that its bar has ended. */
export const isClosingBar = ({ payload, stream }: Frame): boolean => {
  const rows: unknown = stream.startsWith("kline.") && "data" in payload ? payload.data : undefined
  return Array.isArray(rows) && rows.some((row: unknown) => isFields(row) && row["confirm"] === true)
}
