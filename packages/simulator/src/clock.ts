/**
 * The only place that reads time. Guarantees that every part of one simulator sees the same time, and that callbacks of
 * a manual clock run in order of their due time, ties in the order they were registered.
 * Units: milliseconds since the epoch. A wall clock's timers keep no process alive longer than its server does.
 */

export type Cancel = () => void

export interface Clock {
  readonly now: () => number
  readonly every: (periodMs: number, run: () => void) => Cancel
  readonly after: (delayMs: number, run: () => void) => Cancel
}

export interface ManualClock extends Clock {
  /** Moves time forward and runs what falls due. */
  readonly advance: (ms: number) => void
}

export const wall: Clock = {
  // oxlint-disable-next-line no-restricted-properties -- the simulator's only reading of the wall clock
  now: () => Date.now(),
  every: (periodMs, run) => {
    // oxlint-disable-next-line no-restricted-globals -- plain code outside Effect, cancelled by its owner
    const timer = setInterval(run, periodMs)
    return () => clearInterval(timer)
  },
  after: (delayMs, run) => {
    // oxlint-disable-next-line no-restricted-globals -- plain code outside Effect, cancelled by its owner
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  }
}

interface Entry {
  dueAt: number
  readonly periodMs: number | undefined
  readonly run: () => void
}

/** A clock that stands still until it is told to advance. */
export const manual = (startMs: number): ManualClock => {
  let now = startMs
  const entries = new Set<Entry>()
  const add = (delayMs: number, periodMs: number | undefined, run: () => void): Cancel => {
    const entry: Entry = { dueAt: now + delayMs, periodMs, run }
    entries.add(entry)
    return () => void entries.delete(entry)
  }
  const nextDue = (until: number): Entry | undefined => {
    let next: Entry | undefined
    for (const entry of entries) {
      if (entry.dueAt <= until && (next === undefined || entry.dueAt < next.dueAt)) next = entry
    }
    return next
  }
  return {
    now: () => now,
    every: (periodMs, run) => add(periodMs, periodMs, run),
    after: (delayMs, run) => add(delayMs, undefined, run),
    advance: (ms) => {
      const until = now + ms
      for (let entry = nextDue(until); entry !== undefined; entry = nextDue(until)) {
        now = entry.dueAt
        if (entry.periodMs === undefined) entries.delete(entry)
        else entry.dueAt += entry.periodMs
        entry.run()
      }
      now = until
    }
  }
}
