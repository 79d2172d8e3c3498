/**
 * Answers HTTP requests as the venue does: weight first, then the faults in force, then the endpoint.
 * Guarantees the two weight headers on every answer of an endpoint, the venue's error bodies, and 404 for the rest.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Clock } from "../clock.ts"
import type { FaultRegistry, Target } from "../faults/FaultRegistry.ts"
import type { MarketKind } from "../market/definition.ts"
import { splitPrefix } from "../socket/path.ts"
import type { Endpoints, RestContext } from "./Endpoint.ts"
import { RestFailure } from "./failure.ts"
import type { Limiter, LimiterStats, Verdict } from "./limiter.ts"
import { spotEndpoints } from "./spotRest.ts"
import { usdmEndpoints } from "./usdmRest.ts"

export interface RestMarket {
  readonly context: RestContext
  readonly limiter: Limiter
}

export interface RestStats extends LimiterStats {
  /** How often each status was answered, for whatever reason. */
  readonly answered: Readonly<Record<number, number>>
}

type Headers = Readonly<Record<string, string>>

const endpoints: Record<MarketKind, Endpoints> = { spot: spotEndpoints, usdm: usdmEndpoints }

const send = (response: ServerResponse, status: number, body: unknown, headers: Headers = {}): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    "content-type": "application/json;charset=UTF-8",
    "content-length": String(Buffer.byteLength(text)),
    ...headers
  })
  response.end(text)
}

const tooMuch = (verdict: Extract<Verdict, { ok: false }>, limit: number): string =>
  verdict.status === 429
    ? `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`
    : `Way too much request weight used; IP banned until ${verdict.until}. Please use WebSocket Streams for live updates to avoid bans.`

const usual: Readonly<Record<number, readonly [code: number, msg: string]>> = {
  403: [-1000, "Forbidden"],
  418: [-1003, "Way too many requests; IP banned."],
  429: [-1003, "Too many requests."],
  503: [-1008, "Request throttled by system-level protection."]
}

/** A request has no connection and no streams. */
const targetOf = (market: MarketKind): Target => ({ id: undefined, market, route: undefined, streams: [] })

export class RestServer {
  private readonly clock: Clock
  private readonly faults: FaultRegistry
  private readonly markets: Record<MarketKind, RestMarket>
  private readonly answered: Record<MarketKind, Map<number, number>> = { spot: new Map(), usdm: new Map() }

  constructor(clock: Clock, faults: FaultRegistry, markets: Record<MarketKind, RestMarket>) {
    this.clock = clock
    this.faults = faults
    this.markets = markets
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const [whole = "", queryText = ""] = (request.url ?? "").split("?", 2)
    const { path } = splitPrefix(whole)
    const kind: MarketKind = path.startsWith("/api/") || path.startsWith("/sapi/") ? "spot" : "usdm"
    const endpoint = request.method === "GET" ? endpoints[kind][path] : undefined
    const query = new URLSearchParams(queryText)
    response.once("finish", () => this.count(kind, response.statusCode))
    const verdict = endpoint === undefined ? undefined : this.markets[kind].limiter.charge(endpoint.weight(query))
    const headers: Headers =
      verdict === undefined
        ? {}
        : { "x-mbx-used-weight": String(verdict.used), "x-mbx-used-weight-1m": String(verdict.used) }
    const answer = () => {
      if (endpoint === undefined || verdict === undefined) {
        response.writeHead(404, { "content-type": "text/html" })
        response.end("<html><body><h2>404 Not found</h2></body></html>")
      } else if (!verdict.ok) {
        const { weightPerMinute } = this.markets[kind].context
        const body = { code: -1003, msg: tooMuch(verdict, weightPerMinute) }
        send(response, verdict.status, body, { ...headers, "retry-after": String(verdict.retryAfterS) })
      } else this.answer(kind, endpoint.answer, query, response, headers)
    }
    this.throughFaults(kind, path, query, response, headers, answer)
  }

  stats(): Record<MarketKind, RestStats> {
    const of = (kind: MarketKind): RestStats => ({
      ...this.markets[kind].limiter.stats(),
      answered: Object.fromEntries(this.answered[kind])
    })
    return { spot: of("spot"), usdm: of("usdm") }
  }

  private count(kind: MarketKind, status: number): void {
    const answered = this.answered[kind]
    answered.set(status, (answered.get(status) ?? 0) + 1)
  }

  private answer(
    kind: MarketKind,
    run: (context: RestContext, query: URLSearchParams) => unknown,
    query: URLSearchParams,
    response: ServerResponse,
    headers: Headers
  ): void {
    const { context: plain } = this.markets[kind]
    const skewMs = this.skewOf(kind, query)
    const context = skewMs === 0 ? plain : { ...plain, skewMs, now: () => plain.now() + skewMs }
    try {
      context.venue.advance(plain.now())
      send(response, 200, run(context, query), headers)
    } catch (cause) {
      if (!(cause instanceof RestFailure)) throw cause
      send(response, cause.status, { code: cause.code, msg: cause.message }, headers)
    }
  }

  private skewOf(market: MarketKind, query: URLSearchParams): number {
    let sum = 0
    const occasion = { symbol: query.get("symbol") ?? undefined }
    for (const entry of this.faults.meant(["skewedClock"], targetOf(market), occasion)) {
      if (this.faults.use(entry)) sum += entry.fault.offsetMs
    }
    return sum
  }

  private throughFaults(
    market: MarketKind,
    path: string,
    query: URLSearchParams,
    response: ServerResponse,
    headers: Headers,
    answer: () => void
  ): void {
    let delayMs = 0
    const occasion = { symbol: query.get("symbol") ?? undefined }
    for (const entry of this.faults.meant(["rest", "restTimeout", "slowRest"], targetOf(market), occasion)) {
      const { fault } = entry
      if (!path.startsWith(fault.path ?? "") || !this.faults.use(entry)) continue
      // Nothing is undone for a fault that this request used up: it is never answered.
      if (fault.kind === "restTimeout") return void entry.undo.push(() => response.destroy())
      if (fault.kind === "slowRest") delayMs += fault.delayMs
      else {
        const [code, msg] = usual[fault.status] ?? [-1000, "An unknown error occurred while processing the request."]
        const retry = fault.retryAfterS ?? (fault.status === 429 || fault.status === 418 ? 1 : undefined)
        const extra: Headers = retry === undefined ? {} : { "retry-after": String(retry) }
        return send(
          response,
          fault.status,
          { code: fault.code ?? code, msg: fault.msg ?? msg },
          { ...headers, ...extra }
        )
      }
    }
    if (delayMs > 0) this.clock.after(delayMs, answer)
    else answer()
  }
}
