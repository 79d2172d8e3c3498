/**
 * A series that stays small: at most `MOST` points. When there are more, every second one goes, and from then on only every
 * second one is taken. The first is always in it, and so is the last that was offered.
 */
const MOST = 4_000

export class Thinned<A> {
  #points: Array<A> = []
  #step = 1
  #offered = 0
  #last: A | undefined

  add(point: A): void {
    this.#last = point
    if (this.#offered++ % this.#step !== 0) return
    this.#points.push(point)
    if (this.#points.length <= MOST) return
    this.#points = this.#points.filter((_, index) => index % 2 === 0)
    this.#step *= 2
  }

  points(): ReadonlyArray<A> {
    const last = this.#last
    return last === undefined || this.#points.at(-1) === last ? [...this.#points] : [...this.#points, last]
  }
}
