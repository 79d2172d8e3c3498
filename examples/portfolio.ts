/**
 * Values positions that lie on several venues, at what they could be sold for (the best bid), in exact decimals.
 *
 * Prices come as float64s that stand for the venue's decimal digits (`Decimal.format` gives those back); from there on it
 * is money, and money is `BigDecimal`: 0.1 + 0.2 is 0.3.
 */
import { adapter as binance } from "@tidewire/adapter-binance"
import { adapter as bybit } from "@tidewire/adapter-bybit"
import { Decimal, Manager } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import { milliseconds, read } from "./settings.ts"

const usage = `node examples/portfolio.ts [--positions binance:BTCUSDT=0.25,bybit:ETHUSDT=3.2]

  --positions LIST   venue:SYMBOL=size, separated by commas, all quoted in the same currency
  --every TIME       how often to print (default: 1s)`

const positions = "binance:BTCUSDT=0.25,binance:ETHUSDT=1.5,bybit:BTCUSDT=0.1,bybit:ETHUSDT=3.2"
const { atEnd, flags, place } = read(usage, { positions, every: "1s" })

const held = flags.positions.split(",").map((text) => {
  const [, venue, symbol, size] = /^([^:]+):([^=]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (venue === undefined || symbol === undefined || size === undefined) {
    throw new Error(`${text} is no position; venue:SYMBOL=size is`)
  }
  return { venue, symbol: symbol.toUpperCase(), size: BigDecimal.fromStringUnsafe(size) }
})

const manager = Manager.make()
for (const [venue, all] of Map.groupBy(held, (each) => each.venue)) {
  const request = { venue, symbols: [...new Set(all.map(({ symbol }) => symbol))], channels: ["quotes"], ...place }
  if (binance.venues.includes(venue)) manager.add(binance, request)
  else manager.add(bybit, request)
}

const print = (): void => {
  const values = held.map(({ size, symbol, venue }) => {
    const quote = manager.collector.latestQuote(venue, symbol)
    // no price is no value: 0 would be a lie
    if (quote === undefined || quote.bid === 0) return undefined
    const price = BigDecimal.fromStringUnsafe(Decimal.format(quote.bid))
    const value = BigDecimal.multiply(size, price)
    console.log(`${venue} ${symbol} ${BigDecimal.format(size)} x ${Decimal.format(quote.bid)} = ${money(value)}`)
    return value
  })
  const known = values.filter((value) => value !== undefined)
  const missing = values.length - known.length
  const total = money(BigDecimal.sumAll(known))
  console.log(`total ${total}${missing > 0 ? ` (without ${missing} that have no price)` : ""}`)
}

/** To print, not to reckon with: at most eight decimals. */
const money = (value: BigDecimal.BigDecimal): string => BigDecimal.format(BigDecimal.round(value, { scale: 8 }))

const printing = setInterval(print, milliseconds(flags.every))
atEnd(() => manager.stop())
const report = await manager.run()
clearInterval(printing)
print()
for (const { reason, venue } of report.venues) if (reason !== undefined) console.error(`${venue}: ${reason}`)
