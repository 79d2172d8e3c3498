/**
 * What the desk has to say to people: for the log, for alerts, and to be counted by its tag.
 */
export interface Notice {
  readonly _tag:
    | "Reconciled"
    | "ReconciliationFailed"
    | "OutcomeUnknown"
    | "OutcomeLearnt"
    | "LookupFailed"
    | "CancelFailed"
    | "AmendFailed"
    | "FillsMissing"
    | "Revised"
    | "PositionMode"
    | "JournalFailed"
    | "Halted"
    | "HaltIncomplete"
    | "HaltComplete"
    | "Resumed"
    | "DeadManFailed"
    | "RehearsalFailed"
    | "Watchdog"
    | "HandlerFailed"
    | "BarsMissing"
    | "StrategyFailed"
    | "NotOpen"
    | "OrdersLeft"
    | "Unpriced"
    | "NotRestored"
  readonly level: "info" | "warn" | "error"
  /** Absent for what concerns all. */
  readonly venue?: string
  readonly message: string
  readonly fields?: Readonly<Record<string, unknown>>
}

export type Tell = (notice: Notice) => void
