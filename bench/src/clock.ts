/**
 * One clock for all processes of a run: the machine's monotonic clock, written as epoch milliseconds with microseconds.
 *
 * Guarantees: two processes of one machine with the same `base` agree within a microsecond, which `performance.timeOrigin`
 * (read from the wall clock at each start) does not promise.
 */

const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6

/** What makes epoch time of the monotonic clock; the run's first process reads it and hands it to the others. */
export const readBase = (): number => Date.now() - monotonicMs()

/** A clock that costs one `performance.now()`. */
export const make = (base: number): (() => number) => {
  // of several tries the one least disturbed between its two reads
  let offset = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 100; tries++) {
    const before = performance.now()
    offset = Math.min(offset, monotonicMs() - before)
  }
  const origin = base + offset
  return () => origin + performance.now()
}
