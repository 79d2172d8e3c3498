/**
 * What a client's process needs under load: the exchange runs in another process, the handler only counts, and the heap
 * is read after a collection. Nothing goes wrong here; what is lost all the same is a problem.
 */
import { adapter } from "@tidewire/adapter-binance"
import { ConnectionOptions, MarketStream, type Subscription, WsSocket } from "@tidewire/core"
import type { SimulatorOptions } from "@tidewire/simulator"
import { Effect, Logger } from "effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { setTimeout } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import type { FromExchange, Listening, Sent } from "./exchange.ts"
import * as GcPauses from "./gcPauses.ts"
import { symbolsOf } from "./market.ts"

export type Mode = "streams" | "symbols"

export interface Measured {
  readonly mode: Mode
  readonly symbols: number
  readonly connections: number
  readonly minutes: number
  readonly messagesPerSecond: number
  /** Until every connection was Active. */
  readonly activeAfterMs: number
  readonly heapMB: number
  /** Mean of the last minute less mean of the second. */
  readonly heapGrowthMB: number
  readonly rssMB: number
  readonly mostRssMB: number
  /** Of the collections that were not forced: how many, the longest, the 99th of a hundred. */
  readonly gcPauses: { readonly count: number; readonly longestMs: number; readonly p99Ms: number }
  readonly problems: ReadonlyArray<string>
}

const channels: Record<Mode, ReadonlyArray<string>> = {
  streams: ["trades", "quotes", "book", "bars:1s", "ticker"],
  // a book each would be a snapshot each, and a thousand of them are eight minutes of the venue's weight
  symbols: ["trades", "quotes", "bars:1m"]
}

const rates: Record<Mode, SimulatorOptions["rates"]> = {
  streams: { tradesPerSecond: 212, ordersPerSecond: 150 },
  symbols: { tradesPerSecond: 1, ordersPerSecond: 4 }
}

const SAMPLE_EVERY_MS = 5_000

const ACTIVE_WITHIN_MS = 60_000

const startExchange = async (options: SimulatorOptions): Promise<{ child: ChildProcess; listening: Listening }> => {
  const file = fileURLToPath(new URL("exchange.ts", import.meta.url))
  const child = fork(file, [JSON.stringify(options)], { execArgv: [], stdio: ["ignore", "ignore", "inherit", "ipc"] })
  const [message] = (await once(child, "message")) as [FromExchange]
  if (message.type !== "listening") throw new Error("the exchange did not start")
  return { child, listening: message }
}

const sentBy = async (child: ChildProcess): Promise<Sent> => {
  child.send("sent?")
  const [message] = (await once(child, "message")) as [FromExchange]
  if (message.type !== "sent") throw new Error("the exchange did not answer")
  return message
}

interface Sample {
  readonly atMs: number
  readonly heap: number
  readonly rss: number
}

const MB = 2 ** 20

const rounded = (value: number): number => Math.round(value * 100) / 100

const meanHeap = (samples: ReadonlyArray<Sample>, fromMs: number, toMs: number): number => {
  const found = samples.filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
  return found.reduce((total, { heap }) => total + heap, 0) / found.length
}

export const measure = (
  mode: Mode,
  options: { readonly minutes: number; readonly symbols: number },
  heapBytes: () => number,
  say: (text: string) => void
): Promise<Measured> =>
  Effect.runPromise(
    Effect.gen(function* () {
      const symbols = symbolsOf("spot", options.symbols)
      const { child, listening } = yield* Effect.acquireRelease(
        Effect.promise(() =>
          startExchange({
            symbols: { spot: symbols },
            rates: rates[mode]!,
            historyMinutes: 2,
            keepTrades: 1_000,
            keepBars: 200
          })
        ),
        ({ child }) => Effect.sync(() => child.kill())
      )
      const made = yield* adapter.make({
        venue: "binance",
        name: "binance",
        environment: "mainnet",
        endpoints: { stream: listening.stream, rest: listening.rest },
        options: {},
        connection: ConnectionOptions.defaults
      })
      const subscriptions = symbols.flatMap((symbol) =>
        channels[mode].map((channel) => ({ symbol, channel }) as Subscription.Subscription)
      )
      const begin = performance.now()
      const stream = yield* MarketStream.open(made, subscriptions)
      const planned = made.plan(subscriptions).connections.length
      const active = new Set<string>()
      const problems = new Map<string, number>()
      const problem = (what: string) => problems.set(what, (problems.get(what) ?? 0) + 1)
      let events = 0
      let activeAfterMs: number | undefined
      yield* Effect.forkScoped(
        stream.consume((event) => {
          events++
          if (event.type === "gap") problem(`gap of ${event.channel}: ${event.reason}`)
          if (event.type !== "connection") return
          if (event.state === "Active") active.add(event.connection)
          else if (event.state === "Reconnecting") problem(`${event.connection}: ${event.reason}`)
          if (active.size === planned) activeAfterMs ??= performance.now() - begin
        })
      )
      return yield* Effect.promise(async () => {
        while (activeAfterMs === undefined && performance.now() - begin < ACTIVE_WITHIN_MS) await setTimeout(10)
        if (activeAfterMs === undefined) problem(`${active.size} of ${planned} connections became Active`)
        const start = performance.now()
        const pauses = GcPauses.watch()
        const before = events
        const samples: Array<Sample> = []
        const endMs = options.minutes * 60_000
        for (let atMs = 0; atMs < endMs; atMs = performance.now() - start) {
          await setTimeout(Math.min(SAMPLE_EVERY_MS, endMs - atMs))
          const sample = { atMs: performance.now() - start, heap: heapBytes(), rss: process.memoryUsage.rss() }
          samples.push(sample)
          say(
            `${Math.round(sample.atMs / 1_000)} s: ${events} events, heap ${rounded(sample.heap / MB)} MB, ` +
              `rss ${rounded(sample.rss / MB)} MB`
          )
        }
        const seconds = (performance.now() - start) / 1_000
        const received = events - before
        const sent = await sentBy(child)
        const { conflated, dropped } = stream.counts()
        if (dropped > 0) problem(`${dropped} events dropped`)
        if (conflated > 0) problem(`${conflated} events conflated`)
        if (sent.ended > 0) problem(`${sent.ended} connections ended`)
        const last = samples[samples.length - 1]!
        const { count, longestMs, p99Ms } = pauses.stop()
        const isLong = options.minutes >= 3
        return {
          mode,
          symbols: options.symbols,
          connections: sent.connections,
          minutes: options.minutes,
          messagesPerSecond: Math.round(received / seconds),
          activeAfterMs: Math.round(activeAfterMs ?? Number.NaN),
          heapMB: rounded(last.heap / MB),
          heapGrowthMB: isLong
            ? rounded((meanHeap(samples, endMs - 60_000, Infinity) - meanHeap(samples, 60_000, 120_000)) / MB)
            : Number.NaN,
          rssMB: rounded(last.rss / MB),
          gcPauses: { count, longestMs: rounded(longestMs), p99Ms: rounded(p99Ms) },
          mostRssMB: rounded(Math.max(...samples.map(({ rss }) => rss)) / MB),
          problems: [...problems].map(([what, count]) => (count > 1 ? `${what} (${count} times)` : what))
        }
      })
    }).pipe(Effect.provide([WsSocket.layer, FetchHttpClient.layer, Logger.layer([])]), Effect.scoped)
  )
