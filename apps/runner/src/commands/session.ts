/**
 * One session, from a configuration to an exit: open, deliver to the output, and to the engine where there is one, stop. It ends by its limit, its duration, a
 * signal, or because nobody reads its output any more; in each case it drains, closes and reports. It fails when nothing
 * could be started.
 */
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { ConfigurationFile } from "../configuration/configurationFile.ts"
import { BadConfiguration } from "../configuration/Problem.ts"
import type { Environment } from "../configuration/secrets.ts"
import type { Composition } from "../engine/compose.ts"
import * as ControlServer from "../engine/ControlServer.ts"
import * as EngineRun from "../engine/EngineRun.ts"
import * as LiveSwitch from "../engine/liveSwitch.ts"
import { Latency } from "../metrics/Latency.ts"
import * as Bus from "../operation/bus.ts"
import type { Instance, Phase } from "../operation/Instance.ts"
import * as Operation from "../operation/Operation.ts"
import { Watch } from "../operation/Watch.ts"
import * as BesideEngine from "../output/besideEngine.ts"
import { limited } from "../output/limit.ts"
import * as Ndjson from "../output/ndjson.ts"
import { defaultFormat } from "../output/Output.ts"
import * as Standard from "../output/standard.ts"
import * as Table from "../output/table.ts"
import { tellingConnections } from "../output/tellingConnections.ts"
import { Failed } from "../process/exit.ts"
import { layer } from "../process/layers.ts"
import { version } from "../process/version.ts"
import * as Signals from "../process/signals.ts"
import * as Recording from "../record/recording.ts"
import * as Runner from "../Runner.ts"
import * as Deployment from "../venues/Deployment.ts"
import { type Prepared, prepare } from "./prepare.ts"
import type { StreamOptions } from "./streamFlags.ts"

export interface SessionOptions extends StreamOptions {
  readonly file: ConfigurationFile
  readonly environment: Environment
  /** It is there for its recording alone, and ends with it. */
  readonly isForRecording?: boolean
  /** Whether the configuration's engine runs, and whether live trading was asked for beside it. */
  readonly engine: "none" | "paper" | "live"
}

export const session = Effect.fnUntraced(
  function* (options: SessionOptions) {
    const signal = yield* Signals.stopRequested
    const renewals = yield* Signals.renewals
    const stopped = Effect.map(signal, (name) => name as string)
    const deployment = yield* deploy(options)
    const recording =
      options.record === undefined
        ? undefined
        : yield* Recording.make(options.record, { ...deployment, file: options.file })
    yield* Effect.annotateLogs(Effect.logDebug("starting"), { version: version(), configuration: options.file.source })
    const running = Effect.gen(function* () {
      const prepared = yield* Effect.raceFirst(prepare(deployment), stopped)
      if (typeof prepared === "string") return yield* Effect.logInfo(`${prepared}: stopped before anything was opened`)
      yield* deliver(prepared, deployment, { stopped, renewals, recording }, options)
    })
    yield* recording === undefined ? running : recording.run(running)
  },
  Effect.scoped,
  Effect.provide(layer)
)

const deploy = Effect.fnUntraced(function* ({ engine, environment, file, record }: SessionOptions) {
  const deployment = yield* Deployment.make(file, environment, engine === "none" ? "streams" : "all")
  const problems = LiveSwitch.problemsOf(deployment.engine, engine === "live")
  if (problems.length > 0) return yield* new BadConfiguration({ source: file.source, problems })
  if (record === undefined || deployment.venues.every(({ workers }) => workers === 0)) return deployment
  yield* Effect.logWarning("a run that is recorded has no worker threads: `workers` is taken as 0")
  return { ...deployment, venues: deployment.venues.map((venue) => ({ ...venue, workers: 0 })) }
})

/** What reaches a session from outside while it runs. */
interface Surroundings {
  readonly stopped: Effect.Effect<string>
  readonly renewals: Signals.Renewals
  readonly recording: Recording.Recorded | undefined
}

const deliver = Effect.fnUntraced(function* (
  { prepared, trading, venues }: Prepared,
  { operation: entries, source }: Deployment.Deployment,
  { recording, renewals, stopped }: Surroundings,
  options: SessionOptions
) {
  let runner: Runner.Runner | undefined
  const wanted = options.format ?? defaultFormat()
  const output =
    wanted === "table"
      ? yield* Table.make(() => runner?.venues() ?? [], trading?.engine.status)
      : wanted === "none"
        ? { handler: () => undefined, end: Effect.void }
        : Ndjson.make()
  const limitReached = Deferred.makeUnsafe<void>()
  const told = tellingConnections(output.handler)
  const handler =
    options.limit === undefined
      ? told
      : limited(told, options.limit, () => Deferred.doneUnsafe(limitReached, Effect.void))
  if (trading !== undefined) {
    yield* BesideEngine.listen(trading.engine, handler)
    yield* EngineRun.follow(trading)
    yield* ControlServer.serve(trading)
  }
  const bus = Operation.isWanted(entries) ? yield* Bus.busOf(trading) : undefined
  const latency = Operation.isMeasured(entries) ? new Latency() : undefined
  const taking = trading?.engine.take ?? (bus === undefined ? handler : Bus.telling(bus, handler))
  const consumer = latency === undefined ? taking : latency.measuring(taking)
  const running = yield* Runner.make(venues, consumer, { startWithin: options.startWithin })
  runner = running
  renewals.handle(renew(running))
  let phase: Phase = "starting"
  const operation =
    bus === undefined
      ? undefined
      : yield* Operation.open(
          yield* instanceOf({ source, venues: prepared, runner: running, trading, bus, latency, phase: () => phase }),
          entries
        )

  const outcome = yield* Effect.exit(
    Effect.raceAllFirst([
      stopped,
      Effect.as(Deferred.await(limitReached), "the limit is reached"),
      Effect.as(Deferred.await(Standard.closed), "nobody reads the output any more"),
      Effect.as(
        until(running, options.duration, trading, () => (phase = "running")),
        "the duration is over"
      ),
      options.isForRecording === true && recording !== undefined
        ? Effect.flatMap(recording.ended, unrecorded)
        : Effect.never
    ])
  )
  phase = "stopping"
  if (recording !== undefined) yield* recording.stopping
  if (Exit.isSuccess(outcome)) yield* Effect.logInfo(`stopping: ${outcome.value}`)
  const traded = trading === undefined ? Exit.void : yield* Effect.exit(EngineRun.stopped(trading, options.drain))
  const reports = yield* running.stop(options.drain)
  const operated = operation === undefined ? Exit.void : yield* Effect.exit(operation.end(options.drain))
  const ended = yield* Effect.timeoutOption(output.end, options.drain)
  if (Option.isNone(ended)) yield* Effect.logWarning(`${Standard.waiting()} bytes of output were not read in time`)
  yield* Effect.forEach(reports, report, { discard: true })
  if (recording !== undefined) yield* Effect.annotateLogs(Effect.logInfo("recorded"), { ...recording.counts() })
  yield* outcome
  yield* traded
  yield* operated
})

const instanceOf = (parts: Omit<Instance, "version" | "startedAt" | "watch">): Effect.Effect<Instance> =>
  Effect.clockWith((clock) =>
    Effect.sync(() => {
      const now = () => clock.currentTimeMillisUnsafe()
      return { ...parts, version: version(), startedAt: now(), watch: new Watch(parts.venues, parts.bus, now) }
    })
  )

const unrecorded = (reason: string) => Effect.fail(new Failed({ message: "the recording ended", context: { reason } }))

/** Starts and goes on for as long as was asked; a run that never had a connection Active has failed. */
const until = (
  runner: Runner.Runner,
  duration: Duration.Duration | undefined,
  trading: Composition | undefined,
  onStarted: () => void
) => {
  let isStarted = false
  const start = (trading === undefined ? runner.start : EngineRun.started(trading, runner.start)).pipe(
    Effect.mapError(
      ({ message, venues }) => new Failed({ message, context: { venues: venues.map(({ name }) => name).join(",") } })
    ),
    Effect.andThen(
      Effect.suspend(() => {
        isStarted = true
        onStarted()
        return Effect.logInfo("started").pipe(Effect.annotateLogs({ connections: Runner.summary(runner.venues()) }))
      })
    ),
    Effect.andThen(Effect.never)
  )
  const crash = Effect.mapError(
    runner.crashed,
    (cause) => new Failed({ message: "the consumer of events failed", context: { cause: String(cause) }, cause })
  )
  const end = Effect.suspend(() =>
    isStarted
      ? Effect.void
      : Effect.fail(new Failed({ message: `no connection was ever Active; ${Runner.summary(runner.venues())}` }))
  )
  return Effect.raceAllFirst([start, crash, duration === undefined ? Effect.never : Effect.delay(end, duration)])
}

/** The account of a venue; what was lost by the stop itself is said loudly. */
const report = ({ left, leftBy, unclosed, venue, ...counts }: Runner.VenueReport) =>
  Effect.gen(function* () {
    if (unclosed.length > 0) {
      yield* Effect.annotateLogs(Effect.logWarning("connections did not close"), { connections: unclosed.join(", ") })
    }
    if (left === 0) return yield* Effect.annotateLogs(Effect.logInfo("stopped"), { left, ...counts })
    yield* Effect.logWarning(`stopped before everything was delivered: ${left} events were left`).pipe(
      Effect.annotateLogs({ left, leftBy: byName(leftBy), ...counts })
    )
  }).pipe(Effect.annotateLogs({ venue }))

/** As many channels as the account names one by one. */
const NAMED = 20

/** `{ "BTCUSDT trades": 12, "2 more": 7 }` */
const byName = (leftBy: Runner.VenueReport["leftBy"]): Readonly<Record<string, number>> => {
  const rest = leftBy.slice(NAMED)
  return {
    ...Object.fromEntries(
      leftBy.slice(0, NAMED).map(({ channel, symbol, waiting }) => [`${symbol || "connections"} ${channel}`, waiting])
    ),
    ...(rest.length > 0 && { [`${rest.length} more`]: rest.reduce((sum, { waiting }) => sum + waiting, 0) })
  }
}

/** What an operator asked for by a signal. */
const renew = (runner: Runner.Runner) =>
  Effect.suspend(() => {
    const { reset, rotated } = runner.renew()
    const names = (each: ReadonlyArray<string>) => (each.length === 0 ? "none" : each.join(", "))
    return Effect.logInfo("asked to renew connections").pipe(
      Effect.annotateLogs({ triedAgain: names(reset), replaced: names(rotated) })
    )
  })
