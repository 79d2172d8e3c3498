/**
 * One side of a client's book beside the true one, and where they differ. Guarantees that `wrong` holds exactly the
 * prices that differ within what the client can know: a level beyond its snapshot is unknown until a change touches it.
 */
import type { Side } from "../market/book.ts"

export class ComparedSide {
  readonly client = new Map<number, number>()
  readonly truth = new Map<number, number>()
  readonly wrong = new Set<number>()
  private readonly sign: 1 | -1
  /** The worst price that the snapshot covered; undefined when it was the whole side. */
  private edge: number | undefined

  constructor(side: Side) {
    this.sign = side === "bid" ? 1 : -1
  }

  /** The client begins anew with these levels; fewer than `depth` are the whole side. */
  replace(levels: ReadonlyArray<readonly [number, number]>, depth: number): void {
    this.client.clear()
    for (const [price, size] of levels) if (size !== 0) this.client.set(price, size)
    this.edge = levels.length < depth ? undefined : levels[levels.length - 1]![0]
  }

  setClient(price: number, size: number): void {
    if (size === 0) this.client.delete(price)
    else this.client.set(price, size)
    this.judge(price)
  }

  setTruth(price: number, size: number): void {
    if (size === 0) this.truth.delete(price)
    else this.truth.set(price, size)
    this.judge(price)
  }

  judgeAll(): void {
    this.wrong.clear()
    for (const price of this.client.keys()) this.judge(price)
    for (const price of this.truth.keys()) this.judge(price)
  }

  /** A few of the differences. */
  describe(): string {
    return [...this.wrong]
      .slice(0, 3)
      .map((price) => `${price}: ${this.client.get(price) ?? 0}, true ${this.truth.get(price) ?? 0}`)
      .join("; ")
  }

  private judge(price: number): void {
    const told = this.client.get(price)
    const isUnknown = told === undefined && this.edge !== undefined && this.sign * price < this.sign * this.edge
    if (told === this.truth.get(price) || isUnknown) this.wrong.delete(price)
    else this.wrong.add(price)
  }
}
