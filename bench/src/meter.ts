/**
 * A client's stopwatch: it starts with the last frame of the warm-up and stops with the last frame of all, then tells
 * `main` what it measured and ends the process.
 */
import { GcWatch } from "./gcPauses.ts"
import {
  before,
  type Consumed,
  type Latency,
  type Plan,
  type Result,
  tellParent,
  type Throughput,
  type Top
} from "./messages.ts"
import { spread } from "./statistics.ts"

/** What a client adds when it is done. */
export interface Ending {
  readonly consumed: Consumed
  readonly top?: Top
  readonly problems: ReadonlyArray<string>
}

/** How far the wall clock may have parted from the monotonic one, in ms, before stamps are not comparable. */
const TOLERATED_DRIFT_MS = 2

export class Meter {
  readonly #from: number
  readonly #to: number
  readonly #isPaced: boolean
  readonly #ending: () => Ending
  readonly #gc = new GcWatch()
  readonly #fromSender: Float64Array
  readonly #fromCallback: Float64Array
  #hasCallback = false
  #startMs = 0
  #startCpu = process.cpuUsage()

  constructor(plan: Plan, ending: () => Ending) {
    this.#from = before(plan)
    this.#to = this.#from + plan.frames
    this.#isPaced = plan.kind === "latency"
    this.#ending = ending
    this.#fromSender = new Float64Array(this.#isPaced ? plan.frames : 0)
    this.#fromCallback = new Float64Array(this.#isPaced ? plan.frames : 0)
  }

  /** After each frame: how many there were. */
  at(frames: number): void {
    if (frames === this.#from) this.#start()
    else if (frames === this.#to) this.#stop()
  }

  /** The delays of a paced frame, in ms. `frames` as for `at`, which is to be called after. */
  delay(frames: number, fromSender: number, fromCallback?: number): void {
    const index = frames - this.#from - 1
    if (index < 0) return
    this.#fromSender[index] = fromSender
    if (fromCallback === undefined) return
    this.#hasCallback = true
    this.#fromCallback[index] = fromCallback
  }

  #start(): void {
    this.#startCpu = process.cpuUsage()
    this.#startMs = performance.now()
  }

  #stop(): void {
    const stopMs = performance.now()
    const ms = stopMs - this.#startMs
    const cpu = process.cpuUsage(this.#startCpu)
    const frames = this.#to - this.#from
    const framesPerSecond = Math.round((frames / ms) * 1_000)
    const userMicros = cpu.user / frames
    const throughput: Throughput = { ms, framesPerSecond, cpuMicros: userMicros + cpu.system / frames, userMicros }
    // not from within the handler: the client's own counts are to be complete
    setImmediate(() => {
      const { consumed, problems, top } = this.#ending()
      const drift = Math.abs(Date.now() - (performance.timeOrigin + performance.now()))
      const result: Result = {
        consumed,
        ...(top !== undefined && { top }),
        ...(this.#isPaced ? { latency: this.#latency(framesPerSecond) } : { throughput }),
        gcPauses: this.#gc.between(this.#startMs, stopMs),
        problems: drift > TOLERATED_DRIFT_MS ? [...problems, "the system's clock was stepped"] : problems
      }
      void tellParent({ type: "result", ...result }).then(() => process.exit())
    })
  }

  #latency(framesPerSecond: number): Latency {
    if (!this.#hasCallback) return { framesPerSecond, fromSender: spread(this.#fromSender) }
    // before they are sorted
    const toCallback = this.#fromSender.map((delay, index) => delay - this.#fromCallback[index]!)
    return {
      framesPerSecond,
      fromSender: spread(this.#fromSender),
      fromCallback: spread(this.#fromCallback),
      toCallback: spread(toCallback)
    }
  }
}
