/**
 * The spelling of an instrument that is the same on every venue: `BTC/USDT`, `BTC/USDT:USDT`, `BTC/USDT:USDT-261225`.
 */
export interface Contract {
  readonly base: string
  readonly quote: string
  /** The asset that a contract settles in. */
  readonly settle?: string
  /** The delivery of a dated contract, epoch ms. */
  readonly delivery?: number
}

export const of = ({ base, quote, settle, delivery }: Contract): string => {
  const settled = settle === undefined ? "" : `:${settle}`
  return `${base}/${quote}${settled}${delivery === undefined ? "" : `-${day(delivery)}`}`
}

/** `261225` of a time on 25 December 2026, UTC. */
const day = (timeMs: number): string => new Date(timeMs).toISOString().slice(2, 10).replaceAll("-", "")
