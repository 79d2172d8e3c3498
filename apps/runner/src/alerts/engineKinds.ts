/** Rules about what trades; a subject is `engine`, a venue, a strategy, or the tag of a notice. */
import * as BigDecimal from "effect/BigDecimal"
import { because, growing, type Kinds } from "./Kind.ts"

export const engineKinds: Kinds<"halted" | "trading" | "strategy" | "loss" | "notice"> = {
  halted: {
    severity: "critical",
    forMs: 0,
    make:
      () =>
      ({ engine }) =>
        engine?.halted === undefined ? [] : [{ subject: "engine", message: `trading is halted: ${engine.halted}` }]
  },
  trading: {
    severity: "critical",
    forMs: 30_000,
    make:
      () =>
      ({ engine }) =>
        (engine?.venues ?? []).flatMap(({ closed, venue }) =>
          closed === undefined || engine?.halted !== undefined
            ? []
            : [{ subject: venue, message: `not traded on: ${closed}` }]
        )
  },
  strategy: {
    severity: "critical",
    forMs: 0,
    make:
      () =>
      ({ engine }) =>
        (engine?.strategies ?? []).flatMap(({ failure, name, state }) =>
          state === "failed" ? [{ subject: name, message: `the strategy failed${because(failure)}` }] : []
        )
  },
  loss: {
    severity: "critical",
    forMs: 0,
    make: ({ over }) => {
      const limit = BigDecimal.negate(BigDecimal.fromStringUnsafe(over))
      return ({ engine }) => {
        if (engine === undefined) return []
        const { currency, pnl } = engine.daily
        return BigDecimal.isLessThanOrEqualTo(BigDecimal.fromStringUnsafe(pnl), limit)
          ? [{ subject: "engine", message: `today's result is ${pnl} ${currency}` }]
          : []
      }
    }
  },
  notice: {
    severity: "critical",
    forMs: 0,
    make: (entry) =>
      growing(
        { over: 0, within: entry.within },
        ({ engine }) => Object.entries(engine?.notices ?? {}).filter(([tag]) => (entry.tags ?? ERRORS).includes(tag)),
        (grown, span) => `${grown} of them in the last ${span}; the log has each`
      )
  }
}

/** Notices that somebody had better look at; `OutcomeUnknown` is looked up by itself. */
const ERRORS: ReadonlyArray<string> = [
  "ReconciliationFailed",
  "LookupFailed",
  "CancelFailed",
  "FillsMissing",
  "PositionMode",
  "JournalFailed",
  "HaltIncomplete",
  "DeadManFailed",
  "Watchdog",
  "OrdersLeft",
  "NotRestored"
]
