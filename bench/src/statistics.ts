/** Medians and percentiles of small and large samples. */
import type { Spread } from "./messages.ts"

const ascending = (left: number, right: number): number => left - right

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted(ascending)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Of samples in milliseconds, which are sorted in place. */
export const spread = (samplesMs: Float64Array): Spread => {
  samplesMs.sort()
  const at = (share: number): number =>
    micros(samplesMs[Math.min(samplesMs.length - 1, Math.floor(samplesMs.length * share))]!)
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), p999: at(0.999), max: at(1) }
}

const micros = (ms: number): number => Math.round(ms * 10_000) / 10
