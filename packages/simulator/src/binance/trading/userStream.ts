/**
 * What an account is told on one connection. Guarantees that events are put into words when they happen, that they leave
 * in that order, and that each passes the faults in force under its type's name (`executionReport`, `ACCOUNT_UPDATE`).
 */
import type { Account } from "../../account/Account.ts"
import type { AccountEvent } from "../../account/AccountEvent.ts"
import type { Line } from "../../Protocol.ts"
import type { Payload } from "../../topics/Frame.ts"

export interface Told {
  /** The type's name. */
  readonly stream: string
  readonly symbol: string | undefined
  readonly payload: Payload
  /** Faster than the reports of orders. */
  readonly isFast?: boolean
}

export type Words = (event: AccountEvent, now: number) => ReadonlyArray<Told>

/** Begins to tell; answers how to stop. */
export const attach = (line: Line, account: Account, words: Words, send: (told: Told) => void): (() => void) => {
  const lateMs = (told: Told, isReport: boolean): number => {
    if (!isReport || told.isFast === true) return 0
    let sum = 0
    for (const entry of line.faults.meant(["lateReports"], line.target, told)) {
      if (line.faults.use(entry)) sum += entry.fault.delayMs
    }
    return sum
  }
  const isTwice = (told: Told, event: AccountEvent): boolean =>
    event.type === "order" &&
    event.change === "trade" &&
    line.faults.meant(["doubleFill"], line.target, told).some((entry) => line.faults.use(entry))
  const listener = (event: AccountEvent) => {
    const all = words(event, Math.floor(line.context().now()))
    if (all.length === 0) return undefined
    return () => {
      for (const told of all) {
        const times = isTwice(told, event) ? 2 : 1
        line.after(lateMs(told, event.type === "order"), () => {
          for (let i = 0; i < times; i++) send(told)
        })
      }
    }
  }
  account.listeners.add(listener)
  return () => void account.listeners.delete(listener)
}
