/**
 * The command line: its commands, and how the process ends. What a command does is loaded when it is called, so that asking for
 * help is quick.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import * as CliConfig from "effect/cli/CliConfig"
import * as Command from "effect/cli/Command"
import * as GlobalFlag from "effect/cli/GlobalFlag"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { check } from "./cli/check.ts"
import { doctor } from "./cli/doctor.ts"
import { instruments } from "./cli/instruments.ts"
import { kill, resume } from "./cli/operate.ts"
import { record } from "./cli/record.ts"
import { replay } from "./cli/replay.ts"
import { run } from "./cli/run.ts"
import { sim } from "./cli/sim.ts"
import { exported, query } from "./cli/store.ts"
import { stream } from "./cli/stream.ts"
import { top } from "./cli/top.ts"
import * as Exit from "./process/exit.ts"
import * as Logging from "./process/logging.ts"
import * as Presenter from "./process/presenter.ts"
import { version } from "./process/version.ts"

const tidewire = Command.make("tidewire").pipe(
  Command.withDescription("Market data of crypto venues: supervised connections, accounted gaps, swappable adapters"),
  Command.withSubcommands([
    run,
    stream,
    record,
    replay,
    check,
    doctor,
    top,
    query,
    exported,
    instruments,
    sim,
    kill,
    resume
  ])
)

const builtIns = [GlobalFlag.Help, GlobalFlag.Version, GlobalFlag.Completions, GlobalFlag.LogLevel]

/** Runs a command line and ends the process with its exit code. */
export const main = (args: ReadonlyArray<string>): void => {
  const program = Command.runWith(tidewire, { version: version() })(args).pipe(
    Exit.toCode,
    Effect.provide(Layer.mergeAll(NodeServices.layer, Presenter.layer, CliConfig.layer({ builtIns }), Logging.layer))
  )
  Effect.runPromise(program).then(
    (code) => process.exit(code),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(Exit.FAILED)
    }
  )
}
