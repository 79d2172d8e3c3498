/**
 * Tidewire as the runner has it: one venue entry, with as many workers as were asked for, and one handler in the main
 * thread, which works for each event as long as it is told to.
 */
import { adapter } from "@tidewire/adapter-binance"
import { ConnectionOptions, type Event, MarketStream, QueueOptions, WsSocket } from "@tidewire/core"
import { Effect, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import * as Workers from "../../../apps/runner/src/workers/over.ts"
import { Tally } from "../tally.ts"
import { type ClientArguments, type FromClient, ownArguments, symbolOf, tellParent } from "./messages.ts"

const { plan, port, workMicros, workers } = ownArguments<ClientArguments>()
const channel = plan.kind === "depth" ? ("book" as const) : ("trades" as const)
const symbols = Array.from({ length: plan.symbols }, (_, index) => symbolOf(index))
const subscriptions = symbols.map((symbol) => ({ symbol, channel }))
const endpoints = { stream: `ws://127.0.0.1:${port}`, rest: `http://127.0.0.1:${port}` }
/** Whoever does not keep up stops reading: nothing may be lost in a comparison of who takes more. */
const overflow = { [channel]: "block" as const }

const entry = {
  adapter: "@tidewire/adapter-binance",
  venue: "binance",
  endpoints,
  workers,
  queue: { overflow },
  subscriptions: [{ symbols, channels: [channel] }]
}

const tallies = new Map(symbols.map((symbol) => [symbol, new Tally()]))
const problems: Array<string> = []
const waiting = new Set(symbols)

const say = (message: FromClient): Promise<void> => tellParent(message)

const begun = (symbol: string): void => {
  if (waiting.delete(symbol) && waiting.size === 0) void say({ type: "ready" })
}

const nothing = { ms: 0, framesPerSecond: 0, cpuMicros: 0, mainMicros: 0 }

const lost = (gap: Event.Gap): Promise<void> =>
  say({ type: "result", throughput: nothing, consumed: {}, problems: [`gap: ${JSON.stringify(gap)}`] })

const control = (event: Event.Event): void => {
  // what is missing would be waited for without end
  if (event.type === "gap") void lost(event)
  else if (event.type === "bookState" && event.state === "live") begun(event.symbol)
  else if (event.type === "subscription" && event.state !== "pending" && plan.kind === "trades") begun(event.symbol)
  else if (event.type === "connection" && event.state === "Active" && plan.kind === "trades") {
    begun(event.connection.split("@")[0]!)
  }
}

const work = (): void => {
  const until = performance.now() + workMicros / 1_000
  while (performance.now() < until);
}

const first = plan.symbols * plan.warm
const last = first + plan.symbols * plan.frames
let frames = 0
let startMs = 0
let startCpu = process.cpuUsage()
let startThread = process.threadCpuUsage()

const count = (stream: () => MarketStream.MarketStream): void => {
  frames++
  if (workMicros > 0) work()
  if (frames === first) {
    startMs = performance.now()
    startCpu = process.cpuUsage()
    startThread = process.threadCpuUsage()
  } else if (frames === last) {
    const ms = performance.now() - startMs
    const cpu = process.cpuUsage(startCpu)
    const thread = process.threadCpuUsage(startThread)
    setImmediate(() => finish(ms, cpu.user + cpu.system, thread.user + thread.system, stream()))
  }
}

const finish = (ms: number, cpuMicros: number, threadMicros: number, stream: MarketStream.MarketStream): void => {
  const { conflated, dropped } = stream.counts()
  if (conflated + dropped > 0) problems.push(`conflated ${conflated}, dropped ${dropped}`)
  const measured = last - first
  const consumed = Object.fromEntries(
    [...tallies].map(([symbol, tally]) => {
      const { checksum, lastId } = tally.consumed()
      return [symbol, { lastId, checksum }]
    })
  )
  void say({
    type: "result",
    throughput: {
      ms,
      framesPerSecond: Math.round((measured / ms) * 1_000),
      cpuMicros: cpuMicros / measured,
      mainMicros: threadMicros / measured
    },
    consumed,
    problems
  }).then(() => process.exit())
}

const program = Effect.gen(function* () {
  const own = yield* adapter.make({
    venue: "binance",
    name: "binance",
    environment: "mainnet",
    endpoints,
    options: {},
    connection: ConnectionOptions.defaults
  })
  const origin = { entry, path: [], folders: [`${import.meta.dirname}/../..`], environment: {} }
  const venue =
    workers === 0
      ? own
      : Workers.over({ adapter: own, origin, connection: ConnectionOptions.defaults, workers, canPause: true })
  const queue = yield* Schema.decodeEffect(QueueOptions.QueueOptions)({ overflow })
  const stream: MarketStream.MarketStream = yield* MarketStream.open(venue, subscriptions, queue)
  yield* stream.consume((event) => {
    if (event.type === "trade") tallies.get(event.symbol)!.trade(event.id, event.price)
    else if (event.type !== "book") return control(event)
    else if (event.kind === "snapshot") return
    else tallies.get(event.symbol)!.change(event.sequence, event.bids, event.asks)
    count(() => stream)
  })
})

await Effect.runPromise(Effect.scoped(program).pipe(Effect.provide([WsSocket.layer, FetchHttpClient.layer])))
