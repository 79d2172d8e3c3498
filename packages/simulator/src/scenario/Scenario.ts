/**
 * Scenarios: what is to go wrong and when, as text and as data. `control.play(steps)` carries them out on the
 * simulator's clock.
 */
export type { Action, Step } from "./Step.ts"
export type { Play, Played } from "./play.ts"
export { ScenarioError } from "./ScenarioError.ts"
export { format, parse } from "./text.ts"
export { random, type RandomOptions } from "./random.ts"
