/**
 * Trades, scanned: spot `trade` and futures `aggTrade`. What it means is told at the decoder's `trade`.
 */
import { Scanner } from "@tidewire/core"
import { common, exchangeTimeOf, isWhole, key, type Scan } from "./frame.ts"

/** Numbers of this many digits have their text ready; what is above them changes seldom, and its text is kept. */
const LOW_DIGITS = 3
const LOW = 10 ** LOW_DIGITS
const lowTexts = Array.from({ length: LOW }, (_, low) => String(low).padStart(LOW_DIGITS, "0"))
let high = 0
let highText = ""

const idText = (id: number): string => {
  if (id < LOW) return String(id)
  const above = Math.floor(id / LOW)
  if (above !== high) {
    high = above
    highText = String(above)
  }
  return highText + lowTexts[id - above * LOW]!
}

const make = (name: string, idKey: number): Scan => {
  const kind = Scanner.bytesOf(name)
  return (scope, sink) => {
    const { receivedTime, scanner, venue } = scope
    let hasKind = false
    let symbol = ""
    let id = -1
    let price = 0
    let size = 0
    let buyerIsMaker: boolean | undefined
    do {
      const met = scanner.key()
      switch (met) {
        case key.kind:
          scanner.literal(kind)
          hasKind = true
          break
        case key.symbol:
          scanner.string()
          symbol = scanner.name()
          break
        case idKey:
          id = scanner.integer()
          break
        case key.price:
          price = scanner.decimal()
          break
        case key.quantity:
          size = scanner.decimal()
          break
        case key.buyerIsMaker:
          buyerIsMaker = scanner.boolean()
          break
        default:
          if (!common(scope, met)) return false
      }
    } while (scanner.more())
    const exchangeTime = exchangeTimeOf(scope)
    if (!isWhole(scope) || !hasKind || symbol === "" || id === -1) return false
    if (price === 0 || size === 0 || buyerIsMaker === undefined || exchangeTime === -1) return false
    sink.event({
      type: "trade",
      venue,
      symbol,
      exchangeTime,
      receivedTime,
      id: idText(id),
      price,
      size,
      side: buyerIsMaker ? "sell" : "buy",
      origin: "stream"
    })
    return true
  }
}

export const trade = make("trade", key.tradeId)

/** A futures aggregate's id has the key that an ask has elsewhere. */
export const aggregateTrade = make("aggTrade", key.asks)
