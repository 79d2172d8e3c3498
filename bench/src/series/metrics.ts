/** What metrics cost a trade frame: the same client without them, with the bus they hear, with them, with recent events kept. */
import { tidewire, withBus, withMetrics, withRecent } from "../clients.ts"
import { spread } from "../report/cells.ts"
import { markdown } from "../report/markdown.ts"
import { clientsOf, ratiosOf, valuesOf } from "../report/values.ts"
import * as Rounds from "../rounds.ts"
import * as plans from "./plans.ts"
import { framesPerSecond, processorMicros, ratioAtMost, type Series, userMicros } from "./Series.ts"

/** The metrics are read once a second, so a run is longer than that. */
const FRAMES = { warm: 200_000, frames: 1_200_000 }

const clients = [tidewire, withBus, withMetrics, withRecent]

export const metrics: Series = {
  name: "metrics",
  about: "what metrics cost a trade frame",
  measure: async (setting) => {
    const plan = plans.flood("trades", "binance", FRAMES, setting)
    return [await Rounds.run({ label: "metrics", plan, clients }, setting)]
  },
  rows: [
    {
      what: "processor time a trade frame with metrics, µs",
      read: processorMicros,
      ours: withMetrics.name,
      against: tidewire.name,
      goal: ratioAtMost(1.03)
    }
  ],
  details: ([measured]) =>
    measured === undefined
      ? ""
      : markdown(
          ["with", "trade frames/s", "user time a frame, µs", "of without", "processor time a frame, µs", "of without"],
          clientsOf(measured).map((client) => [
            client === tidewire.name ? "nothing" : client,
            spread(valuesOf(measured, client, framesPerSecond)),
            spread(valuesOf(measured, client, userMicros)),
            spread(ratiosOf(measured, client, tidewire.name, userMicros)),
            spread(valuesOf(measured, client, processorMicros)),
            spread(ratiosOf(measured, client, tidewire.name, processorMicros))
          ])
        )
}
