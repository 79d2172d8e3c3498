/**
 * CCXT Pro as its documentation has it: `watchTrades` in a loop. Only its URLs are replaced; of the markets it is told to
 * load spot's, which the load has.
 */
import ccxt from "ccxt"
import { type ClientArguments, ownArguments } from "../messages.ts"
import { Meter } from "../meter.ts"
import { Tally } from "../tally.ts"

/** What of an exchange is used here; the package's own types are looser. */
interface Exchange {
  urls: { api: { ws: Record<string, unknown>; public: string } }
  loadHttpProxyAgent(): Promise<unknown>
  watchTrades(symbol: string): Promise<ReadonlyArray<{ readonly id: string; readonly price: number }>>
}

const { plan, port } = ownArguments<ClientArguments>()
const tally = new Tally()
const meter = new Meter(plan, () => ({ consumed: tally.consumed(), problems: [] }))

const exchange = new ccxt.pro.binance({ options: { fetchMarkets: { types: ["spot"] } } }) as unknown as Exchange
exchange.urls.api.ws["spot"] = `ws://127.0.0.1:${port}/ws`
exchange.urls.api.public = `http://127.0.0.1:${port}/api/v3`
// plain `ws:` URLs need it
await exchange.loadHttpProxyAgent()

for (;;) for (const { id, price } of await exchange.watchTrades("BTC/USDT")) meter.at(tally.trade(id, price))
