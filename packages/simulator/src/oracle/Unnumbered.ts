/**
 * What channels without consecutive numbers share: whether a gap was told since the last event, and whether its bounds
 * are that event and the next one.
 */
import type { GapEvent, Stamps } from "./ClientEvent.ts"
import { countGap } from "./gaps.ts"
import type { Complain, Findings } from "./Report.ts"

const position = (event: Stamps): number => event.exchangeTime ?? event.receivedTime

export abstract class Unnumbered<Event extends Stamps> {
  protected readonly findings: Findings
  protected readonly complain: Complain
  protected last: Event | undefined
  /** The gap that was told since the last event. */
  protected told: GapEvent | undefined

  constructor(findings: Findings, complain: Complain) {
    this.findings = findings
    this.complain = complain
  }

  gap(gap: GapEvent): void {
    countGap(this.findings, gap)
    const { last } = this
    const from = last === undefined ? undefined : position(last)
    if (gap.from !== from) this.complain("gap-bounds", `from ${gap.from} after ${from}`, gap.receivedTime)
    if (gap.repaired) this.complain("gap-repaired", "nothing can repair it", gap.receivedTime)
    if (gap.lost !== null && gap.reason !== "overflow") {
      this.complain("gap-lost", `told ${gap.lost}, which cannot be known`, gap.receivedTime)
    }
    this.told = gap
  }

  /** To be called last by what takes an event. */
  protected follow(event: Event): void {
    const { told } = this
    if (told !== undefined && told.to !== position(event)) {
      this.complain("gap-bounds", `to ${told.to} before ${position(event)}`, event.receivedTime)
    }
    this.told = undefined
    this.last = event
  }
}
