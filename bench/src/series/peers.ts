/** The same trades by others' libraries, each as its users run it. */
import { baseline, binanceSdk, bybitSdk, ccxtPro, type Client, tardis, tidewire } from "../clients.ts"
import type { VenueName } from "../messages.ts"
import { clientTable } from "../report/clientTable.ts"
import * as Rounds from "../rounds.ts"
import * as plans from "./plans.ts"
import { framesPerSecond, ratioAtLeast, type Row, type Series } from "./Series.ts"

const make = (
  name: string,
  venue: VenueName,
  venueName: string,
  goals: ReadonlyArray<readonly [client: Client, ratio: number]>
): Series => ({
  name,
  about: `${venueName}'s trades by ${goals.map(([{ name }]) => name).join(", ")}`,
  measure: async (setting) => {
    const plan = plans.flood("trades", venue, plans.FEWER_TRADES, setting)
    const clients = [baseline, tidewire, ...goals.map(([client]) => client)]
    return [await Rounds.run({ label: name, plan, clients }, setting)]
  },
  rows: goals.map(([{ name: against }, ratio]): Row => ({
    what: `${venueName} trade frames/s`,
    against,
    read: framesPerSecond,
    goal: ratioAtLeast(ratio)
  })),
  details: ([measured]) => (measured === undefined ? "" : clientTable(measured))
})

export const peers = make("peers", "binance", "Binance", [
  [tardis, 4],
  [binanceSdk, 2],
  [ccxtPro, 10]
])

export const bybitPeers = make("bybit-peers", "bybit-linear", "Bybit", [
  [tardis, 4],
  [bybitSdk, 2]
])
