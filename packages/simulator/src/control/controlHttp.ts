/**
 * The control endpoint, `/control…`: JSON in, JSON out. What is wrong in a request is answered 400 with what was
 * expected. It is for tests on one's own machine and has no protection.
 */
import type { IncomingMessage, ServerResponse } from "node:http"
import type { WalletName } from "../account/AccountDefinition.ts"
import { accountOf } from "../account/parseAccount.ts"
import { faultTable } from "../faults/faultTable.ts"
import { BadRequest, isFields, parseFault } from "../faults/parseFault.ts"
import { isMarketKind, type MarketKind, marketKinds, rateNames } from "../market/definition.ts"
import { isInterval } from "../market/interval.ts"
import { bodyOf } from "../rest/body.ts"
import * as Scenario from "../scenario/Scenario.ts"
import type { Control } from "./Control.ts"

export interface Controlled {
  readonly control: Control
  readonly stats: () => unknown
}

export const help = (): string => {
  const faults = Object.entries(faultTable).map(([kind, { parameters, says }]) => {
    const names = Object.entries(parameters).map(([name, parameter]) =>
      parameter.required === true ? name : `${name}?`
    )
    return `  ${kind}${names.length > 0 ? ` {${names.join(", ")}}` : ""}\n      ${says}`
  })
  return [
    "GET    /control                                        this text",
    "GET    /control/state                                  markets, connections, faults",
    "GET    /control/stats                                  connections, dials, weights and answers of REST",
    "GET    /control/book?market=&symbol=&limit=            the true book and its update id",
    "GET    /control/trades?market=&symbol=&fromId=&limit=  every trade kept",
    "GET    /control/bars?market=&symbol=&interval=&limit=  every bar kept",
    "GET    /control/sent?connection=                       the last frames sent, if they are kept",
    "GET    /control/faults                                 the faults in force",
    "POST   /control/faults  {kind, filter?, count?, durationMs?, after?, …}",
    "DELETE /control/faults?id=                             ends one fault, or all",
    "POST   /control/rates   {market?, symbol?, tradesPerSecond?, ordersPerSecond?, liquidationsPerSecond?}",
    "POST   /control/trade   {market, symbol, side: buy|sell, size}",
    "GET    /control/accounts                               the keys of all accounts",
    "GET    /control/account?key=                           its balances, positions, orders, and order requests as they came",
    "POST   /control/accounts {key, secret | ed25519PublicKey, markets?, balances?, positionMode?}",
    "POST   /control/deposit {key, wallet, asset, amount}   adds to a balance, or takes from it",
    "POST   /control/cancel  {key, symbol?}                 the venue cancels what is open",
    "POST   /control/list    {market, symbol}               a symbol begins to trade",
    "POST   /control/delist  {market, symbol, gone?}        a symbol ends trading, or is gone",
    "POST   /control/play    a scenario's text: one step a line, such as `at 3s kill BTCUSDT`",
    "GET    /control/play                                   what runs, what has ended and how, with the steps done",
    "DELETE /control/play                                   ends every scenario",
    "",
    `market: ${marketKinds.join(" | ")}`,
    "filter: {market?, symbol?, stream?, route?, connection?}; stream may contain *.",
    "",
    "Faults:",
    ...faults,
    ""
  ].join("\n")
}

const body = async (request: IncomingMessage): Promise<Readonly<Record<string, unknown>>> => {
  const given = await bodyOf(request)
  let value: unknown
  try {
    value = JSON.parse(given)
  } catch {
    throw new BadRequest("body: expected JSON")
  }
  if (!isFields(value)) throw new BadRequest("body: expected a JSON object")
  return value
}

const marketOf = (value: unknown): MarketKind => {
  if (!isMarketKind(value)) throw new BadRequest(`market: expected one of ${marketKinds.join(", ")}`)
  return value
}

const textOf = (name: string, value: unknown): string => {
  if (typeof value !== "string" || value === "") throw new BadRequest(`${name}: expected a text`)
  return value
}

const rateOf = (name: string, value: unknown): number => {
  if (typeof value !== "number" || !(value >= 0)) throw new BadRequest(`${name}: expected a number of at least 0`)
  return value
}

const integerOf = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name)
  if (text === null) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new BadRequest(`${name}: expected an integer`)
  return Number(text)
}

const range = (query: URLSearchParams) => {
  const fromId = integerOf(query, "fromId")
  const limit = integerOf(query, "limit")
  return { ...(fromId === undefined ? {} : { fromId }), ...(limit === undefined ? {} : { limit }) }
}

const setRates = (control: Control, fields: Readonly<Record<string, unknown>>): unknown => {
  const given = rateNames.filter((name) => fields[name] !== undefined)
  if (given.length === 0) throw new BadRequest(`expected one of ${rateNames.join(", ")}`)
  const rates = Object.fromEntries(given.map((name) => [name, rateOf(name, fields[name])]))
  control.setRates(rates, {
    ...(fields["market"] === undefined ? {} : { market: marketOf(fields["market"]) }),
    ...(fields["symbol"] === undefined ? {} : { symbol: textOf("symbol", fields["symbol"]) })
  })
  return { rates }
}

const takeOrder = (control: Control, fields: Readonly<Record<string, unknown>>): unknown => {
  const side = fields["side"]
  if (side !== "buy" && side !== "sell") throw new BadRequest("side: expected buy or sell")
  const size = rateOf("size", fields["size"])
  return control.trade(marketOf(fields["market"]), textOf("symbol", fields["symbol"]), side, size)
}

const answer = async (
  { control, stats }: Controlled,
  request: IncomingMessage,
  path: string,
  query: URLSearchParams
): Promise<unknown> => {
  const market = () => marketOf(query.get("market"))
  const symbol = () => textOf("symbol", query.get("symbol"))
  switch (`${request.method ?? "GET"} ${path}`) {
    case "GET /control/state":
      return control.state()
    case "GET /control/stats":
      return stats()
    case "GET /control/book":
      return control.book(market(), symbol(), integerOf(query, "limit"))
    case "GET /control/trades":
      return control.trades(market(), symbol(), range(query))
    case "GET /control/bars": {
      const interval = textOf("interval", query.get("interval"))
      if (!isInterval(interval)) throw new BadRequest("interval: expected 1s, 1m … 1M")
      return control.bars(market(), symbol(), interval, integerOf(query, "limit"))
    }
    case "GET /control/sent":
      return control.sent(integerOf(query, "connection"))
    case "GET /control/faults":
      return control.faults()
    case "POST /control/faults":
      return control.inject(parseFault(await body(request)))
    case "DELETE /control/faults":
      return { cleared: control.clear(integerOf(query, "id")) }
    case "POST /control/rates":
      return setRates(control, await body(request))
    case "POST /control/trade":
      return takeOrder(control, await body(request))
    case "POST /control/play": {
      const steps = Scenario.parse(await bodyOf(request))
      control.play(steps)
      return { steps: steps.length }
    }
    case "GET /control/play":
      return control.played()
    case "DELETE /control/play":
      return { stopped: control.stopPlaying() }
    case "GET /control/accounts":
      return control.accounts.keys()
    case "GET /control/account":
      return control.accounts.view(textOf("key", query.get("key")))
    case "POST /control/accounts":
      return control.accounts.add(accountOf(await body(request)))
    case "POST /control/deposit": {
      const { amount, asset, key, wallet } = await body(request)
      return control.accounts.deposit(
        textOf("key", key),
        textOf("wallet", wallet) as WalletName,
        textOf("asset", asset),
        textOf("amount", amount)
      )
    }
    case "POST /control/cancel": {
      const { key, symbol: name } = await body(request)
      return {
        cancelled: control.accounts.cancel(textOf("key", key), name === undefined ? undefined : textOf("symbol", name))
      }
    }
    case "POST /control/list": {
      const { market: kind, symbol: name } = await body(request)
      control.list(marketOf(kind), textOf("symbol", name))
      return { listed: name }
    }
    case "POST /control/delist": {
      const { gone, market: kind, symbol: name } = await body(request)
      if (gone !== undefined && typeof gone !== "boolean") throw new BadRequest("gone: expected true or false")
      control.delist(marketOf(kind), textOf("symbol", name), { gone: gone === true })
      return { delisted: name }
    }
  }
  return undefined
}

/** Answers a request whose path begins with `/control`. */
export const handle = async (
  controlled: Controlled,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> => {
  const [path = "", query = ""] = (request.url ?? "").split("?", 2)
  const send = (status: number, text: string, type: string) => {
    response.writeHead(status, { "content-type": type })
    response.end(text)
  }
  const json = (status: number, value: unknown) => send(status, `${JSON.stringify(value)}\n`, "application/json")
  if (request.method === "GET" && (path === "/control" || path === "/control/"))
    return send(200, help(), "text/plain;charset=UTF-8")
  try {
    const value = await answer(controlled, request, path, new URLSearchParams(query))
    if (value === undefined)
      json(404, { error: `${request.method} ${path} is unknown; GET /control lists what there is` })
    else json(200, value)
  } catch (cause) {
    if (!(cause instanceof BadRequest)) throw cause
    json(400, { error: cause.message })
  }
}
