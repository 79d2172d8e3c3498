/**
 * Changes of a checked book, scanned. What it means is told at the decoder's `change`.
 */
import { type Event, Scanner } from "@tidewire/core"
import { common, exchangeTimeOf, isWhole, key, type Scan } from "./frame.ts"

const KIND = Scanner.bytesOf("depthUpdate")

const make =
  (chain: "by first id" | "by previous id"): Scan =>
  (scope, sink) => {
    const { receivedTime, scanner } = scope
    let hasKind = false
    let symbol = ""
    let first = -1
    let last = -1
    let previous = -1
    let bids: Array<Event.Level> | undefined
    let asks: Array<Event.Level> | undefined
    do {
      const met = scanner.key()
      switch (met) {
        case key.kind:
          scanner.literal(KIND)
          hasKind = true
          break
        case key.symbol:
          scanner.string()
          symbol = scanner.name()
          break
        case key.first:
          first = scanner.integer()
          break
        case key.last:
          last = scanner.integer()
          break
        case key.previous:
          previous = scanner.integer()
          break
        case key.bids:
          bids = scanner.levels("bids")
          break
        case key.asks:
          asks = scanner.levels("asks")
          break
        default:
          if (!common(scope, met)) return false
      }
    } while (scanner.more())
    const exchangeTime = exchangeTimeOf(scope)
    if (!isWhole(scope) || !hasKind || symbol === "" || first === -1 || last < first) return false
    if (bids === undefined || asks === undefined || exchangeTime === -1) return false
    if (chain === "by first id") {
      sink.delta({ symbol, first, last, bids, asks, exchangeTime, receivedTime })
      return true
    }
    if (previous === -1) return false
    sink.delta({ symbol, first, last, previous, bids, asks, exchangeTime, receivedTime })
    return true
  }

export const spotChange = make("by first id")
export const usdmChange = make("by previous id")
