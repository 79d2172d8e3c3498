/**
 * What the examples have in common: their flags, where they connect, and how they end.
 *
 * `--endpoint` (or TIDEWIRE_SIMULATOR_URL) puts a simulator in the place of the venues; without it they connect to the
 * venues themselves. `--duration` ends a run, and so do SIGINT and SIGTERM, both drained.
 */
import { parseArgs } from "node:util"
import { DurationText } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

export interface Settings<Flag extends string> {
  readonly flags: Readonly<Record<Flag, string>>
  /** For a request to a venue: `{ endpoints }` of the simulator, or nothing. */
  readonly place: { readonly endpoints?: { readonly stream: string; readonly rest: string } }
  /** Calls this once, when the run is to end. */
  readonly atEnd: (stop: () => void) => void
}

const common = `
  --endpoint URL    a simulator, e.g. http://127.0.0.1:9443 (default: TIDEWIRE_SIMULATOR_URL, else the venues themselves)
  --duration TIME   how long to run, e.g. 30s (default: until Ctrl-C)
  --help`

/** Reads the command line; `defaults` has the flags of the example's own, all of which take a value. */
export const read = <Flag extends string>(usage: string, defaults: Readonly<Record<Flag, string>>): Settings<Flag> => {
  const own = Object.fromEntries(Object.keys(defaults).map((flag) => [flag, { type: "string" as const }]))
  const text = { type: "string" as const }
  const options = { ...own, endpoint: text, duration: text, help: { type: "boolean" as const } }
  try {
    const { values } = parseArgs({ options })
    if (values.help === true) return end(0, `${usage}${common}`)
    const url = values.endpoint ?? process.env["TIDEWIRE_SIMULATOR_URL"]
    const durationMs = values.duration === undefined ? undefined : milliseconds(values.duration)
    return {
      flags: { ...defaults, ...values } as Readonly<Record<Flag, string>>,
      place: url === undefined ? {} : { endpoints: { stream: url.replace(/^http/, "ws"), rest: url } },
      atEnd: (stop) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop)
        if (durationMs !== undefined) setTimeout(stop, durationMs).unref()
      }
    }
  } catch (error) {
    return end(2, `${error instanceof Error ? error.message : String(error)}\n\n${usage}${common}`)
  }
}

/** `30s`, `5 minutes`. */
export const milliseconds = (text: string): number =>
  Duration.toMillis(Schema.decodeUnknownSync(DurationText.DurationText)(text))

const end = (code: number, text: string): never => {
  ;(code === 0 ? process.stdout : process.stderr).write(`${text}\n`)
  process.exit(code)
}
