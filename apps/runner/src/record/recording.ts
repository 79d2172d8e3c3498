/**
 * A run that is recorded: the recording is begun before the venues are, and ended after them.
 *
 * Guarantees: nothing is begun where the recording cannot be: a folder that is not empty, an adapter that dials by itself and
 * so cannot be listened to. When the recording cannot go on (a full disk), that is told once and the run goes on without it.
 */
import { Supervision } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import { readFileSync } from "node:fs"
import type { ConfigurationFile } from "../configuration/configurationFile.ts"
import { BadConfiguration, type Problem, problem } from "../configuration/Problem.ts"
import type { Deployment } from "../venues/Deployment.ts"
import type { VenueSetup } from "../venues/VenueSetup.ts"
import { configurationHeader } from "./configurationHeader.ts"
import { record } from "./record.ts"
import { Recorder } from "./Recorder.ts"
import * as SegmentFiles from "./SegmentFiles.ts"
import { type Header, Kind } from "./Tape.ts"
import * as TapeWriter from "./TapeWriter.ts"

export interface RecordOptions {
  readonly folder: string
  /** The flag that named the folder, for messages. */
  readonly flag: string
  readonly segmentBytes: number
  readonly maxBytes: number
}

export interface Recorded {
  /** Says that the run begins to stop. */
  readonly stopping: Effect.Effect<void>
  /** Completes when nothing more can be recorded: why. */
  readonly ended: Effect.Effect<string>
  readonly counts: () => TapeWriter.TapeCounts
  /** Runs a program so that it is recorded. */
  readonly run: <A, E, R>(program: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R | Scope.Scope>
}

const MOST_SEED = 0x7fff_ffff

const FORMAT = 1

export const make = (
  options: RecordOptions,
  deployment: Deployment & { readonly file: ConfigurationFile }
): Effect.Effect<Recorded, BadConfiguration, Scope.Scope> =>
  Effect.gen(function* () {
    const unrecordable = deployment.venues.flatMap(deaf)
    if (unrecordable.length > 0) {
      return yield* new BadConfiguration({ source: deployment.source, problems: unrecordable })
    }
    const { flag, folder, maxBytes, segmentBytes } = options
    const problems = SegmentFiles.prepare(folder)
    if (problems !== undefined) {
      return yield* new BadConfiguration({ source: "command line", problems: [{ path: flag, message: problems }] })
    }
    const seed = yield* Random.nextIntBetween(1, MOST_SEED)
    const header: Omit<Header, "segment"> = {
      format: FORMAT,
      startedAt: Supervision.receiveTime(),
      seed,
      version: version(),
      runtime: `${process.release.name} ${process.version} ${process.platform} ${process.arch}`,
      folder: deployment.file.folder,
      configuration: configurationHeader(deployment.file.value, deployment.venues, deployment.engine !== undefined),
      ...(deployment.engine !== undefined && { heard: heardBy(deployment.engine.strategies) })
    }
    const tape = yield* TapeWriter.make({ folder, header, segmentBytes, maxBytes, now: Supervision.receiveTime })
    const recorder = new Recorder(tape)
    yield* tape.ended.pipe(
      Effect.flatMap((reason) =>
        Effect.annotateLogs(Effect.logError("the recording ends here: what comes from now on is not in it"), {
          folder,
          reason
        })
      ),
      Effect.forkScoped
    )
    return {
      stopping: Effect.sync(() => recorder.came(Kind.stopping, 0, "")),
      ended: tape.ended,
      counts: tape.counts,
      run: (program) => record(program, recorder, seed)
    }
  })

const heardBy = (strategies: NonNullable<Deployment["engine"]>["strategies"]): NonNullable<Header["heard"]> =>
  strategies.flatMap(({ strategy }) =>
    strategy.subscriptions.map(({ channels, symbol, venue }) => ({ venue, symbol, channels }))
  )

/** Adapters that dial by themselves pass by where a recording listens. */
const deaf = ({ adapter, path }: VenueSetup): ReadonlyArray<Problem> =>
  adapter.transport === "own"
    ? [
        problem(
          [...path, "adapter"],
          `${adapter.name} dials by itself and cannot be recorded; expected another adapter`
        )
      ]
    : []

const version = (): string => {
  const manifest = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
    version: string
  }
  return manifest.version
}
