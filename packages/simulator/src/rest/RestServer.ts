/**
 * Answers HTTP requests as the venue does: its limits first, then the faults in force, then the endpoint. Guarantees the
 * venue's headers on every answer of an endpoint, its error bodies, and 404 for what it does not have.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Clock } from "../clock.ts"
import type { FaultRegistry, Target } from "../faults/FaultRegistry.ts"
import { type MarketKind, perMarket } from "../market/definition.ts"
import type { Protocol, Reply } from "../Protocol.ts"
import { protocolOf, protocols } from "../protocols.ts"
import type { RestRules } from "../SimulatorOptions.ts"
import { Answer, type Answered } from "./Answer.ts"
import { bodyOf } from "./body.ts"
import type { Call, Endpoint, RestContext } from "./Endpoint.ts"
import type { RateLimit, RateLimitStats } from "./RateLimit.ts"

export interface RestMarket {
  readonly context: RestContext
  /** Shared by the markets of one host. */
  readonly limit: RateLimit
  readonly rules: RestRules
}

export interface RestStats extends RateLimitStats {
  /** How often each status was answered, for whatever reason. */
  readonly answered: Readonly<Record<number, number>>
}

type Headers = Readonly<Record<string, string>>

const send = (response: ServerResponse, { body, headers, status }: Reply, more: Headers): void => {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    "content-type": "application/json;charset=UTF-8",
    "content-length": String(Buffer.byteLength(text)),
    ...more,
    ...headers
  })
  response.end(text)
}

/** A request has no connection and no streams. */
const targetOf = (market: MarketKind): Target => ({ id: undefined, market, route: undefined, streams: [], symbols: [] })

interface Asked {
  readonly market: MarketKind
  readonly protocol: Protocol
  /** Without the host in front of it. */
  readonly path: string
  readonly query: URLSearchParams
  readonly endpoint: Endpoint | undefined
  readonly call: Call
}

/** Parameters of a form's body stand beside those of the URL; those of a JSON body too, as texts. */
const parametersOf = (query: string, body: string): URLSearchParams => {
  const parameters = new URLSearchParams(query)
  if (body.startsWith("{") || body.startsWith("[")) return parameters
  for (const [name, value] of new URLSearchParams(body)) parameters.append(name, value)
  return parameters
}

const read = (request: IncomingMessage, body: string): Asked => {
  const url = request.url ?? ""
  const at = url.indexOf("?")
  const whole = at === -1 ? url : url.slice(0, at)
  const queryText = at === -1 ? "" : url.slice(at + 1)
  const query = parametersOf(queryText, body)
  const { method = "GET" } = request
  const call: Call = {
    method,
    query: queryText,
    body,
    header: (name) => {
      const value = request.headers[name.toLowerCase()]
      return Array.isArray(value) ? value[0] : value
    }
  }
  for (const { rest } of protocols) {
    const found = rest.find(whole, query, call)
    if (found !== undefined) return { ...found, protocol: protocolOf[found.market], query, call }
  }
  return { market: "spot", protocol: protocolOf.spot, path: whole, query, endpoint: undefined, call }
}

export class RestServer {
  private readonly clock: Clock
  private readonly faults: FaultRegistry
  private readonly markets: Record<MarketKind, RestMarket>
  private readonly answered = perMarket(() => new Map<number, number>())

  constructor(clock: Clock, faults: FaultRegistry, markets: Record<MarketKind, RestMarket>) {
    this.clock = clock
    this.faults = faults
    this.markets = markets
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === "GET") return this.answerTo(read(request, ""), response)
    bodyOf(request).then(
      (body) => this.answerTo(read(request, body), response),
      (cause: unknown) => response.destroy(cause as Error)
    )
  }

  private answerTo(asked: Asked, response: ServerResponse): void {
    const { endpoint, market, protocol, query } = asked
    response.once("finish", () => this.count(market, response.statusCode))
    const { limit, rules } = this.markets[market]
    const verdict = endpoint === undefined ? undefined : limit.charge(endpoint.weight(query))
    const headers = verdict === undefined ? {} : protocol.rest.headers(verdict)
    const answer = () => {
      if (endpoint === undefined || verdict === undefined) {
        response.writeHead(404, { "content-type": "text/html" })
        response.end("<html><body><h2>404 Not found</h2></body></html>")
      } else {
        if (!verdict.ok) return send(response, protocol.rest.refused(verdict, rules), headers)
        this.tell(asked, response, headers, this.answer(asked, endpoint))
      }
    }
    this.throughFaults(asked, response, headers, answer)
  }

  stats(): Record<MarketKind, RestStats> {
    return perMarket((kind) => ({
      ...this.markets[kind].limit.stats(),
      answered: Object.fromEntries(this.answered[kind])
    }))
  }

  private count(kind: MarketKind, status: number): void {
    const answered = this.answered[kind]
    answered.set(status, (answered.get(status) ?? 0) + 1)
  }

  private answer({ call, market, query }: Asked, endpoint: Endpoint): Answered {
    const { context: plain } = this.markets[market]
    const skewMs = this.skewOf(market, query)
    const context = skewMs === 0 ? plain : { ...plain, skewMs, now: () => plain.now() + skewMs }
    try {
      context.venue.advance(plain.now())
      const value = endpoint.answer(context, query, call)
      return value instanceof Answer ? value.outcome : { value }
    } catch (cause) {
      return { cause }
    }
  }

  /** Sends an answer when its time has come, and lets what follows it go. */
  private tell({ market, protocol }: Asked, response: ServerResponse, headers: Headers, answered: Answered): void {
    const { after, cause, delayMs = 0, isLost = false, value } = answered
    const now = this.markets[market].context.now()
    const reply = cause === undefined ? protocol.rest.answered(value, now) : protocol.rest.failed(cause, now)
    if (reply === undefined) {
      after?.()
      throw cause as Error
    }
    const done = () => {
      if (isLost) response.socket?.resetAndDestroy()
      else send(response, reply, { ...headers, ...answered.headers })
      after?.()
    }
    if (delayMs > 0) this.clock.after(delayMs, done)
    else done()
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
    { market, path, protocol, query }: Asked,
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
      else return send(response, protocol.rest.fault(fault, this.clock.now()), headers)
    }
    if (delayMs > 0) this.clock.after(delayMs, answer)
    else answer()
  }
}
