/** An account's operations as endpoints of REST, with the headers that count its orders. */
import type { BinanceMarket } from "../../market/definition.ts"
import { Answer } from "../../rest/Answer.ts"
import type { Call, Endpoint, Endpoints, RestContext } from "../../rest/Endpoint.ts"
import { accountOf, authenticate } from "./authenticate.ts"
import type { Operation } from "./Operation.ts"
import { perform } from "./perform.ts"
import { orderLimits as spotLimits, spotOperations as spot } from "./spotOperations.ts"
import { orderLimits as usdmLimits, usdmOperations as usdm } from "./usdmOperations.ts"

const letter = { SECOND: "S", MINUTE: "M", DAY: "D" } as const

const countHeaders = ({ trading, venue }: RestContext, key: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    trading.counts
      .count(`${venue.kind}/${key}`, venue.kind === "spot" ? spotLimits : usdmLimits, 0)
      .map(({ count, interval, intervalNum }) => [
        `x-mbx-order-count-${intervalNum}${letter[interval].toLowerCase()}`,
        String(count)
      ])
  )

const answer =
  (operation: Operation) =>
  (context: RestContext, parameters: URLSearchParams, call: Call): unknown => {
    const market = context.venue.kind as BinanceMarket
    const { accounts } = context.trading
    const account =
      operation.security === "key"
        ? accountOf(accounts, market, call.header("x-mbx-apikey"))
        : authenticate(accounts, market, parameters, call, context.now())
    const symbol = parameters.get("symbol")
    const target = { id: undefined, market, route: undefined, streams: [], symbols: symbol === null ? [] : [symbol] }
    const answered = perform(operation, { account, context, parameters }, "rest", target)
    return new Answer(
      operation.request === undefined ? answered : { ...answered, headers: countHeaders(context, account.key) }
    )
  }

const endpoint = (operation: Operation): Endpoint => ({ weight: operation.weight, answer: answer(operation) })

/** Nothing is lent here. */
const noPairs: Endpoint = { weight: () => 1, answer: () => [] }

export const spotPrivateEndpoints: Endpoints = {
  "GET /sapi/v1/margin/allPairs": noPairs,
  "GET /sapi/v1/margin/isolated/allPairs": noPairs,
  "POST /api/v3/order": endpoint(spot.place),
  "POST /api/v3/order/test": endpoint(spot.test),
  "GET /api/v3/order": endpoint(spot.order),
  "DELETE /api/v3/order": endpoint(spot.cancel),
  "PUT /api/v3/order/amend/keepPriority": endpoint(spot.amend),
  "GET /api/v3/openOrders": endpoint(spot.openOrders),
  "DELETE /api/v3/openOrders": endpoint(spot.cancelAll),
  "GET /api/v3/allOrders": endpoint(spot.allOrders),
  "GET /api/v3/myTrades": endpoint(spot.myTrades),
  "GET /api/v3/account": endpoint(spot.account),
  "GET /sapi/v1/capital/config/getall": endpoint(spot.coins),
  "GET /api/v3/rateLimit/order": endpoint(spot.orderCounts)
}

export const usdmPrivateEndpoints: Endpoints = {
  "POST /fapi/v1/listenKey": endpoint(usdm.listenKey),
  "PUT /fapi/v1/listenKey": endpoint(usdm.keepAlive),
  "DELETE /fapi/v1/listenKey": endpoint(usdm.closeListenKey),
  "POST /fapi/v1/order": endpoint(usdm.place),
  "POST /fapi/v1/order/test": endpoint(usdm.test),
  "PUT /fapi/v1/order": endpoint(usdm.modify),
  "GET /fapi/v1/order": endpoint(usdm.order),
  "DELETE /fapi/v1/order": endpoint(usdm.cancel),
  "GET /fapi/v1/openOrder": endpoint(usdm.openOrder),
  "GET /fapi/v1/openOrders": endpoint(usdm.openOrders),
  "DELETE /fapi/v1/allOpenOrders": endpoint(usdm.cancelAll),
  "GET /fapi/v1/allOrders": endpoint(usdm.allOrders),
  "GET /fapi/v1/userTrades": endpoint(usdm.userTrades),
  "POST /fapi/v1/algoOrder": endpoint(usdm.placeAlgo),
  "DELETE /fapi/v1/algoOrder": endpoint(usdm.cancelAlgo),
  "GET /fapi/v1/algoOrder": endpoint(usdm.algoOrder),
  "GET /fapi/v1/openAlgoOrders": endpoint(usdm.openAlgoOrders),
  "DELETE /fapi/v1/algoOpenOrders": endpoint(usdm.cancelAllAlgo),
  "GET /fapi/v1/positionSide/dual": endpoint(usdm.positionMode),
  "POST /fapi/v1/positionSide/dual": endpoint(usdm.setPositionMode),
  "POST /fapi/v1/countdownCancelAll": endpoint(usdm.countdown),
  "GET /fapi/v2/account": endpoint(usdm.account),
  "GET /fapi/v3/account": endpoint(usdm.account),
  "GET /fapi/v2/balance": endpoint(usdm.balance),
  "GET /fapi/v3/balance": endpoint(usdm.balance),
  "GET /fapi/v2/positionRisk": endpoint(usdm.positionRisk),
  "GET /fapi/v3/positionRisk": endpoint(usdm.positionRisk),
  "GET /fapi/v1/leverageBracket": endpoint(usdm.leverageBracket),
  "GET /fapi/v1/income": endpoint(usdm.income),
  "GET /fapi/v1/commissionRate": endpoint(usdm.commissionRate)
}
