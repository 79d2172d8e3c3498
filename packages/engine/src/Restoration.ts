/**
 * What an engine remembers when it starts: the portfolio and the day, out of the entries of its journal.
 *
 * Guarantees: it is done before any account is opened, so that what is told then is later than all of it. The portfolio is
 * written down again at once, so that the next start may forget the fills before (`Compaction`).
 */
import type { DailyPnl } from "./DailyPnl.ts"
import type { Entry } from "./Journal.ts"
import type { Tell } from "./Notice.ts"
import type { Portfolio } from "./Portfolio.ts"

export const PORTFOLIO = "portfolio"
export const DAY = "day"

/** What has a part of its own in the journal beside these. */
export interface Restored {
  readonly take: (entry: Entry) => void
  readonly snapshots: () => ReadonlyArray<{ readonly name: string; readonly value: unknown }>
}

export interface RestorationSetup {
  readonly portfolio: Portfolio
  readonly daily: DailyPnl
  readonly others: ReadonlyArray<Restored>
  readonly write: (entry: Entry) => void
  readonly now: () => number
  readonly tell: Tell
}

export const restore = (entries: ReadonlyArray<Entry>, setup: RestorationSetup): void => {
  const { daily, now, others, portfolio, tell, write } = setup
  for (const entry of entries) {
    switch (entry._tag) {
      case "Fill": {
        const { price, symbol, venue } = entry.fill
        portfolio.fill(entry.fill)
        portfolio.price(venue, symbol, Number(price), "remembered")
        break
      }
      case "Funding":
        portfolio.funding(entry.funding)
        break
      case "Snapshot":
        if (entry.name === DAY) daily.restore(entry.value)
        if (entry.name === PORTFOLIO && !portfolio.restore(entry.value)) {
          const message =
            "The portfolio of the journal cannot be read: it is counted anew from the fills that are left."
          tell({ _tag: "NotRestored", level: "error", message })
        }
        break
      default:
    }
    for (const other of others) other.take(entry)
  }
  const isCounted = entries.some(({ _tag }) => _tag === "Fill" || _tag === "Funding")
  if (!isCounted) return
  const time = now()
  for (const { name, value } of others.flatMap((other) => other.snapshots())) {
    write({ _tag: "Snapshot", time, name, value })
  }
  write({ _tag: "Snapshot", time, name: PORTFOLIO, value: portfolio.snapshot() })
}
