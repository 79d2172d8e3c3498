/**
 * How many messages a client may send in a second, control frames included. Guarantees that a message is one too many
 * when so many others came less than a second, scaled, before it.
 */
export class InboundLimit {
  private readonly perSecond: number
  private readonly windowMs: number
  /** Of the latest messages, oldest first. */
  private readonly arrivals: Array<number> = []

  constructor(perSecond: number, clockScale: number) {
    this.perSecond = perSecond
    this.windowMs = 1000 / clockScale
  }

  admits(now: number): boolean {
    if (this.perSecond === Infinity) return true
    this.arrivals.push(now)
    return this.arrivals.length <= this.perSecond || now - this.arrivals.shift()! >= this.windowMs
  }
}
