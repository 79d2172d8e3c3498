/** `tidewire replay`: a recording through the adapters that it was made with, on its own clock. */
import * as Effect from "effect/Effect"
import { DurationText } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as ConfigurationFile from "../configuration/configurationFile.ts"
import { BadConfiguration, given, type Problem } from "../configuration/Problem.ts"
import type { Format } from "../output/Output.ts"
import * as SegmentFiles from "../record/SegmentFiles.ts"
import type { Header } from "../record/Tape.ts"
import * as TapeReader from "../record/TapeReader.ts"
import { Bookkeeper } from "../replay/report/Bookkeeper.ts"
import * as ReportFiles from "../replay/report/files.ts"
import type { Report } from "../replay/report/Report.ts"
import { withStrategies } from "../replay/withStrategies.ts"
import { replaySession } from "../replay/replaySession.ts"

export interface Flags {
  readonly recording: string
  readonly config: string | undefined
  readonly venue: string | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  readonly speed: string
  readonly format: Format | undefined
  /** Modules that run instead of the recorded ones. */
  readonly strategy: ReadonlyArray<string>
  readonly report: string | undefined
  readonly currency: string
}

export const replay = Effect.fnUntraced(function* (flags: Flags) {
  const header = yield* headerOf(flags.recording)
  const problems: Array<Problem> = []
  const from = timeOf("--from", flags.from, header, problems)
  const to = timeOf("--to", flags.to, header, problems)
  const speed = flags.speed === "max" ? Infinity : Number(flags.speed)
  if (!(speed > 0)) {
    problems.push({ path: "--speed", message: `${given(flags.speed)} is no speed; expected max or a number above 0` })
  }
  if (flags.report !== undefined) problems.push(...ReportFiles.problems(flags.report))
  if (problems.length > 0) return yield* new BadConfiguration({ source: "command line", problems })
  const file =
    flags.config === undefined
      ? { source: flags.recording, folder: header.folder, value: withStrategies(header, flags.strategy) }
      : yield* ConfigurationFile.read(flags.config)
  let books: Bookkeeper | undefined
  yield* replaySession({
    recording: flags.recording,
    header,
    file,
    environment: process.env,
    venues: flags.venue?.split(",").map((each) => each.trim()),
    from,
    to,
    speed,
    format: flags.format ?? "ndjson",
    composed: ({ engine }, instrument, time) => {
      books = new Bookkeeper({ engine, currency: flags.currency, instrument, now: () => time.now })
    },
    ended: (outcome) => Effect.suspend(() => told(books?.report(outcome), flags.report))
  })
})

/** The result in the log, all of it in files where they are wanted. */
const told = (report: Report | undefined, name: string | undefined) => {
  if (report === undefined) {
    return name === undefined
      ? Effect.void
      : Effect.logWarning("there is no report: neither the recording nor --strategy has a strategy")
  }
  const { currency, maxDrawdown, netValue, statistics } = report
  const said = Effect.annotateLogs(Effect.logInfo("the result of the replay"), {
    netValue: `${netValue} ${currency}`,
    maxDrawdown: `${maxDrawdown.amount} ${currency}`,
    orders: statistics.orders,
    fills: statistics.fills
  })
  return name === undefined ? said : Effect.andThen(said, ReportFiles.write(name, report))
}

const headerOf = (recording: string): Effect.Effect<Header, BadConfiguration> =>
  Effect.suspend(() => {
    const bad = (message: string) =>
      Effect.fail(new BadConfiguration({ source: "command line", problems: [{ path: given(recording), message }] }))
    if (SegmentFiles.list(recording).length === 0) {
      return bad("holds no recording; expected a folder that `tidewire record --out` or `--record` has made")
    }
    const header = TapeReader.header(recording)
    if (header === undefined) return bad("is no recording, or its beginning is damaged: its header cannot be read")
    if (header.format !== 1) return bad(`is of format ${String(header.format)}; this version reads format 1`)
    return Effect.succeed(header)
  })

/** Epoch ms, of a time or of a duration after the start. */
const timeOf = (
  path: string,
  text: string | undefined,
  { startedAt }: Header,
  problems: Array<Problem>
): number | undefined => {
  if (text === undefined) return undefined
  const after = DurationText.parse(text)
  if (after !== undefined) return startedAt + Duration.toMillis(after)
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN
  if (!Number.isNaN(time)) return time
  problems.push({
    path,
    message: `${given(text)} is no time; expected one such as 2026-01-31T12:00:00Z, or "90s" after the start`
  })
  return undefined
}
