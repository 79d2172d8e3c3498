/**
 * What REST reads weigh: the venue allows an address so much weight a minute.
 * Source: docs/venues/binance.md, "REST" and "REST limits".
 */
import type { Rest } from "@tidewire/core"

/** The weight of a read by its `limit`: the first band that holds it, in ascending order. */
export type Bands = ReadonlyArray<{ readonly upTo: number; readonly weight: number }>

export interface Weights {
  readonly perMinute: number
  readonly instruments: number
  readonly depth: Bands
  readonly klines: Bands
  readonly trades: number
  readonly lastTrade: number
  readonly quote: number
  readonly ticker: number
  /** Absent where there is no mark price. */
  readonly mark?: number
}

/** A limit beyond every band weighs what the heaviest does. */
export const weightOf = (bands: Bands, limit: number): number =>
  (bands.find(({ upTo }) => limit <= upTo) ?? bands.at(-1))?.weight ?? 1

/** The weight that this address has used in this minute, told with every answer. */
export const usedWeight = (headers: Rest.Headers): number | undefined => {
  const header = headers["x-mbx-used-weight-1m"]
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : undefined
}
