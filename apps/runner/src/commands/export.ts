/** `tidewire export`: a table of a store, or a part of it, as a file. */
import * as path from "node:path"
import { DurationText } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { given, type Problem } from "../configuration/Problem.ts"
import { oneOf } from "../configuration/schemaProblems.ts"
import { Failed } from "../process/exit.ts"
import * as Signals from "../process/signals.ts"
import * as Exporting from "../store/exporting.ts"
import * as Source from "../store/source.ts"
import * as Tables from "../store/tables.ts"
import * as CommandLine from "./commandLine.ts"
import { described, telling } from "./query.ts"

export interface Flags extends Source.Flags {
  readonly out: string
  /** A word of `channels`, or the name of a table. */
  readonly channel: string
  readonly venue: string | undefined
  readonly symbol: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
}

export const exportTable = Effect.fnUntraced(function* ({ channel, out, symbol, venue, ...flags }: Flags) {
  const now = yield* Clock.currentTimeMillis
  const problems: Array<Problem> = []
  const table = Tables.tables.find((each) => each.name === channel || each.channel === channel)
  if (table === undefined) {
    const known = Tables.tables.map((each) => each.channel ?? each.name)
    problems.push({ path: "--channel", message: `${given(channel)} is not kept; expected ${oneOf(known)}` })
  }
  const extensions = Object.keys(Exporting.formats)
  if (!extensions.includes(path.extname(out).toLowerCase())) {
    problems.push({
      path: "--out",
      message: `${given(out)} does not say the format; expected a name that ends with ${oneOf(extensions)}`
    })
  }
  const from = timeOf("--from", flags.from, now, problems)
  const to = timeOf("--to", flags.to, now, problems)
  if (problems.length > 0 || table === undefined) return yield* CommandLine.bad(problems)
  const source = yield* Source.find(flags)
  const signal = yield* Signals.stopRequested
  let progress: () => number | undefined = () => undefined
  const selection = { table, venue, symbol: symbol?.toUpperCase(), from, to }
  const written = Exporting.write(source, selection, path.resolve(out), (read) => (progress = read)).pipe(
    Effect.mapError(described)
  )
  const stopped = Effect.flatMap(signal, (name) =>
    Effect.fail(new Failed({ message: `${name}: the export is given up` }))
  )
  const { bytes, rows } = yield* Effect.raceFirst(
    written,
    Effect.raceFirst(
      stopped,
      telling(() => progress())
    )
  )
  yield* Effect.annotateLogs(Effect.logInfo("exported"), { out, table: table.name, rows, bytes })
}, Effect.scoped)

/** Epoch ms, of a time or of a duration before now. */
const timeOf = (at: string, text: string | undefined, now: number, problems: Array<Problem>): number | undefined => {
  if (text === undefined) return undefined
  const ago = DurationText.parse(text)
  if (ago !== undefined) return now - Duration.toMillis(ago)
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN
  if (!Number.isNaN(time)) return time
  problems.push({
    path: at,
    message: `${given(text)} is no time; expected one such as 2026-01-31 or 2026-01-31T12:00:00Z, or "2h" for two hours ago`
  })
  return undefined
}
