/** The cost of a frame as there is more of something. */
import { baseline, tidewire } from "../clients.ts"
import type { MeasuredCase } from "../rounds.ts"
import { framesPerSecond, processorMicros } from "../series/Series.ts"
import { spread } from "./cells.ts"
import { markdown } from "./markdown.ts"
import { ratiosOf, valuesOf } from "./values.ts"

export const scaleTable = (
  of: string,
  cases: ReadonlyArray<readonly [count: number, measured: MeasuredCase]>
): string =>
  markdown(
    [of, `${baseline.name}: µs a frame`, `${tidewire.name}: µs a frame`, "ratio", `${tidewire.name}: frames/s`],
    cases.map(([count, measured]) => [
      String(count),
      spread(valuesOf(measured, baseline.name, processorMicros)),
      spread(valuesOf(measured, tidewire.name, processorMicros)),
      spread(ratiosOf(measured, tidewire.name, baseline.name, processorMicros)),
      spread(valuesOf(measured, tidewire.name, framesPerSecond))
    ])
  )
