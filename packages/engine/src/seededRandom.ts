/** Numbers from 0 to 1 that are the same for the same seed and name (mulberry32). Not for secrets. */
export const seededRandom = (seed: number, name: string): (() => number) => {
  let state = seed >>> 0
  for (const character of name) state = (Math.imul(state, 31) + character.charCodeAt(0)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
