/**
 * Carries out an operation of an account that is known: order requests with their record and their faults, the others
 * plainly. Guarantees that what the floor refuses is the venue's failure.
 */
import { carryOut } from "../../account/carryOut.ts"
import type { Target } from "../../faults/FaultRegistry.ts"
import type { BinanceMarket } from "../../market/definition.ts"
import type { Answered } from "../../rest/Answer.ts"
import { RestFailure } from "../failure.ts"
import * as failures from "./failures.ts"
import type { Asking, Operation } from "./Operation.ts"

const outcomeOf = (cause: unknown): string => (cause instanceof RestFailure ? String(cause.code) : "failed")

export const perform = (operation: Operation, asking: Asking, by: "rest" | "socket", target: Target): Answered => {
  const { account, context, parameters } = asking
  const market = context.venue.kind as BinanceMarket
  const run = () => {
    try {
      return operation.run(asking)
    } catch (cause) {
      throw failures.translated(market, cause)
    }
  }
  if (operation.request === undefined) {
    try {
      return { value: run() }
    } catch (cause) {
      return { cause }
    }
  }
  const clientId = ["newClientOrderId", "origClientOrderId", "clientAlgoId"].flatMap(
    (name) => parameters.get(name) ?? []
  )
  const asked = {
    target,
    market,
    by,
    request: operation.request,
    symbol: parameters.get("symbol") ?? undefined,
    clientId: operation.request === "place" ? clientId[0] : (parameters.get("origClientOrderId") ?? clientId.at(-1)),
    orderId: parameters.get("orderId") ?? parameters.get("algoId") ?? undefined
  }
  return carryOut(context.trading, account, asked, run, {
    rejected: ({ code, msg }) =>
      code === undefined && msg === undefined
        ? failures.overloaded()
        : new RestFailure(code ?? -1000, msg ?? "An unknown error occurred while processing the request."),
    unknown: failures.unknownOutcome,
    outcomeOf
  })
}
