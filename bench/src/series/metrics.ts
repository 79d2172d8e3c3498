/**
 * What metrics cost a trade frame: the same client without them, with the bus they hear, with them, with recent events kept; and
 * what is around the handler alone, for which a busy machine is no matter.
 */
import { fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import { tidewire, withBus, withMetrics, withRecent } from "../clients.ts"
import type { Result } from "../messages.ts"
import { type Form, forms } from "../operated/form.ts"
import { number, spread } from "../report/cells.ts"
import { markdown } from "../report/markdown.ts"
import { clientsOf, ratiosOf, valuesOf } from "../report/values.ts"
import * as Rounds from "../rounds.ts"
import { median } from "../statistics.ts"
import * as plans from "./plans.ts"
import { framesPerSecond, processorMicros, type Series, userMicros } from "./Series.ts"

/** The metrics are read once a second, so a run is longer than that. */
const FRAMES = { warm: 200_000, frames: 1_200_000 }

const clients = [tidewire, withBus, withMetrics, withRecent]

const file = fileURLToPath(new URL("../operated/process.ts", import.meta.url))

/** In a fresh process. */
const alone = (form: Form): Promise<Result> =>
  new Promise((resolve, reject) => {
    const child = fork(file, [form], { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] })
    child.once("message", (message) => resolve(message as Result))
    child.once("exit", (code) => reject(new Error(`${form} ended with ${code}; see above`)))
  })

const measureAlone = async ({ progress, rounds }: Rounds.Setting): Promise<Rounds.MeasuredCase> => {
  const runs: Array<Rounds.Run> = []
  for (let round = 1; round <= rounds; round++) {
    for (const form of round % 2 === 1 ? forms : forms.toReversed()) {
      const result = await alone(form)
      progress(`alone ${round}/${rounds} ${form}: ${result.alone?.eventNanos.toFixed(1)} ns an event`)
      runs.push({ round, client: form, result })
    }
  }
  return { label: "alone", runs }
}

const eventNanos = (result: Result): number | undefined => result.alone?.eventNanos

/** What a form adds to an event, as a part of a frame's time without it. */
const shareOf = (whole: Rounds.MeasuredCase, parts: Rounds.MeasuredCase, form: string): string => {
  const added = median(valuesOf(parts, form, eventNanos)) - median(valuesOf(parts, forms[0], eventNanos))
  const frame = median(valuesOf(whole, tidewire.name, processorMicros)) * 1_000
  return `${number((added / frame) * 100)} %`
}

const details = ([whole, parts]: ReadonlyArray<Rounds.MeasuredCase>): string => {
  if (whole === undefined || parts === undefined) return ""
  const frames = markdown(
    ["with", "trade frames/s", "user time a frame, µs", "of without", "processor time a frame, µs", "of without"],
    clientsOf(whole).map((client) => [
      client === tidewire.name ? forms[0] : client,
      spread(valuesOf(whole, client, framesPerSecond)),
      spread(valuesOf(whole, client, userMicros)),
      spread(ratiosOf(whole, client, tidewire.name, userMicros)),
      spread(valuesOf(whole, client, processorMicros)),
      spread(ratiosOf(whole, client, tidewire.name, processorMicros))
    ])
  )
  const events = markdown(
    ["around the handler", "processor time an event, ns", "more than nothing, of a frame's", "a reading, ms"],
    forms.map((form) => [
      form,
      spread(valuesOf(parts, form, eventNanos)),
      shareOf(whole, parts, form),
      spread(valuesOf(parts, form, ({ alone: measured }) => measured?.readingMs))
    ])
  )
  return `${frames}\n\n${events}`
}

export const metrics: Series = {
  name: "metrics",
  about: "what metrics cost a trade frame",
  measure: async (setting) => {
    const plan = plans.flood("trades", "binance", FRAMES, setting)
    return [await Rounds.run({ label: "metrics", plan, clients }, setting), await measureAlone(setting)]
  },
  rows: [
    {
      what: "processor time a trade frame with metrics, µs",
      read: processorMicros,
      ours: withMetrics.name,
      against: tidewire.name,
      goal: { of: "ratio", kind: "at most", bound: 1.03 }
    }
  ],
  details
}
