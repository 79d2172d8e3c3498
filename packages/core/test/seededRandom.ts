/**
 * A small generator of numbers for property tests whose runs are long: a run is told by its seed alone (mulberry32).
 */
export interface SeededRandom {
  /** In [0, 1). */
  readonly next: () => number
  /** An integer in [0, below). */
  readonly below: (below: number) => number
  readonly chance: (probability: number) => boolean
}

export const seededRandom = (seed: number): SeededRandom => {
  let state = seed | 0
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return { next, below: (below) => Math.floor(next() * below), chance: (probability) => next() < probability }
}
