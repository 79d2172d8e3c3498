/**
 * Growth of a heap from samples taken after a collection: the mean of the last quarter less that of the second; the first
 * quarter is warm-up. Keeps at most `KEPT` samples: every second one is forgotten when they are full.
 */
import type { HeapReport } from "./Report.ts"

const KEPT = 4_096

export class HeapSamples {
  private samples: Array<number> = []
  /** Takes every how many-th sample. */
  private stride = 1
  private given = 0

  add(bytes: number): void {
    if (this.given++ % this.stride !== 0) return
    this.samples.push(bytes)
    if (this.samples.length < KEPT) return
    this.samples = this.samples.filter((_, index) => index % 2 === 0)
    this.stride *= 2
  }

  report(): HeapReport | undefined {
    const { samples } = this
    const quarter = Math.floor(samples.length / 4)
    if (quarter === 0) return undefined
    const mean = (from: number) => samples.slice(from, from + quarter).reduce((sum, bytes) => sum + bytes, 0) / quarter
    return {
      samples: samples.length,
      firstBytes: samples[0]!,
      lastBytes: samples[samples.length - 1]!,
      growthBytes: Math.round(mean(samples.length - quarter) - mean(quarter))
    }
  }
}
