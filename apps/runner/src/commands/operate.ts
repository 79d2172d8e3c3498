/**
 * `tidewire kill` and `tidewire resume`: an operator's word to the engine of a configuration. Where it runs in another process
 * that one carries it out; where none does, `kill` connects to the accounts itself, cancels everything and leaves the halt in
 * the journal for the next start.
 */
import { DurationText } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as ConfigurationFile from "../configuration/configurationFile.ts"
import { given } from "../configuration/Problem.ts"
import { valueAt } from "../configuration/valueAt.ts"
import { compose } from "../engine/compose.ts"
import * as ControlClient from "../engine/controlClient.ts"
import type { Answer, Request } from "../engine/controlMessages.ts"
import { journalOf } from "../engine/EngineDeployment.ts"
import * as Halting from "../engine/halting.ts"
import * as Hearing from "../engine/hearing.ts"
import * as Resuming from "../engine/resuming.ts"
import * as Standard from "../output/standard.ts"
import { Failed } from "../process/exit.ts"
import { layer } from "../process/layers.ts"
import * as Deployment from "../venues/Deployment.ts"
import * as PreparedVenue from "../venues/PreparedVenue.ts"
import * as CommandLine from "./commandLine.ts"

export interface Flags {
  readonly command: Request["command"]
  readonly config: string
  readonly reason: string
  readonly within: string
}

export const operate = Effect.fnUntraced(
  function* ({ command, config, reason, within: text }: Flags) {
    const within = DurationText.parse(text)
    if (within === undefined || !Duration.isGreaterThan(within, Duration.zero)) {
      return yield* CommandLine.bad([
        { path: "--within", message: `${given(text)} is no duration; expected one such as 10s` }
      ])
    }
    if (reason === "" || reason.length > 500) {
      return yield* CommandLine.bad([{ path: "--reason", message: "expected 1 to 500 characters" }])
    }
    const file = yield* ConfigurationFile.read(config)
    const journal = valueAt(file.value, ["engine", "journal"])
    if (typeof journal !== "string") {
      return yield* CommandLine.bad([
        { path: "engine.journal", message: `is missing in ${config}: an engine without a journal cannot be reached` }
      ])
    }
    const path = journalOf(journal, file.folder)
    const request: Request = { command, reason, withinMs: Duration.toMillis(within) }
    const answer = (yield* ControlClient.ask(path, request)) ?? (yield* alone(file, path, request))
    yield* Standard.print(answer.message)
    if (!answer.isDone) {
      return yield* new Failed({ message: `${command} is not done`, context: { open: answer.open.join(", ") } })
    }
  },
  Effect.scoped,
  Effect.provide(layer)
)

/** Where no engine runs. The journal is held meanwhile, so that none begins. */
const alone = (file: ConfigurationFile.ConfigurationFile, path: string, request: Request) =>
  Effect.gen(function* () {
    if (request.command === "resume") return yield* Resuming.inJournal(path, request.reason)
    const deployment = yield* Deployment.make(file, process.env)
    if (deployment.engine?.mode !== "live") {
      const message = `no engine runs on ${path}: orders on paper have ended with it, nothing is to be cancelled`
      return { isDone: true, message, open: [] } satisfies Answer
    }
    yield* Effect.logWarning("no engine runs: everything is cancelled from here")
    const prepared = yield* PreparedVenue.all(deployment.venues)
    const composition = yield* compose(deployment.engine, prepared, file.source, yield* Hearing.make)
    return yield* Halting.carryOut(composition, request)
  })
