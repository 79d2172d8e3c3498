/** Streams one price: the last of a venue's ticker, a line for each change. Another venue is another import. */
import { adapter } from "@tidewire/adapter-binance"
import { Client, Decimal } from "@tidewire/core"
import { read } from "./settings.ts"

const usage = `node examples/stream-price.ts [--symbol BTCUSDT] [--venue binance]

  --symbol SYMBOL   what to stream (default: BTCUSDT)
  --venue VENUE     binance or binance-usdm (default: binance)
  --count N         end after so many tickers (default: none)`

const { atEnd, flags, place } = read(usage, { symbol: "BTCUSDT", venue: "binance", count: "" })

const client = Client.make(adapter, { venue: flags.venue, ...place })
// what has been received is still printed
atEnd(() => client.stop())

const tickers = client.watchTicker(flags.symbol, {
  ...(flags.count !== "" && { maxIterations: Number(flags.count) }),
  // the connection's states and the gaps come here, in their places
  onState: (event) => {
    if (event.type === "connection") console.error(`${event.connection} is ${event.state}`)
    if (event.type === "gap") console.error(`missing: ${event.lost ?? "an unknown number of"} ${event.channel}`)
  }
})

let last: number | undefined
for await (const ticker of tickers) {
  if (ticker.last === last) continue
  const direction = last === undefined ? "" : ticker.last > last ? " up" : " down"
  console.log(`${ticker.venue} ${ticker.symbol} ${Decimal.format(ticker.last)}${direction}`)
  last = ticker.last
}
