/**
 * How much counters have grown of late, by subject: a counter that was not there before has grown from 0, one that began anew
 * from 0 as well.
 *
 * Guarantees: constant space for a subject; what grew is forgotten between one and one and a sixtieth windows later; subjects that
 * have not grown for a window are forgotten but for their last value.
 */

const PARTS = 60

interface Growth {
  last: number
  /** What grew in each part of the window, by the number of the part. */
  readonly parts: Map<number, number>
}

export class CountWindow {
  readonly #partMs: number
  readonly #subjects = new Map<string, Growth>()

  constructor(windowMs: number) {
    this.#partMs = Math.max(1, windowMs / PARTS)
  }

  /** Takes a counter's value, and gives how much it has grown within the window. */
  grown(subject: string, value: number, now: number): number {
    const part = Math.floor(now / this.#partMs)
    const known = this.#subjects.get(subject) ?? { last: 0, parts: new Map<number, number>() }
    this.#subjects.set(subject, known)
    const by = value >= known.last ? value - known.last : value
    known.last = value
    if (by > 0) known.parts.set(part, (known.parts.get(part) ?? 0) + by)
    let sum = 0
    for (const [each, count] of known.parts) {
      if (each < part - PARTS) known.parts.delete(each)
      else sum += count
    }
    return sum
  }

  /** Forgets the subjects that are no longer there. */
  keep(subjects: ReadonlySet<string>): void {
    for (const subject of this.#subjects.keys()) if (!subjects.has(subject)) this.#subjects.delete(subject)
  }
}
