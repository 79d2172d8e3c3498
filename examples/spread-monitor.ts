/**
 * The best bid and ask of one instrument over several venues, what lies between them, and what is stale.
 *
 * A quote is stale when its venue has said nothing for a while, or when its connection is not up: a price that cannot be
 * relied on takes no part. An overlap (a bid above another venue's ask) is what an arbitrageur looks for.
 */
import { adapter as binance } from "@tidewire/adapter-binance"
import { adapter as bybit } from "@tidewire/adapter-bybit"
import { Decimal, Manager } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import { milliseconds, read } from "./settings.ts"

const usage = `node examples/spread-monitor.ts [--symbol BTCUSDT] [--venues binance,bybit]

  --symbol SYMBOL      the instrument (default: BTCUSDT)
  --venues LIST        where it is traded (default: binance,bybit; of the perpetual: binance-usdm,bybit-linear)
  --every TIME         how often to print (default: 1s)
  --stale-after TIME   how old a quote may be (default: 5s)`

const { atEnd, flags, place } = read(usage, {
  symbol: "BTCUSDT",
  venues: "binance,bybit",
  every: "1s",
  "stale-after": "5s"
})
const symbol = flags.symbol.toUpperCase()
const staleAfterMs = milliseconds(flags["stale-after"])

const manager = Manager.make()
for (const venue of flags.venues.split(",")) {
  const request = { venue, symbols: [symbol], channels: ["quotes"], ...place }
  if (binance.venues.includes(venue)) manager.add(binance, request)
  else manager.add(bybit, request)
}

/** The exact difference of two prices, and that in hundredths of a percent. */
const spread = (bid: number, ask: number): string => {
  const exact = (price: number) => BigDecimal.fromStringUnsafe(Decimal.format(price))
  const difference = BigDecimal.format(BigDecimal.subtract(exact(ask), exact(bid)))
  return `${difference} (${(((ask - bid) / bid) * 10_000).toFixed(2)} bp)`
}

const print = (): void => {
  const now = Date.now()
  const fresh = manager.status().venues.flatMap(({ connections, reason, venue }) => {
    const quote = manager.collector.latestQuote(venue, symbol)
    if (quote === undefined) {
      console.log(`${venue} has no quote${reason === undefined ? "" : `: ${reason}`}`)
      return []
    }
    const ageMs = now - quote.receivedTime
    const isStale = ageMs > staleAfterMs || connections.active < connections.total
    const { ask, bid } = quote
    const age = isStale ? ` stale, ${(ageMs / 1_000).toFixed(1)} s old` : ""
    console.log(`${venue} ${Decimal.format(bid)} ${Decimal.format(ask)} spread ${spread(bid, ask)}${age}`)
    // an empty side has price 0
    return isStale || bid === 0 || ask === 0 ? [] : [quote]
  })
  if (fresh.length === 0) return
  const bid = fresh.reduce((best, quote) => (quote.bid > best.bid ? quote : best))
  const ask = fresh.reduce((best, quote) => (quote.ask < best.ask ? quote : best))
  const places = `${bid.venue} ${Decimal.format(bid.bid)} / ${ask.venue} ${Decimal.format(ask.ask)}`
  if (bid.bid > ask.ask) console.log(`best ${places} overlap ${spread(ask.ask, bid.bid)}`)
  else console.log(`best ${places} spread ${spread(bid.bid, ask.ask)}`)
}

const printing = setInterval(print, milliseconds(flags.every))
atEnd(() => manager.stop())
await manager.run()
clearInterval(printing)
