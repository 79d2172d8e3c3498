/**
 * Carries out a request about orders, with the faults that are meant for it. Guarantees that the request is recorded
 * whatever becomes of it, and that what the account is told because of it comes after the answer, unless a fault says
 * otherwise.
 */
import type { FaultOf } from "../faults/Fault.ts"
import type { Target } from "../faults/FaultRegistry.ts"
import type { MarketKind } from "../market/definition.ts"
import type { Answered } from "../rest/Answer.ts"
import type { Account, OrderRecord } from "./Account.ts"
import type { Trading } from "./Trading.ts"

export interface OrderAsked {
  readonly target: Target
  readonly market: MarketKind
  readonly by: "rest" | "socket"
  readonly request: "place" | "cancel" | "amend"
  readonly symbol: string | undefined
  readonly clientId: string | undefined
  readonly orderId: string | undefined
}

export interface Words {
  /** The venue's failure for these faults. */
  readonly rejected: (fault: FaultOf<"rejectOrder">) => unknown
  readonly unknown: () => unknown
  /** For the record. */
  readonly outcomeOf: (cause: unknown) => string
}

const kinds = ["rejectOrder", "unknownOutcome", "lostAck", "earlyEvents"] as const

export const carryOut = (
  trading: Trading,
  account: Account,
  asked: OrderAsked,
  run: () => unknown,
  words: Words
): Answered => {
  const { target, ...about } = asked
  const record: OrderRecord = account.record({ ...about, time: Math.floor(trading.clock.now()), outcome: "" })
  const meant = trading.faults
    .meant(kinds, target, { symbol: asked.symbol })
    .filter(({ fault }) => fault.request === undefined || fault.request === asked.request)
    .filter((entry) => trading.faults.use(entry))
    .map(({ fault }) => fault)
  for (const fault of meant) {
    if (fault.kind !== "rejectOrder") continue
    const cause = words.rejected(fault)
    record.outcome = words.outcomeOf(cause)
    return { cause }
  }
  const after = account.hold()
  try {
    const value = run()
    record.outcome = "done"
    const isUnknown = meant.some(({ kind }) => kind === "unknownOutcome")
    const isLost = meant.some(({ kind }) => kind === "lostAck")
    let delayMs = 0
    for (const fault of meant) if (fault.kind === "earlyEvents") delayMs += fault.delayMs ?? EARLY_MS
    if (delayMs > 0 || isLost) after()
    return { ...(isUnknown ? { cause: words.unknown() } : { value }), delayMs, isLost, after }
  } catch (cause) {
    record.outcome = words.outcomeOf(cause)
    return { cause, after }
  }
}

/** How late an answer is that comes after what it caused. */
const EARLY_MS = 50
