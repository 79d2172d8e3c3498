/** The `binance` package, as its documentation has it: a client, a subscription, a listener. Only its URL is replaced. */
import { WebsocketClient } from "binance"
import { type ClientArguments, ownArguments, symbolsOf } from "../messages.ts"
import { Meter } from "../meter.ts"
import { Tally } from "../tally.ts"
import { watched } from "./sdkFaults.ts"

interface Trade {
  readonly e: "trade"
  readonly t: number
  readonly p: string
}

const isTrade = (message: unknown): message is Trade =>
  typeof message === "object" && message !== null && "e" in message && message.e === "trade"

const { plan, port } = ownArguments<ClientArguments>()
const tally = new Tally()
const client = new WebsocketClient({ wsUrl: `ws://127.0.0.1:${port}/stream` })
const problems = watched(client)
const meter = new Meter(plan, () => ({ consumed: tally.consumed(), problems }))

client.on("message", (message: unknown) => {
  if (isTrade(message)) meter.at(tally.trade(message.t, message.p))
})
await client.subscribe(
  symbolsOf(plan).map((symbol) => `${symbol.toLowerCase()}@trade`),
  "main"
)
