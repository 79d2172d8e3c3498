/**
 * Spellings of a symbol: `BTCUSDT` in payloads and REST, `btcusdt` in stream names, `BTC/USDT:USDT` across venues.
 * Source: docs/venues/binance.md, "Symbols".
 */

/** Upper case in a stream name is acknowledged and then silent. Symbols without case (非) stay as they are. */
export const streamName = (symbol: string): string => symbol.toLowerCase()

export interface Contract {
  readonly base: string
  readonly quote: string
  /** The asset that a contract settles in. */
  readonly settle?: string
  /** The delivery of a dated contract, epoch ms. */
  readonly delivery?: number
}

/** CCXT's spelling: `BTC/USDT`, `BTC/USDT:USDT`, `BTC/USDT:USDT-261225`. */
export const unified = ({ base, quote, settle, delivery }: Contract): string => {
  const settled = settle === undefined ? "" : `:${settle}`
  return `${base}/${quote}${settled}${delivery === undefined ? "" : `-${day(delivery)}`}`
}

/** `261225` of a time on 25 December 2026, UTC. */
const day = (timeMs: number): string => new Date(timeMs).toISOString().slice(2, 10).replaceAll("-", "")
