/** Clients beside one another on the same frames. */
import { baseline, tidewire } from "../clients.ts"
import type { MeasuredCase } from "../rounds.ts"
import { framesPerSecond, processorMicros } from "../series/Series.ts"
import { spread } from "./cells.ts"
import { markdown } from "./markdown.ts"
import { clientsOf, ratiosOf, valuesOf } from "./values.ts"

export const clientTable = (measured: MeasuredCase): string =>
  markdown(
    ["client", "trade frames/s", "processor time a frame, µs", `of ${baseline.name}`, `${tidewire.name} of it`],
    clientsOf(measured).map((client) => [
      client,
      spread(valuesOf(measured, client, framesPerSecond)),
      spread(valuesOf(measured, client, processorMicros)),
      against(measured, client, baseline.name),
      against(measured, tidewire.name, client)
    ])
  )

/** Times as many frames a second as the other; a client is not held against itself. */
const against = (measured: MeasuredCase, client: string, other: string): string =>
  client === other ? "–" : `${spread(ratiosOf(measured, client, other, framesPerSecond))} ×`
