/** An account's operations as endpoints of REST: fields from the query, or from a body of JSON. */
import { isFields } from "../../faults/parseFault.ts"
import { Answer } from "../../rest/Answer.ts"
import { always, type Call, type Endpoint, type Endpoints, type RestContext } from "../../rest/Endpoint.ts"
import { ApiFailure } from "../failure.ts"
import type { Fields } from "./Asking.ts"
import { authenticate } from "./authenticate.ts"
import type { Operation } from "./Operation.ts"
import { operations } from "./operations.ts"
import { headersOf, perform } from "./perform.ts"

export const fieldsOf = ({ body, method, query }: Call): Fields => {
  if (method === "GET") return Object.fromEntries(new URLSearchParams(query))
  try {
    const value: unknown = JSON.parse(body)
    if (isFields(value)) return value
  } catch {
    // Answered below: it is no object either way.
  }
  throw new ApiFailure(10_001, "params error: body is not JSON")
}

const answer =
  (name: string, operation: Operation) =>
  (context: RestContext, _: URLSearchParams, call: Call): unknown => {
    const { trading, venue } = context
    const account = authenticate(trading.accounts, call, context.now())
    const fields = fieldsOf(call)
    const symbol = fields["symbol"]
    const target = {
      id: undefined,
      market: venue.kind,
      route: undefined,
      streams: [],
      symbols: typeof symbol === "string" ? [symbol] : []
    }
    for (const each of Object.values(trading.venues)) each.advance(trading.clock.now())
    const { answered, verdict } = perform(
      name,
      operation,
      { account, trading, fields, now: context.now() },
      "rest",
      target
    )
    return new Answer({ ...answered, headers: headersOf(verdict) })
  }

const endpoint = (name: string, operation: Operation): Endpoint => ({
  weight: always(1),
  answer: answer(name, operation)
})

export const privateEndpoints: Endpoints = {
  "POST /v5/order/create": endpoint("create", operations.create),
  "POST /v5/order/amend": endpoint("amend", operations.amend),
  "POST /v5/order/cancel": endpoint("cancel", operations.cancel),
  "POST /v5/order/cancel-all": endpoint("cancelAll", operations.cancelAll),
  "GET /v5/order/realtime": endpoint("realtime", operations.realtime),
  "GET /v5/order/history": endpoint("history", operations.history),
  "GET /v5/execution/list": endpoint("executions", operations.executions),
  "GET /v5/position/list": endpoint("positions", operations.positions),
  "POST /v5/position/switch-mode": endpoint("switchMode", operations.switchMode),
  "POST /v5/position/set-leverage": endpoint("setLeverage", operations.setLeverage),
  "GET /v5/account/wallet-balance": endpoint("walletBalance", operations.walletBalance),
  "GET /v5/account/fee-rate": endpoint("feeRate", operations.feeRate),
  "GET /v5/asset/coin/query-info": endpoint("coins", operations.coins),
  "GET /v5/account/info": endpoint("accountInfo", operations.accountInfo),
  "GET /v5/user/query-api": endpoint("keyInfo", operations.keyInfo)
}
