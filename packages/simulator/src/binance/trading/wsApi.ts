/**
 * The WebSocket API of both markets: requests with an id, answers with a status, the limits of REST. Guarantees one answer
 * to each request, in the order of their ends, and that user streams end with the connection.
 * Source: Binance docs, "WebSocket API", "General API information", "Session authentication".
 */
import type { Account } from "../../account/Account.ts"
import { isSigned } from "../../account/signature.ts"
import type { Conversation, Line } from "../../Protocol.ts"
import type { BinanceMarket } from "../../market/definition.ts"
import { Answer, type Answered } from "../../rest/Answer.ts"
import type { RestContext } from "../../rest/Endpoint.ts"
import { missing, RestFailure } from "../failure.ts"
import * as notices from "../notices.ts"
import { accountOf, checkTime, signedText } from "./authenticate.ts"
import * as failures from "./failures.ts"
import type { Operation } from "./Operation.ts"
import { perform } from "./perform.ts"
import { type ApiRequest, parse } from "./apiRequest.ts"
import { plainMethods, privateMethods } from "./methods.ts"
import { Session } from "./Session.ts"
import { rateLimitsOf } from "./rateLimits.ts"

/** Of methods that may be named with or without it. */
const VERSION = /^(v\d+\/)(?!account\.)/

const isFailure = (cause: unknown): cause is RestFailure => cause instanceof RestFailure

/** A request, and the clock as it was when it came. */
interface Asked {
  readonly request: ApiRequest
  readonly context: RestContext
}

export const converse = (line: Line): Conversation => {
  const market = line.path.market as BinanceMarket
  const session = new Session(line, market)

  const reply = ({ context, request }: Asked, answered: Answered, ordersOf: Account | undefined): void => {
    const { cause, delayMs = 0, isLost = false, value } = answered
    if (cause !== undefined && !isFailure(cause)) throw cause as Error
    const limits = request.wantsLimits ? { rateLimits: rateLimitsOf(context, line.limit, ordersOf) } : {}
    const body =
      cause === undefined
        ? { id: request.id, status: 200, result: value, ...limits }
        : { id: request.id, status: cause.status, error: { code: cause.code, msg: cause.message }, ...limits }
    line.after(delayMs, () => {
      if (!isLost) line.say(body)
      answered.after?.()
    })
  }

  /** The account of a signed request, or the session's. */
  const who = ({ context, request }: Asked, security: Operation["security"]): Account => {
    const { parameters, raw } = request
    const { accounts } = context.trading
    const key = parameters.get("apiKey")
    if (security === "key") return accountOf(accounts, market, key ?? session.account?.key)
    if (key === null && !parameters.has("signature") && session.account !== undefined) {
      checkTime(parameters, context.now())
      return session.account
    }
    if (key === null) throw missing("apiKey")
    const account = accountOf(accounts, market, key)
    const signature = parameters.get("signature")
    if (signature === null || signature === "") throw missing("signature")
    checkTime(parameters, context.now())
    if (!isSigned(account.definition, signedText(raw), signature)) throw failures.badSignature()
    return account
  }

  const charged = ({ context, request }: Asked, weight: number): boolean => {
    const verdict = line.limit.charge(weight)
    if (verdict.ok) return true
    const until = verdict.until
    const msg =
      verdict.status === 418
        ? `Way too much request weight used; IP banned until ${until}. Please use WebSocket Streams for live updates to avoid bans.`
        : `Too much request weight used; current limit is ${context.weightPerMinute} request weight per 1 MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`
    const data = { serverTime: Math.floor(context.now()), retryAfter: until }
    line.say({ id: request.id, status: verdict.status, error: { code: -1003, msg, data } })
    return false
  }

  const answer = (request: ApiRequest): void => {
    const method = request.method.replace(VERSION, "")
    const { parameters } = request
    const context = line.context()
    const asked = { context, request }
    const own = session.methods[method]
    const operation = privateMethods[market][method] ?? privateMethods[market][request.method]
    const open = plainMethods[market][method]
    if (!charged(asked, own?.weight ?? operation?.weight(parameters) ?? open?.weight(parameters) ?? 1)) return
    try {
      context.venue.advance(context.trading.clock.now())
      if (own !== undefined) return reply(asked, { value: own.run(() => who(asked, own.security), request) }, undefined)
      if (operation !== undefined) {
        const account = who(asked, operation.security)
        const symbol = parameters.get("symbol")
        const target = symbol === null ? line.target : { ...line.target, symbols: [symbol] }
        const answered = perform(operation, { account, context, parameters }, "socket", target)
        return reply(asked, answered, operation.request === undefined ? undefined : account)
      }
      if (open === undefined) throw new RestFailure(-1020, "This operation is not supported.")
      const call = { method: "GET", query: "", body: "", header: () => undefined }
      const value = open.answer(context, parameters, call)
      reply(asked, value instanceof Answer ? value.outcome : { value }, undefined)
    } catch (cause) {
      reply(asked, { cause }, undefined)
    }
  }

  return {
    begin: () => void line.limit.charge(market === "spot" ? 2 : 5),
    hear: (text) => {
      const request = parse(text, line.path.wantsLimits ?? true)
      if ("error" in request) line.say({ id: request.id, status: 400, error: request.error })
      else answer(request)
    },
    wrap: (stream, text) => session.wrap(stream, text),
    isCombined: () => false,
    shutdownNotice: (shape = "api") => notices.serverShutdown(shape, line.now()),
    listenKeyExpired: undefined,
    end: () => session.end()
  }
}
