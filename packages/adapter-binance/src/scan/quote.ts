/**
 * Best bid and ask, scanned. Futures rows say their kind and have times; spot rows have neither. What it means is told
 * at the decoder's `quote`.
 */
import { Scanner } from "@tidewire/core"
import { common, exchangeTimeOf, isWhole, key, type Scan } from "./frame.ts"

const make = (name: string | undefined): Scan => {
  const kind = name === undefined ? undefined : Scanner.bytesOf(name)
  return (scope, sink) => {
    const { receivedTime, scanner, venue } = scope
    let hasKind = kind === undefined
    let symbol = ""
    let sequence = -1
    let bid = -1
    let bidSize = -1
    let ask = -1
    let askSize = -1
    do {
      const met = scanner.key()
      switch (met) {
        case key.kind:
          if (kind === undefined) return false
          scanner.literal(kind)
          hasKind = true
          break
        case key.last:
          sequence = scanner.integer()
          break
        case key.symbol:
          scanner.string()
          symbol = scanner.name()
          break
        case key.bids:
          bid = scanner.decimal()
          break
        case key.bidSize:
          bidSize = scanner.decimal()
          break
        case key.asks:
          ask = scanner.decimal()
          break
        case key.askSize:
          askSize = scanner.decimal()
          break
        default:
          if (!common(scope, met)) return false
      }
    } while (scanner.more())
    if (!isWhole(scope) || !hasKind || symbol === "" || sequence === -1) return false
    // an empty side is for the decoder, which knows what it may look like
    if (!(bid > 0) || bidSize === -1 || !(ask > 0) || askSize === -1) return false
    const exchangeTime = exchangeTimeOf(scope)
    sink.event(
      exchangeTime === -1
        ? { type: "quote", venue, symbol, receivedTime, bid, bidSize, ask, askSize, sequence }
        : { type: "quote", venue, symbol, exchangeTime, receivedTime, bid, bidSize, ask, askSize, sequence }
    )
    return true
  }
}

export const spotQuote = make(undefined)
export const usdmQuote = make("bookTicker")
