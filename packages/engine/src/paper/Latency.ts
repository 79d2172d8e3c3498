/**
 * How long an order takes to the venue, and its answer back, in milliseconds. Drawn once for each order and each answer.
 * Assumption: the network alone; a venue's own queueing under load is not modelled.
 */
import { seededRandom } from "../seededRandom.ts"

export interface Latency {
  readonly order: () => number
  readonly answer: () => number
}

export const constant = (orderMs: number, answerMs: number): Latency => ({
  order: () => orderMs,
  answer: () => answerMs
})

/** Evenly between two bounds each way; `random` gives numbers from 0 to 1. */
export const uniform = (leastMs: number, mostMs: number, random: () => number): Latency => {
  const draw = () => leastMs + (mostMs - leastMs) * random()
  return { order: draw, answer: draw }
}

/** As `uniform`, the same draws in every run with the same seed and name. */
export const seeded = (leastMs: number, mostMs: number, seed: number, name: string): Latency =>
  uniform(leastMs, mostMs, seededRandom(seed, name))
