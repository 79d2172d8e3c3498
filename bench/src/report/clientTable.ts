/** Clients beside one another on the same frames. */
import { baseline, tidewire } from "../clients.ts"
import type { MeasuredCase } from "../rounds.ts"
import { framesPerSecond, processorMicros } from "../series/Series.ts"
import { spread } from "./cells.ts"
import { markdown } from "./markdown.ts"
import { clientsOf, ratiosOf, valuesOf } from "./values.ts"

export const clientTable = (measured: MeasuredCase): string =>
  markdown(
    ["client", "trade frames/s", "processor time a frame, µs", `by ${baseline.name}`, `${tidewire.name} is`],
    clientsOf(measured).map((client) => [
      client,
      spread(valuesOf(measured, client, framesPerSecond)),
      spread(valuesOf(measured, client, processorMicros)),
      spread(ratiosOf(measured, client, baseline.name, framesPerSecond)),
      `${spread(ratiosOf(measured, tidewire.name, client, framesPerSecond))} ×`
    ])
  )
