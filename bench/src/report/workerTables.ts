/** What worker threads bring, and what handing over events costs. */
import type { MeasuredCase } from "../rounds.ts"
import { framesPerSecond, processorMicros } from "../series/Series.ts"
import { spread } from "./cells.ts"
import { markdown } from "./markdown.ts"
import { clientsOf, ratiosOf, valuesOf } from "./values.ts"

const has = (measured: MeasuredCase, what: "throughput" | "handover"): boolean =>
  measured.runs.some(({ result }) => result[what] !== undefined)

export const workerTable = (cases: ReadonlyArray<MeasuredCase>): string =>
  markdown(
    ["load", "threads beside the main one", "frames/s", "of none", "processor time a frame, µs", "of the main thread"],
    cases
      .filter((measured) => has(measured, "throughput"))
      .flatMap((measured) =>
        clientsOf(measured).map((client) => [
          measured.label,
          client,
          spread(valuesOf(measured, client, framesPerSecond)),
          spread(ratiosOf(measured, client, "0 workers", framesPerSecond)),
          spread(valuesOf(measured, client, processorMicros)),
          spread(valuesOf(measured, client, ({ throughput }) => throughput?.mainMicros))
        ])
      )
  )

export const handoverTable = (cases: ReadonlyArray<MeasuredCase>): string =>
  markdown(
    ["handed over", "as", "main thread, µs", "worker, µs"],
    cases
      .filter((measured) => has(measured, "handover"))
      .flatMap((measured) =>
        clientsOf(measured).map((form) => [
          measured.label,
          form,
          spread(valuesOf(measured, form, ({ handover }) => handover?.main)),
          spread(valuesOf(measured, form, ({ handover }) => handover?.worker))
        ])
      )
  )
