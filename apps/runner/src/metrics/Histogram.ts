/**
 * How values are distributed: counts in buckets whose bounds grow by the same factor, so that every quantile is known within
 * 5 %, from a microsecond to a minute. Values are ms.
 *
 * Guarantees: recording allocates nothing; memory is fixed. What is below the first bound (what is negative, too) counts in the
 * first bucket, what is above the last in the last; the most is exact.
 */

/** The first bound, ms. */
const FIRST_MS = 0.001

/** Buckets to each doubling. */
const PER_OCTAVE = 8

/** 2^26 µs are 67 s. */
const OCTAVES = 26

const BUCKETS = OCTAVES * PER_OCTAVE + 2

/** What a metric shows, in seconds: the cumulative count up to each bound, as Effect's histograms have it. */
export interface HistogramState {
  readonly buckets: ReadonlyArray<[number, number]>
  readonly count: number
  readonly min: number
  readonly max: number
  readonly sum: number
}

/** The bounds that are shown, of every doubling; seconds, without the errors of multiplying. */
const bounds = Array.from({ length: OCTAVES + 1 }, (_, octave) => 2 ** octave / 1e6)

export class Histogram {
  count = 0
  readonly #counts: Array<number> = Array.from({ length: BUCKETS }, () => 0)
  #sumMs = 0
  #leastMs = Number.POSITIVE_INFINITY
  #mostMs = 0

  /** A value that stands for `weight` of them. */
  record(ms: number, weight = 1): void {
    const value = ms > 0 ? ms : 0
    const bucket = bucketOf(value)
    this.#counts[bucket] = this.#counts[bucket]! + weight
    this.count += weight
    this.#sumMs += value * weight
    if (value > this.#mostMs) this.#mostMs = value
    if (value < this.#leastMs) this.#leastMs = value
  }

  get mostMs(): number {
    return this.#mostMs
  }

  /** 0 where there is none. */
  quantileMs(share: number): number {
    const wanted = Math.max(1, Math.ceil(this.count * share))
    let seen = 0
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket]!
      if (this.count > 0 && seen >= wanted) return Math.max(this.#leastMs, Math.min(middleOf(bucket), this.#mostMs))
    }
    return 0
  }

  state(): HistogramState {
    let seen = 0
    let bucket = 0
    const buckets = bounds.map((bound, octave): [number, number] => {
      for (; bucket <= octave * PER_OCTAVE; bucket++) seen += this.#counts[bucket]!
      return [bound, seen]
    })
    const min = this.count === 0 ? 0 : this.#leastMs / 1_000
    return { buckets, count: this.count, min, max: this.#mostMs / 1_000, sum: this.#sumMs / 1_000 }
  }
}

/** Bucket 0 is up to the first bound; bucket n up to `FIRST_MS · 2^(n / PER_OCTAVE)`. */
const bucketOf = (ms: number): number => {
  if (ms <= FIRST_MS) return 0
  return Math.min(BUCKETS - 1, Math.ceil(Math.log2(ms / FIRST_MS) * PER_OCTAVE))
}

const middleOf = (bucket: number): number => FIRST_MS * 2 ** ((bucket - 0.5) / PER_OCTAVE)
