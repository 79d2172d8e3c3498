/**
 * What an account is told on one connection. Guarantees that events are put into words when they happen, that they leave
 * in that order, and that each passes the faults in force under its type's name (`executionReport`, `ACCOUNT_UPDATE`).
 */
import type { Account } from "./Account.ts"
import type { AccountEvent } from "./AccountEvent.ts"
import type { Line } from "../Protocol.ts"
import type { Payload } from "../topics/Frame.ts"

export interface Told {
  /** The type's name. */
  readonly stream: string
  readonly symbol: string | undefined
  readonly payload: Payload
  /** Faster than the reports of orders. */
  readonly isFast?: boolean
  /** Of a fill: what is said the second time when it is told twice. */
  readonly again?: Payload
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
  const isTwice = (told: Told): boolean =>
    told.again !== undefined &&
    line.faults.meant(["doubleFill"], line.target, told).some((entry) => line.faults.use(entry))
  const listener = (event: AccountEvent) => {
    const all = words(event, Math.floor(line.now()))
    if (all.length === 0) return undefined
    return () => {
      for (const told of all) {
        const again = isTwice(told) ? told.again : undefined
        line.after(lateMs(told, event.type === "order"), () => {
          send(told)
          if (again !== undefined) send({ ...told, payload: again })
        })
      }
    }
  }
  account.listeners.add(listener)
  return () => void account.listeners.delete(listener)
}
