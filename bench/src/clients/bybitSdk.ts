/** The `bybit-api` package, as its documentation has it: a client, a subscription, a listener. Only its URL is replaced. */
import { WebsocketClient } from "bybit-api"
import { type ClientArguments, ownArguments, symbolsOf } from "../messages.ts"
import { Meter } from "../meter.ts"
import { Tally } from "../tally.ts"
import { watched } from "./sdkFaults.ts"

interface Update {
  readonly data: ReadonlyArray<{ readonly i: string; readonly p: string }>
}

const { plan, port } = ownArguments<ClientArguments>()
const tally = new Tally()
const client = new WebsocketClient({ wsUrl: `ws://127.0.0.1:${port}/v5/public/linear` })
const problems = watched(client)
const meter = new Meter(plan, () => ({ consumed: tally.consumed(), problems }))

client.on("update", (update: Update) => {
  for (const { i, p } of update.data) meter.at(tally.trade(i, p))
})
await Promise.all(
  client.subscribeV5(
    symbolsOf(plan).map((symbol) => `publicTrade.${symbol}`),
    "linear"
  ) ?? []
)
