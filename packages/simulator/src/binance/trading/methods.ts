/** Methods of the WebSocket API and what they are: operations of an account, or endpoints of market data. */
import type { BinanceMarket } from "../../market/definition.ts"
import type { Endpoints } from "../../rest/Endpoint.ts"
import { spotEndpoints } from "../spotRest.ts"
import { usdmEndpoints } from "../usdmRest.ts"
import type { Operation } from "./Operation.ts"
import { spotOperations as spot } from "./spotOperations.ts"
import { usdmOperations as usdm } from "./usdmOperations.ts"

export const privateMethods: Readonly<Record<BinanceMarket, Readonly<Record<string, Operation>>>> = {
  spot: {
    "order.place": spot.place,
    "order.test": spot.test,
    "order.cancel": spot.cancel,
    "order.status": spot.order,
    "order.amend.keepPriority": spot.amend,
    "openOrders.status": spot.openOrders,
    "openOrders.cancelAll": spot.cancelAll,
    allOrders: spot.allOrders,
    myTrades: spot.myTrades,
    "account.status": spot.account,
    "account.rateLimits.orders": spot.orderCounts
  },
  usdm: {
    "order.place": usdm.place,
    "order.modify": usdm.modify,
    "order.cancel": usdm.cancel,
    "order.status": usdm.order,
    "algoOrder.place": usdm.placeAlgo,
    "algoOrder.cancel": usdm.cancelAlgo,
    "account.status": usdm.account,
    "account.balance": usdm.balance,
    "account.position": usdm.positionRisk,
    "v2/account.status": usdm.account,
    "v2/account.balance": usdm.balance,
    "v2/account.position": usdm.positionRisk,
    "userDataStream.start": usdm.listenKey,
    "userDataStream.ping": usdm.keepAlive,
    "userDataStream.stop": usdm.closeListenKey
  }
}

const named = (endpoints: Endpoints, names: Readonly<Record<string, string>>): Endpoints =>
  Object.fromEntries(
    Object.entries(names).flatMap(([method, path]) =>
      endpoints[path] === undefined ? [] : [[method, endpoints[path]]]
    )
  )

const spotMethods = named(spotEndpoints, {
  ping: "/api/v3/ping",
  time: "/api/v3/time",
  exchangeInfo: "/api/v3/exchangeInfo",
  depth: "/api/v3/depth",
  "trades.recent": "/api/v3/trades",
  "trades.historical": "/api/v3/historicalTrades",
  "trades.aggregate": "/api/v3/aggTrades",
  klines: "/api/v3/klines",
  uiKlines: "/api/v3/uiKlines",
  avgPrice: "/api/v3/avgPrice",
  "ticker.24hr": "/api/v3/ticker/24hr",
  "ticker.price": "/api/v3/ticker/price",
  "ticker.book": "/api/v3/ticker/bookTicker"
})

const usdmMethods = named(usdmEndpoints, {
  ping: "/fapi/v1/ping",
  time: "/fapi/v1/time",
  depth: "/fapi/v1/depth",
  "ticker.price": "/fapi/v1/ticker/price",
  "ticker.book": "/fapi/v1/ticker/bookTicker"
})

export const plainMethods: Readonly<Record<BinanceMarket, Endpoints>> = { spot: spotMethods, usdm: usdmMethods }
