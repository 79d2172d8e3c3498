/**
 * The only source of chance: a seeded generator (sfc32, seeded by a hash of a text).
 * Guarantees the same sequence for the same seed text on every machine; it is not fit for secrets.
 */

export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number
  /** Uniform integer in [0, below). */
  readonly int: (below: number) => number
  /** Exponentially distributed with this mean. */
  readonly exponential: (mean: number) => number
  /** Standard normal. */
  readonly gaussian: () => number
  readonly chance: (probability: number) => boolean
}

/** Four 32-bit words from a text (cyrb128). */
const words = (text: string): [number, number, number, number] => {
  let a = 1779033703
  let b = 3144134277
  let c = 1013904242
  let d = 2773480762
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i)
    a = b ^ Math.imul(a ^ k, 597399067)
    b = c ^ Math.imul(b ^ k, 2869860233)
    c = d ^ Math.imul(c ^ k, 951274213)
    d = a ^ Math.imul(d ^ k, 2716044179)
  }
  return [a, b, c, d]
}

export const make = (seed: string): Random => {
  let [a, b, c, d] = words(seed)
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    c = c | 0
    return (t >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i++) next()
  return {
    next,
    int: (below) => Math.floor(next() * below),
    exponential: (mean) => -Math.log(1 - next()) * mean,
    gaussian: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    chance: (probability) => next() < probability
  }
}
