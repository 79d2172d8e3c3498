/** Chance from a seed: the same seed draws the same. (mulberry32) */
export interface Draw {
  readonly chance: (probability: number) => boolean
  /** A whole number, both ends included. */
  readonly between: (least: number, most: number) => number
  readonly oneOf: <A>(choices: ReadonlyArray<A>) => A
  /** An exponential wait of this mean. */
  readonly wait: (meanMs: number) => number
}

export const drawer = (seed: number): Draw => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    chance: (probability) => next() < probability,
    between,
    oneOf: (choices) => choices[between(0, choices.length - 1)]!,
    wait: (meanMs) => -Math.log(1 - next()) * meanMs
  }
}
