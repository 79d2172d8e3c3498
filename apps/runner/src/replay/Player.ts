/**
 * Plays a recording to a program: moves its time from entry to entry, wakes its timers and gives it what came, in the turns in
 * which it came.
 *
 * Guarantees: the program sees the recorded time only, and nothing but the recording moves it, so that two replays do the same
 * in the same order. Timers wake where they woke in the recorded run; one that did not (another program sleeps otherwise) is
 * woken when the recorded run would have come to it. When the recording is over, time goes from timer to timer until the program has
 * ended.
 */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { type Answer, type Dial, type Entry, Kind, type Lost, value } from "../record/Tape.ts"
import { ReplayHttp } from "./ReplayHttp.ts"
import { ReplaySockets } from "./ReplaySockets.ts"
import { microtasks, type Tick, VirtualTime } from "./VirtualTime.ts"

/**
 * How much later than it should a timer may have fired in the recorded run: it was set when the clock had stood for a while
 * (`STALE_MS` of the recorder at most).
 */
const LATE_MS = 1_100

/** When a program has not ended so long after the recording, it never will. */
const END_WITHIN_MS = 600_000

export interface PlayerOptions {
  readonly startedAt: number
  /** Venues that are played; all of them when absent. */
  readonly venues?: ReadonlySet<string>
  /** Real time may have to pass before the next entry. */
  readonly pace?: (time: number) => Promise<void> | undefined
  /** What was told has left: a program that ends waits for it, and no virtual time passes for that. */
  readonly told?: () => Promise<void>
}

export interface PlayerCounts {
  readonly entries: number
  readonly frames: number
  readonly bytes: number
  /** What the recorder could not record. */
  readonly lost: number
}

export class Player {
  readonly time: VirtualTime
  readonly sockets: ReplaySockets
  readonly http = new ReplayHttp()
  readonly #options: PlayerOptions
  readonly #stopping = Deferred.makeUnsafe<void>()
  readonly #ignored = new Set<number>()
  readonly #counts = { entries: 0, frames: 0, bytes: 0, lost: 0 }

  constructor(options: PlayerOptions) {
    this.#options = options
    this.time = new VirtualTime(options.startedAt)
    this.sockets = new ReplaySockets(this.time)
  }

  /** Completes where the recorded run began to stop, or the recording ends. */
  get stopping(): Effect.Effect<void> {
    return Deferred.await(this.#stopping)
  }

  counts(): PlayerCounts {
    return { ...this.#counts }
  }

  /** Plays until `isDone`. */
  async play(entries: Iterable<Entry>, isDone: () => boolean): Promise<void> {
    await this.time.settle()
    for (const [entry, ticks] of withTicks(entries)) {
      if (entry.beginsTurn) {
        if (isDone()) return
        await this.#pause(entry)
      }
      this.#take(entry, ticks)
    }
    await this.time.settle()
    this.sockets.end()
    this.#stop()
    await this.#runOut(isDone)
  }

  /** Between two turns. */
  async #pause(entry: Entry): Promise<void> {
    const before = this.time.now
    await this.#options.pace?.(entry.time)
    await (entry.beginsLoop ? this.time.settle() : microtasks())
    if (!entry.beginsLoop || entry.kind === Kind.wake) return
    // before a round of the event loop takes what has come, it has woken all whose time was over at the end of the one before
    for (let at = this.time.next; at !== undefined && at < before - LATE_MS; at = this.time.next) {
      await this.#wakeAt(at)
    }
  }

  async #wakeAt(at: number): Promise<void> {
    this.time.now = Math.max(this.time.now, at)
    this.time.wakeNext()
    await this.time.settle()
  }

  #take(entry: Entry, ticks: ReadonlyArray<Tick>): void {
    this.#counts.entries++
    this.time.move(entry.kind === Kind.header ? this.time.now : entry.time, ticks)
    switch (entry.kind) {
      case Kind.wake:
        this.time.wakeOf(value<number>(entry))
        return
      case Kind.header:
        return
      case Kind.dial: {
        const dial = value<Dial>(entry)
        if (this.#isPlayed(dial.venue)) this.sockets.dial(entry.connection, dial)
        else this.#ignored.add(entry.connection)
        return
      }
      case Kind.answer: {
        const answer = value<Answer>(entry)
        if (this.#isPlayed(answer.venue)) this.http.take(answer)
        return
      }
      case Kind.stopping:
        return this.#stop()
      case Kind.lost:
        this.#counts.lost += value<Lost>(entry).entries
        return
      case Kind.frame:
        this.#counts.frames++
        this.#counts.bytes += entry.payload.length
        if (!this.#ignored.has(entry.connection)) this.sockets.take(entry)
        return
      default:
        if (!this.#ignored.has(entry.connection)) this.sockets.take(entry)
    }
  }

  #isPlayed(venue: string): boolean {
    return this.#options.venues?.has(venue) ?? true
  }

  #stop(): void {
    Deferred.doneUnsafe(this.#stopping, Exit.void)
  }

  async #runOut(isDone: () => boolean): Promise<void> {
    const end = this.time.now + END_WITHIN_MS
    for (;;) {
      await this.time.settle()
      await this.#options.told?.()
      await this.time.settle()
      if (isDone()) return
      const next = this.time.next
      if (next === undefined || next > end) return
      await this.#wakeAt(next)
    }
  }
}

/** Each entry with the ticks that follow it. */
function* withTicks(entries: Iterable<Entry>): Generator<readonly [Entry, ReadonlyArray<Tick>]> {
  let last: Entry | undefined
  let ticks: Array<Tick> = []
  for (const entry of entries) {
    if (entry.kind === Kind.tick) ticks.push({ reads: value<number>(entry), time: entry.time })
    else {
      if (last !== undefined) yield [last, ticks]
      last = entry
      ticks = []
    }
  }
  if (last !== undefined) yield [last, ticks]
}
