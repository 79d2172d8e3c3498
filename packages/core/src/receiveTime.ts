/**
 * The receive stamp of frames: epoch milliseconds with microseconds. This is its only home, and the only place in
 * `src` that reads the wall clock outside Effect, because it is read with every read of a socket, on the hot path.
 * What is told that no frame brought is stamped by `stateTime`, which a recording or a replay gives.
 *
 * Guarantees: steps only when the system clock was stepped (checked once a second); costs one monotonic read.
 */

/** How far the monotonic clock may part from the system's before its offset is set anew, in ms. */
const TOLERATED_DRIFT_MS = 2

const CHECK_EVERY_MS = 1_000

let offsetMs = performance.timeOrigin
let nextCheckMs = 0

export const receiveTime = (): number => {
  const monotonicMs = performance.now()
  if (monotonicMs >= nextCheckMs) {
    nextCheckMs = monotonicMs + CHECK_EVERY_MS
    const driftMs = Date.now() - (offsetMs + monotonicMs)
    if (Math.abs(driftMs) > TOLERATED_DRIFT_MS) offsetMs += driftMs
  }
  return Math.round((offsetMs + monotonicMs) * 1_000) / 1_000
}

let stateTimeNow = receiveTime

/** The stamp of what is told of a state: in a replay it is the recording's time. */
export const stateTime = (): number => stateTimeNow()

/** Stamps of states come from here until the returned function is called. For the whole process. */
export const stateTimeBy = (now: () => number): (() => void) => {
  stateTimeNow = now
  return () => (stateTimeNow = receiveTime)
}
