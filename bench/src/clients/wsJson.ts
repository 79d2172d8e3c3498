/**
 * The baseline: `ws` and `JSON.parse` and nothing else, with the socket options of core's driver. It reads what it needs
 * of a frame and keeps no book.
 */
import * as Clock from "../clock.ts"
import { type ClientArguments, ownArguments, type Plan } from "../messages.ts"
import { Meter } from "../meter.ts"
import { Tally } from "../tally.ts"
import { readers } from "./frameReaders.ts"
import { connect } from "./wsConnection.ts"

const given = ownArguments<ClientArguments>()
const { clockBase, plan } = given
const now = Clock.make(clockBase)
const tally = new Tally()
const meter = new Meter(plan, () => ({ consumed: tally.consumed(), problems: [] }))
const { change, trades } = readers[plan.venue]

const handlers: Record<Plan["kind"], (data: Buffer) => void> = {
  trades: (data) => trades(data, ({ id, price }) => meter.at(tally.trade(id, price))),
  depth: (data) => {
    const { asks, bids, last } = change(data)
    meter.at(tally.change(last, bids, asks))
  },
  latency: (data) => {
    const calledAt = now()
    trades(data, ({ id, price, time }) => {
      const frames = tally.trade(id, price)
      const handledAt = now()
      meter.delay(frames, handledAt - time / 1_000, handledAt - calledAt)
      meter.at(frames)
    })
  }
}

connect(given, handlers[plan.kind])
