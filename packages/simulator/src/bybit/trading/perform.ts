/**
 * Carries out an operation within the user's limit of it: order requests with their record and their faults. Guarantees
 * that a call too many is refused before anything is done.
 */
import type { CallVerdict } from "../../account/CallLimit.ts"
import { carryOut } from "../../account/carryOut.ts"
import type { Target } from "../../faults/FaultRegistry.ts"
import type { Answered } from "../../rest/Answer.ts"
import { isCategory, marketOf } from "../category.ts"
import { ApiFailure } from "../failure.ts"
import { type Asking, text } from "./Asking.ts"
import * as failures from "./failures.ts"
import type { Operation } from "./Operation.ts"

export interface Performed {
  readonly answered: Answered
  readonly verdict: CallVerdict
}

export const headersOf = ({ left, limit, resetAt }: CallVerdict): Readonly<Record<string, string>> => ({
  "X-Bapi-Limit": String(limit),
  "X-Bapi-Limit-Status": String(left),
  "X-Bapi-Limit-Reset-Timestamp": String(resetAt)
})

const outcomeOf = (cause: unknown): string => (cause instanceof ApiFailure ? String(cause.code) : "failed")

export const perform = (
  name: string,
  operation: Operation,
  asking: Asking,
  by: "rest" | "socket",
  target: Target
): Performed => {
  const { account, fields, trading } = asking
  const asked = text(fields, "category") ?? ""
  const category = isCategory(asked) ? asked : "linear"
  const verdict = trading.callLimit.call(`${account.key}/${name}/${category}`, operation.perSecond(category))
  if (!verdict.ok) return { answered: { cause: failures.tooManyVisits() }, verdict }
  const run = () => {
    try {
      return operation.run(asking)
    } catch (cause) {
      throw failures.translated(category, cause)
    }
  }
  if (operation.request === undefined) {
    try {
      return { answered: { value: run() }, verdict }
    } catch (cause) {
      return { answered: { cause }, verdict }
    }
  }
  const about = {
    target,
    market: marketOf(category),
    by,
    request: operation.request,
    symbol: text(fields, "symbol"),
    clientId: text(fields, "orderLinkId"),
    orderId: text(fields, "orderId")
  }
  const answered = carryOut(trading, account, about, run, {
    rejected: ({ code, msg }) =>
      code === undefined && msg === undefined
        ? failures.tooManyVisits()
        : new ApiFailure(code ?? 10_016, msg ?? "Server error."),
    unknown: failures.serverError,
    outcomeOf
  })
  return { answered, verdict }
}
