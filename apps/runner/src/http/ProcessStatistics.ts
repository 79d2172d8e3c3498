/** How the process is: memory, processor, and how late its event loop is. Read once a second, over the last ten. */
import { monitorEventLoopDelay } from "node:perf_hooks"
import type { EventBus } from "@tidewire/core"
import type { Told } from "../output/Output.ts"
import type { Status } from "./api/status.ts"

const WINDOW_BEATS = 10

/** How often the loop is looked at; what is measured has this in it. */
const RESOLUTION_MS = 10

const NS_PER_MS = 1e6
const US_PER_MS = 1_000

const none = { p50: 0, p99: 0, max: 0 }

export class ProcessStatistics {
  readonly #histogram: ReturnType<typeof monitorEventLoopDelay>
  #delay = none
  #beats = 0
  #cpu = process.cpuUsage()
  #cpuTime: number | undefined
  #cpuPercent = 0

  constructor(bus: EventBus.EventBus<Told>) {
    this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
    this.#histogram.enable()
    bus.onTimer(({ time }) => this.#beat(time), "process")
  }

  read(): Status["process"] {
    const { heapUsed, rss } = process.memoryUsage()
    return {
      pid: process.pid,
      rssBytes: rss,
      heapBytes: heapUsed,
      eventLoopDelayMs: this.#delay,
      cpuPercent: this.#cpuPercent
    }
  }

  end(): void {
    this.#histogram.disable()
  }

  #beat(time: number): void {
    if (this.#cpuTime !== undefined && time > this.#cpuTime) {
      const { system, user } = process.cpuUsage(this.#cpu)
      this.#cpuPercent = Math.round(((system + user) / US_PER_MS / (time - this.#cpuTime)) * 1_000) / 10
    }
    this.#cpu = process.cpuUsage()
    this.#cpuTime = time
    const { max } = this.#histogram
    if (max > 0) {
      const [p50, p99] = [this.#histogram.percentile(50), this.#histogram.percentile(99)]
      this.#delay = { p50: late(p50), p99: late(p99), max: late(max) }
    }
    if (++this.#beats % WINDOW_BEATS === 0) this.#histogram.reset()
  }
}

const late = (ns: number): number => Math.max(0, Math.round((ns / NS_PER_MS - RESOLUTION_MS) * 1_000) / 1_000)
