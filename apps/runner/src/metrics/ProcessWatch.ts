/**
 * The process itself: processor, memory, the event loop, garbage collection. What a runtime does not tell is left out: Bun and
 * Deno say nothing of collections.
 */
import { monitorEventLoopDelay, type PerformanceEntry, PerformanceObserver } from "node:perf_hooks"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Histogram } from "./Histogram.ts"
import type { Page } from "./Page.ts"

/** Delays of the event loop are told over so long. */
const DELAYS_OVER = "10 seconds"

const RESOLUTION_MS = 10

/** Node counts the time until a timer is due as delay. */
const DUE_MS = process.versions["bun"] === undefined && process.versions["deno"] === undefined ? RESOLUTION_MS : 0

/** Node's `perf_hooks.constants` by what they mean; V8's kinds of collection. */
const kinds: Readonly<Record<number, string>> = { 1: "minor", 2: "minor", 4: "major", 8: "incremental", 16: "weak" }

const quantiles = [0.5, 0.99, 1] as const

type Loop = ReturnType<typeof monitorEventLoopDelay>

/** As the runtime tells of a collection. */
type Collection = PerformanceEntry & { readonly detail?: { readonly kind?: number } }

export class ProcessWatch {
  readonly #pauses = new Map<string, Histogram>()
  readonly #loop: Loop | undefined
  /** Of the last full interval, ms. */
  #delays: ReadonlyArray<number> = []

  private constructor(loop: Loop | undefined) {
    this.#loop = loop
  }

  static readonly make: Effect.Effect<ProcessWatch, never, Scope.Scope> = Effect.gen(function* () {
    const loop = yield* Effect.acquireRelease(Effect.sync(delays), (each) => Effect.sync(() => each?.disable()))
    const watch = new ProcessWatch(loop)
    yield* Effect.acquireRelease(
      Effect.sync(() => watch.#observe()),
      (observer) => Effect.sync(() => observer?.disconnect())
    )
    yield* Effect.forkScoped(
      Effect.forever(
        Effect.delay(
          Effect.sync(() => watch.#turn()),
          DELAYS_OVER
        )
      )
    )
    return watch
  })

  show(page: Page): void {
    const { external, heapTotal, heapUsed, rss } = process.memoryUsage()
    const { system, user } = process.cpuUsage()
    page.add("tidewire_cpu_seconds_total", { mode: "user" }, user / 1e6)
    page.add("tidewire_cpu_seconds_total", { mode: "system" }, system / 1e6)
    page.add("tidewire_resident_memory_bytes", {}, rss)
    page.add("tidewire_heap_used_bytes", {}, heapUsed)
    page.add("tidewire_heap_size_bytes", {}, heapTotal)
    page.add("tidewire_external_memory_bytes", {}, external)
    const shown = this.#delays.length > 0 ? this.#delays : this.#sinceTurn()
    shown.forEach((ms, index) =>
      page.add("tidewire_event_loop_delay_seconds", { quantile: String(quantiles[index]) }, ms / 1_000)
    )
    for (const [kind, pauses] of this.#pauses) page.histogram("tidewire_gc_pause_seconds", { kind }, pauses.state())
  }

  #observe(): PerformanceObserver | undefined {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as ReadonlyArray<Collection>) {
        const kind = kinds[entry.detail?.kind ?? 0] ?? "other"
        const pauses = this.#pauses.get(kind) ?? new Histogram()
        this.#pauses.set(kind, pauses)
        pauses.record(entry.duration)
      }
    })
    return orAbsent(() => {
      observer.observe({ entryTypes: ["gc"] })
      return observer
    })
  }

  #turn(): void {
    this.#delays = this.#sinceTurn()
    this.#loop?.reset()
  }

  #sinceTurn(): ReadonlyArray<number> {
    const loop = this.#loop
    if (loop === undefined || loop.count === 0) return []
    return quantiles.map((quantile) => {
      const ns = quantile === 1 ? loop.max : loop.percentile(quantile * 100)
      return Math.max(0, ns / 1e6 - DUE_MS)
    })
  }
}

const delays = (): Loop | undefined =>
  orAbsent(() => {
    const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
    loop.enable()
    return loop
  })

/** Where the runtime does not have it. */
const orAbsent = <A>(make: () => A): A | undefined => {
  try {
    return make()
  } catch {
    return undefined
  }
}
