/**
 * `tidewire doctor`: whether a run would do well here, before it is started or beside it. Exit code 0 when nothing is a problem, 1
 * when something is. Sends no order, changes nothing.
 */
import * as Effect from "effect/Effect"
import * as LogLevel from "effect/LogLevel"
import * as References from "effect/References"
import * as ConfigurationFile from "../configuration/configurationFile.ts"
import * as Doctor from "../doctor/Doctor.ts"
import * as Progress from "../doctor/progress.ts"
import * as Report from "../doctor/report.ts"
import * as Standard from "../output/standard.ts"
import { Failed } from "../process/exit.ts"
import { layer } from "../process/layers.ts"

export interface Flags {
  readonly config: string | undefined
  readonly format: "text" | "json"
}

export const doctor = Effect.fnUntraced(
  function* ({ config, format }: Flags) {
    const file = config === undefined ? undefined : yield* ConfigurationFile.read(config)
    const progress = yield* Progress.make
    const findings = yield* quietly(Doctor.look(file, process.env, progress))
    yield* Standard.print(format === "json" ? Report.json(findings) : Report.text(findings))
    const { problem } = Report.counts(findings)
    if (problem > 0) return yield* new Failed({ message: `${problem} problem${problem === 1 ? "" : "s"} found` })
  },
  Effect.scoped,
  Effect.provide(layer)
)

/** What is logged on the way is found again in the findings; whoever asks for more detail gets it. */
const quietly = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const asked = yield* References.MinimumLogLevel
    const level = LogLevel.isLessThan(asked, "Info") ? asked : "Fatal"
    return yield* Effect.provideService(effect, References.MinimumLogLevel, level)
  })
