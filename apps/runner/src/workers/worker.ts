/**
 * The program of a worker thread: the adapter of one venue entry, made again from what the configuration says, and a
 * stream of its share of the subscriptions, whose events are posted in batches.
 *
 * Guarantees: the queues here have the policies of the entry, and apply them while the main thread does not keep up; on
 * "stop" the sockets close and what waits is posted, within `STOP_WITHIN`; what is logged is logged by the main thread.
 */
import { parentPort, workerData } from "node:worker_threads"
import { MarketStream, type VenueError } from "@tidewire/core"
import * as Cause from "effect/Cause"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Formatter from "effect/Formatter"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import * as AdapterLoader from "../adapters/AdapterLoader.ts"
import { load } from "../configuration/load.ts"
import { format } from "../configuration/Problem.ts"
import { layer } from "../process/layers.ts"
import { makeAdapter } from "../venues/makeAdapter.ts"
import * as VenueSetup from "../venues/VenueSetup.ts"
import type { Account, FromWorker, Order, ToWorker } from "./messages.ts"
import { Outbox } from "./Outbox.ts"
import * as PlainErrors from "./plainErrors.ts"
import * as RemoteBudgets from "./remoteBudgets.ts"
import { type SharedPause, sharedPause } from "./sharedPause.ts"

/** Less than the main thread waits for. */
const STOP_WITHIN = "2 seconds"

const ACCOUNT_EVERY = "1 second"
const LOOK_EVERY = "5 millis"

const order = workerData as Order
const port = parentPort!

const post = (message: FromWorker): void => port.postMessage(message)

const desk = RemoteBudgets.install(post)

let outbox: Outbox | undefined
let shared: SharedPause | undefined
let stream: MarketStream.MarketStream | undefined
const stopping = Deferred.makeUnsafe<void>()

/** Permits are given before there is a stream: making an adapter may take requests. */
const receive =
  (run: (effect: Effect.Effect<void>) => unknown) =>
  (message: ToWorker): void => {
    switch (message.type) {
      case "taken":
        return outbox?.taken()
      case "granted":
        return desk.granted(message.id, message.atMs)
      case "rotate":
        return void stream?.feed.rotate(message.connection)
      case "reconnect":
        return void stream?.feed.reconnect(message.connection)
      case "reset":
        return void stream?.feed.reset(message.connection)
      case "pause":
        return shared?.hold(message.subscription)
      case "resume":
        return shared?.release(message.subscription)
      case "update":
        return void run(update(message))
      case "stop":
        return void Deferred.doneUnsafe(stopping, Effect.void)
    }
  }

const program = Effect.gen(function* () {
  port.on("message", receive(Effect.runForkWith(yield* Effect.context<never>())))
  const setup = yield* readEntry
  outbox = new Outbox(
    setup.settings.name,
    (batch) => port.postMessage({ type: "events", batch } satisfies FromWorker, [batch.numbers.buffer]),
    setImmediate
  )
  shared = sharedPause(yield* makeAdapter({ ...setup, workers: 0 }))
  const opened = yield* MarketStream.open(shared.adapter, order.subscriptions, setup.queue)
  stream = opened
  const consuming = yield* Effect.forkScoped(opened.consume(outbox.add))
  const account = accountOf(opened)
  const tell = Effect.sync(() => post({ type: "account", account: account() }))
  yield* Effect.forkScoped(Stream.runForEach(SubscriptionRef.changes(opened.feed.states), () => tell))
  yield* Effect.forkScoped(Effect.repeat(tell, Schedule.spaced(ACCOUNT_EVERY)))
  post({ type: "opened" })

  yield* Effect.raceFirst(Deferred.await(stopping), Effect.andThen(Fiber.join(consuming), Effect.never))
  const { left } = yield* opened.stop(STOP_WITHIN)
  if (left > 0) {
    yield* Effect.annotateLogs(Effect.logWarning("a worker stopped before everything was handed over"), { left })
  }
  yield* untilPosted(outbox)
  post({ type: "stopped", account: account() })
})

/** The entry was found right by the main thread, with the same adapter. */
const readEntry = Effect.gen(function* () {
  const { entries } = load({ venues: [order.entry] })
  const loader = AdapterLoader.make(order.folders)
  const { problems, setup } = yield* Effect.promise(() => VenueSetup.check(entries[0]!.entry, order, loader))
  if (setup !== undefined) return setup
  return yield* Effect.die(new Error(`the entry cannot be read in a worker: ${problems.map(format).join("; ")}`))
})

const update = ({ id, reasons, subscriptions }: ToWorker & { readonly type: "update" }): Effect.Effect<void> =>
  Effect.map(Effect.result(stream?.update(subscriptions, reasons) ?? Effect.void), (result) =>
    post(
      Result.isFailure(result)
        ? { type: "updated", id, error: PlainErrors.from(result.failure) }
        : { type: "updated", id }
    )
  )

/** What has changed since the last time. */
const accountOf = ({ counts, feed }: MarketStream.MarketStream): (() => Account) => {
  let states: ReturnType<typeof statesNow> | undefined
  let samples: ReturnType<typeof feed.samples> = []
  const statesNow = () => SubscriptionRef.getUnsafe(feed.states)
  return () => {
    const [nowStates, nowSamples] = [statesNow(), feed.samples()]
    const account = {
      counts: feed.counts(),
      queue: counts(),
      ...(nowStates !== states && { states: [...nowStates.values()] }),
      ...(nowSamples.length + samples.length > 0 && { samples: nowSamples })
    }
    states = nowStates
    samples = nowSamples
    return account
  }
}

const untilPosted = (box: Outbox) =>
  Effect.sync(() => box.isEmpty).pipe(
    Effect.repeat({ until: (isEmpty) => isEmpty, schedule: Schedule.spaced(LOOK_EVERY) }),
    Effect.timeoutOption(STOP_WITHIN)
  )

const logger = Logger.layer([
  Logger.map(Logger.formatStructured, ({ annotations, cause, level, message }) =>
    post({ type: "log", record: { level, message: printable(message), annotations: printable(annotations), cause } })
  )
])

/** What cannot be handed over is not worth a lost line. */
const printable = <A>(value: A): A => {
  try {
    return structuredClone(value)
  } catch {
    return JSON.parse(Formatter.formatJson(value)) as A
  }
}

const main = program.pipe(
  Effect.scoped,
  Effect.catch((error: VenueError.VenueError) =>
    Effect.sync(() => post({ type: "failed", error: PlainErrors.from(error) }))
  ),
  Effect.provide(Layer.mergeAll(layer, logger)),
  Effect.provideService(References.MinimumLogLevel, order.minimumLogLevel)
)

Effect.runCallback(main, {
  onExit: (exit) => {
    // thrown here it is what the main thread is told that this thread died of
    if (Exit.isFailure(exit)) throw Cause.squash(exit.cause)
  }
})
