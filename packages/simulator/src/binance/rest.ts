/**
 * How Binance answers requests: weight headers on every answer of an endpoint, `{code, msg}` for what is wrong.
 * Source: Binance docs, "General API information", "Limits", "Error codes".
 */
import type { RestProtocol } from "../Protocol.ts"
import type { Refused } from "../rest/RateLimit.ts"
import { RestFailure } from "./failure.ts"
import { splitPrefix } from "./path.ts"
import { spotEndpoints } from "./spotRest.ts"
import { usdmEndpoints } from "./usdmRest.ts"
import { spotPrivateEndpoints, usdmPrivateEndpoints } from "./trading/endpoints.ts"
import { WeightLimit } from "./WeightLimit.ts"

const tooMuch = ({ status, until }: Refused, limit: number): string =>
  status === 429
    ? `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`
    : `Way too much request weight used; IP banned until ${until}. Please use WebSocket Streams for live updates to avoid bans.`

const usual: Readonly<Record<number, readonly [code: number, msg: string]>> = {
  403: [-1000, "Forbidden"],
  418: [-1003, "Way too many requests; IP banned."],
  429: [-1003, "Too many requests."],
  503: [-1008, "Request throttled by system-level protection."]
}

export const rest: RestProtocol = {
  find: (asked, _, { method }) => {
    const { path } = splitPrefix(asked)
    const isSpot = path.startsWith("/api/") || path.startsWith("/sapi/")
    const open = method === "GET" ? (isSpot ? spotEndpoints : usdmEndpoints)[path] : undefined
    const endpoint = open ?? (isSpot ? spotPrivateEndpoints : usdmPrivateEndpoints)[`${method} ${path}`]
    return { market: isSpot ? "spot" : "usdm", path, endpoint }
  },
  limit: (clock, rules, clockScale) => new WeightLimit(clock, rules, clockScale),
  headers: ({ used }) => ({ "x-mbx-used-weight": String(used), "x-mbx-used-weight-1m": String(used) }),
  refused: (verdict, { weightPerMinute }) => ({
    status: verdict.status,
    body: { code: -1003, msg: tooMuch(verdict, weightPerMinute) },
    headers: { "retry-after": String(verdict.retryAfterS) }
  }),
  answered: (body) => ({ status: 200, body }),
  failed: (cause) =>
    cause instanceof RestFailure ? { status: cause.status, body: { code: cause.code, msg: cause.message } } : undefined,
  fault: (fault) => {
    const [code, msg] = usual[fault.status] ?? [-1000, "An unknown error occurred while processing the request."]
    const retry = fault.retryAfterS ?? (fault.status === 429 || fault.status === 418 ? 1 : undefined)
    return {
      status: fault.status,
      body: { code: fault.code ?? code, msg: fault.msg ?? msg },
      ...(retry === undefined ? {} : { headers: { "retry-after": String(retry) } })
    }
  }
}
