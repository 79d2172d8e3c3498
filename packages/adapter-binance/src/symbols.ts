/**
 * Spellings of a symbol: `BTCUSDT` in payloads and REST, `btcusdt` in stream names.
 * Source: docs/venues/binance.md, "Symbols".
 */

/** Upper case in a stream name is acknowledged and then silent. Symbols without case (非) stay as they are. */
export const streamName = (symbol: string): string => symbol.toLowerCase()
