/**
 * `tardis-dev`, its normalised trades in real time, as its documentation has it. The URL is replaced by the environment
 * variable that the package reads for that.
 */
import { normalizeTrades, streamNormalized } from "tardis-dev"
import { type ClientArguments, ownArguments, symbolsOf, type VenueName } from "../messages.ts"
import { Meter } from "../meter.ts"
import { Tally } from "../tally.ts"

const { plan, port } = ownArguments<ClientArguments>()
const tally = new Tally()
const problems: Array<string> = []
const meter = new Meter(plan, () => ({ consumed: tally.consumed(), problems }))

const venues = {
  binance: { exchange: "binance", variable: "WSS_URL_BINANCE", path: "/stream" },
  "bybit-linear": { exchange: "bybit", variable: "WSS_URL_BYBIT", path: "/v5/public/linear" }
} as const satisfies Record<VenueName, object>

const { exchange, path, variable } = venues[plan.venue]
process.env[variable] = `ws://127.0.0.1:${port}${path}`

const onError = (error: Error): void => void problems.push(error.message)
const messages = streamNormalized({ exchange, symbols: [...symbolsOf(plan)], onError }, normalizeTrades)
for await (const trade of messages) meter.at(tally.trade(trade.id!, trade.price))
