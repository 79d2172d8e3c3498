/** Tidewire with one handler. */
import type { MarketStream } from "@tidewire/core"
import * as Clock from "../clock.ts"
import { type ClientArguments, ownArguments, type Plan } from "../messages.ts"
import { Tally } from "../tally.ts"
import { type Program, run } from "./tidewireStream.ts"

const given = ownArguments<ClientArguments>()
const { clockBase, plan } = given
const now = Clock.make(clockBase)
const tally = new Tally()

const handlers: Record<Plan["kind"], Program["handler"]> = {
  trades:
    (meter, control): MarketStream.Handler =>
    (event) => {
      if (event.type === "trade") meter.at(tally.trade(event.id, event.price))
      else control(event)
    },
  depth:
    (meter, control): MarketStream.Handler =>
    (event) => {
      if (event.type !== "book") control(event)
      else if (event.kind === "delta") meter.at(tally.change(event.sequence, event.bids, event.asks))
    },
  latency:
    (meter, control): MarketStream.Handler =>
    (event) => {
      if (event.type !== "trade") return control(event)
      const frames = tally.trade(event.id, event.price)
      const fromCallback = performance.timeOrigin + performance.now() - event.receivedTime
      meter.delay(frames, now() - event.exchangeTime! / 1_000, fromCallback)
      meter.at(frames)
    }
}

await run(given, { ending: () => ({ consumed: tally.consumed(), problems: [] }), handler: handlers[plan.kind] })
