/**
 * Frames that are valid and say something else: a clock that is off, a level that never was. Pure.
 */
import { again, type Frame, type Payload } from "../topics/Frame.ts"

const isFields = (value: unknown): value is Payload =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const moved = (payload: Payload, by: number): Payload =>
  Object.fromEntries(
    Object.entries(payload).map(([key, value]) => {
      if (key === "o" && isFields(value)) return [key, moved(value, by)]
      // The time of the next funding is an appointment, not a reading of the clock.
      const isTime = key === "E" || (key === "T" && payload["e"] !== "markPriceUpdate")
      return [key, isTime && typeof value === "number" ? value + by : value]
    })
  )

/** `E` and `T` as a clock tells them that is off by so many milliseconds. Bars keep their boundaries. */
export const skewed = (frame: Frame, offsetMs: number): Frame => {
  const by = frame.unit === "us" ? offsetMs * 1000 : offsetMs
  const { payload } = frame
  return again(
    frame,
    Array.isArray(payload) ? payload.map((row: Payload) => moved(row, by)) : moved(payload as Payload, by)
  )
}

type Rows = ReadonlyArray<readonly [string, string]>

/** Changes, not the few best levels whole: on USDⓈ-M only the stream's name tells them apart. */
export const isDiff = ({ stream }: Frame): boolean => /@depth(@|$)/.test(stream)

/** The diff with one more row: the lowest price of the grid, which nobody quotes, deleted. */
export const withZeroLevel = (frame: Frame): Frame => {
  const payload = frame.payload as Payload
  const bids = payload["b"] as Rows
  const [price, size] = bids[0] ?? (payload["a"] as Rows)[0]!
  const digits = (text: string): number => text.split(".")[1]?.length ?? 0
  const lowest = (10 ** -digits(price)).toFixed(digits(price))
  return again(frame, { ...payload, b: [...bids, [lowest, (0).toFixed(digits(size))]] })
}

/** The frame says that its bar has ended. */
export const isClosingBar = (frame: Frame): boolean => {
  const k: unknown = "k" in frame.payload ? frame.payload.k : undefined
  return typeof k === "object" && k !== null && "x" in k && k.x === true
}
