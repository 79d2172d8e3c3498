/**
 * One replay, from a recording to an exit: the same venues, runner and output as a run, with the recording at their seams and
 * its time as theirs.
 */
import { Supervision } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Scheduler from "effect/Scheduler"
import type { ConfigurationFile } from "../configuration/configurationFile.ts"
import { BadConfiguration, type Problem } from "../configuration/Problem.ts"
import type { Environment } from "../configuration/secrets.ts"
import * as BesideEngine from "../output/besideEngine.ts"
import * as Ndjson from "../output/ndjson.ts"
import type { Format, Handler } from "../output/Output.ts"
import * as Table from "../output/table.ts"
import { tellingConnections } from "../output/tellingConnections.ts"
import { Failed } from "../process/exit.ts"
import { layer } from "../process/layers.ts"
import * as Logging from "../process/logging.ts"
import * as Signals from "../process/signals.ts"
import * as Seams from "../record/Seams.ts"
import type { Header } from "../record/Tape.ts"
import * as TapeReader from "../record/TapeReader.ts"
import * as Runner from "../Runner.ts"
import { type Prepared, prepare } from "../commands/prepare.ts"
import type { Composition } from "../engine/compose.ts"
import * as EngineRun from "../engine/EngineRun.ts"
import * as Deployment from "../venues/Deployment.ts"
import type { VirtualTime } from "./VirtualTime.ts"
import { pacer, told } from "./pacer.ts"
import { Player, type PlayerCounts } from "./Player.ts"

export interface ReplayOptions {
  readonly recording: string
  readonly header: Header
  readonly file: ConfigurationFile
  readonly environment: Environment
  /** Configured names; all when absent. */
  readonly venues: ReadonlyArray<string> | undefined
  /** Epoch ms. */
  readonly from: number | undefined
  readonly to: number | undefined
  readonly speed: number
  readonly format: Format
  /** Hears of the engine, where there is one, before anything is played. */
  readonly composed: (trading: Composition, instrument: Prepared["instrument"], time: VirtualTime) => void
  /** Completed with what a report says of the recording. */
  readonly ended: (outcome: ReplayOutcome) => Effect.Effect<void, Failed>
}

export interface ReplayOutcome {
  readonly startedAt: number
  readonly endedAt: number
  readonly counts: PlayerCounts
  readonly damages: ReadonlyArray<TapeReader.Damage>
}

const DRAIN = "5 seconds"

/** A recording of a run that could not start is played all the same. */
const START_WITHIN = "1 hour"

const PROGRESS_EVERY = "2 seconds"

export const replaySession = Effect.fnUntraced(
  function* (options: ReplayOptions) {
    const { header, recording } = options
    const deployment = yield* deploy(options)
    const signal = yield* Signals.stopRequested
    const damages: Array<TapeReader.Damage> = []
    const player = new Player({
      startedAt: header.startedAt,
      ...(options.venues !== undefined && { venues: new Set(options.venues) }),
      pace: pacer(header.startedAt, options.speed),
      told
    })
    const entries = TapeReader.read(recording, {
      ...(options.to !== undefined && { to: options.to }),
      damaged: (damage) => damages.push(damage)
    })
    yield* progress(player, header).pipe(Effect.repeat(Schedule.spaced(PROGRESS_EVERY)), Effect.forkScoped)
    const began = yield* Clock.currentTimeMillis
    const program = yield* Effect.forkScoped(inTheTimeOf(player, header, runVenues(deployment, player, options)))
    const isDone = () => program.pollUnsafe() !== undefined
    const playing = Effect.promise(() => player.play(entries, isDone))
    const stopped = yield* Effect.raceFirst(Effect.as(playing, undefined), signal)
    if (stopped !== undefined) {
      yield* Effect.logInfo(`stopping: ${stopped}`)
      yield* Fiber.interrupt(program)
    } else if (!isDone()) {
      return yield* new Failed({ message: "the replayed program did not end after the recording" })
    } else yield* Fiber.join(program)
    yield* options.ended({ startedAt: header.startedAt, endedAt: player.time.now, counts: player.counts(), damages })
    yield* report(player, damages, header, (yield* Clock.currentTimeMillis) - began)
  },
  Effect.scoped,
  Effect.provide(layer)
)

const deploy = Effect.fnUntraced(function* ({ environment, file, venues: wanted }: ReplayOptions) {
  const deployment = yield* Deployment.make(file, environment)
  const names = deployment.venues.map(({ settings }) => settings.name)
  const problems = (wanted ?? []).flatMap((name): ReadonlyArray<Problem> =>
    names.includes(name)
      ? []
      : [{ path: "--venue", message: `${name} is not in the recording; it has ${names.join(", ")}` }]
  )
  if (problems.length > 0) return yield* new BadConfiguration({ source: "command line", problems })
  const venues = deployment.venues
    .filter(({ settings }) => wanted?.includes(settings.name) ?? true)
    .map((venue) => ({ ...venue, proxy: undefined, workers: 0 }))
  const { engine, ...rest } = deployment
  return {
    ...rest,
    venues,
    // whatever it was recorded with: a replay trades on paper, and remembers nothing
    ...(engine !== undefined && { engine: { ...engine, mode: "paper" as const, journal: undefined } })
  }
})

/** Runs a program with the recording in the place of the world. */
const inTheTimeOf = <A, E, R>(player: Player, { seed }: Header, program: Effect.Effect<A, E, R>) =>
  Effect.acquireUseRelease(
    Effect.sync(() => Supervision.stateTimeBy(player.time.read)),
    () =>
      program.pipe(
        Effect.provideService(Seams.current, {
          driver: (venue) => player.sockets.driver(venue),
          client: (venue) => player.http.client(venue)
        }),
        Effect.provideService(Clock.Clock, player.time),
        Effect.provideService(Scheduler.Scheduler, player.time.scheduler),
        Effect.provide(quiet),
        Random.withSeed(seed)
      ),
    (restore) => Effect.sync(restore)
  )

/** What was logged when it was recorded need not be told again, but for what went wrong. */
const quiet = Logger.layer([
  Logger.make((options) => {
    if (LogLevel.isGreaterThanOrEqualTo(options.logLevel, "Warn")) Logging.write(options)
  })
])

const runVenues = Effect.fnUntraced(function* (
  deployment: Deployment.Deployment,
  player: Player,
  options: ReplayOptions
) {
  const { instrument, trading, venues } = yield* prepare(deployment, options.header.heard ?? [])
  let runner: Runner.Runner | undefined
  const output =
    options.format === "table" ? yield* Table.make(() => runner?.venues() ?? [], trading?.engine.status) : Ndjson.make()
  const told = since(
    options.from,
    tellingConnections((event) => void output.handler(event))
  )
  if (trading !== undefined) {
    options.composed(trading, instrument, player.time)
    yield* BesideEngine.listen(trading.engine, told)
    yield* EngineRun.follow(trading)
  }
  const running = yield* Runner.make(venues, trading?.engine.take ?? told, { startWithin: START_WITHIN })
  runner = running
  const crash = Effect.mapError(
    running.crashed,
    (cause) => new Failed({ message: "the consumer of events failed", context: { cause: String(cause) }, cause })
  )
  const start = trading === undefined ? running.start : EngineRun.started(trading, running.start)
  yield* Effect.raceAllFirst([Effect.andThen(Effect.ignore(start), Effect.never), crash, player.stopping])
  const traded = trading === undefined ? Exit.void : yield* Effect.exit(EngineRun.stopped(trading, DRAIN))
  yield* running.stop(DRAIN)
  yield* output.end
  yield* traded
}, Effect.scoped)

/** Lets through what was received from this time on. */
const since =
  (from: number | undefined, handler: Handler): Handler =>
  (event) =>
    from === undefined || event.receivedTime >= from ? handler(event) : undefined

const progress = (player: Player, { startedAt }: Header) =>
  Effect.suspend(() => {
    const { frames } = player.counts()
    const seconds = Math.round((player.time.now - startedAt) / 1_000)
    return frames === 0 ? Effect.void : Effect.logInfo(`replayed ${seconds} s`).pipe(Effect.annotateLogs({ frames }))
  })

const report = (player: Player, damages: ReadonlyArray<TapeReader.Damage>, { startedAt }: Header, tookMs: number) =>
  Effect.gen(function* () {
    for (const damage of damages) {
      yield* Effect.annotateLogs(Effect.logWarning(`a part of the recording could not be read: ${damage.what}`), {
        ...damage
      })
    }
    const { frames, lost, ...counts } = player.counts()
    const unasked = player.sockets.dropped + player.http.dropped
    if (lost > 0) yield* Effect.logWarning(`${lost} entries were lost when it was recorded`)
    if (unasked > 0) yield* Effect.logWarning(`${unasked} recorded entries were asked for by nobody`)
    yield* Effect.logInfo("replayed").pipe(
      Effect.annotateLogs({
        ...counts,
        frames,
        recordedMs: Math.round(player.time.now - startedAt),
        tookMs,
        framesPerSecond: Math.round((frames / Math.max(1, tookMs)) * 1_000)
      })
    )
  })
