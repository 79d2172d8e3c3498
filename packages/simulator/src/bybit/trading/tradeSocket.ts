/**
 * `/v5/trade`: order entry on a socket that has authenticated. An answer says that a request was taken in; what became of
 * the order is told on the topic `order`. Source: Bybit v5 docs, "WebSocket Trade Guideline".
 */
import type { Account } from "../../account/Account.ts"
import type { Conversation, Line } from "../../Protocol.ts"
import { Ring } from "../../market/ring.ts"
import { isFields } from "../../faults/parseFault.ts"
import { connectionId } from "../connectionId.ts"
import { ApiFailure } from "../failure.ts"
import { text } from "./Asking.ts"
import { checkTime } from "./authenticate.ts"
import { type Message, read } from "./message.ts"
import type { Operation } from "./Operation.ts"
import { operations } from "./operations.ts"
import { headersOf, perform } from "./perform.ts"
import { authenticated } from "./socketAuth.ts"

const ops: Readonly<Record<string, readonly [name: string, operation: Operation]>> = {
  "order.create": ["create", operations.create],
  "order.amend": ["amend", operations.amend],
  "order.cancel": ["cancel", operations.cancel]
}

/** Request ids remembered, to know one that comes again. */
const IDS_KEPT = 10_000

export const converse = (line: Line): Conversation => {
  const connId = connectionId(line.id)
  const seen = new Set<string>()
  const order = new Ring<string>(IDS_KEPT)
  let account: Account | undefined
  let calls = 0
  const { trading } = line

  const plain = (retCode: number, retMsg: string, { id, op }: Message): void =>
    line.say({ ...(id === undefined ? {} : { reqId: id }), retCode, retMsg, op, connId })

  const authenticate = (message: Message): void => {
    if (account !== undefined) return plain(20_001, "Repeat auth", message)
    try {
      account = authenticated(trading.accounts, message.args, line.context().now())
      plain(0, "OK", message)
    } catch (cause) {
      if (!(cause instanceof ApiFailure)) throw cause
      plain(cause.code, cause.message, message)
    }
  }

  const isRepeated = ({ id }: Message): boolean => {
    if (id === undefined) return false
    if (seen.has(id)) return true
    if (order.length === order.capacity) seen.delete(order.at(0)!)
    order.push(id)
    seen.add(id)
    return false
  }

  const trade = (message: Message, name: string, operation: Operation): void => {
    if (account === undefined) return plain(10_003, "Request not authorized", message)
    if (isRepeated(message)) return plain(20_006, "reqId is duplicated", message)
    const [fields] = message.args
    const context = line.context()
    try {
      checkTime(
        text(message.header, "X-BAPI-TIMESTAMP") ?? "",
        text(message.header, "X-BAPI-RECV-WINDOW") ?? "5000",
        context.now()
      )
      if (message.args.length !== 1 || !isFields(fields)) throw new ApiFailure(10_001, "params error: args invalid")
    } catch (cause) {
      if (!(cause instanceof ApiFailure)) throw cause
      return plain(cause.code, cause.message, message)
    }
    for (const venue of Object.values(trading.venues)) venue.advance(trading.clock.now())
    const { symbol } = fields
    const target = typeof symbol === "string" ? { ...line.target, symbols: [symbol] } : line.target
    const { answered, verdict } = perform(
      name,
      operation,
      { account, trading, fields, now: context.now() },
      "socket",
      target
    )
    const { after, cause, delayMs = 0, isLost = false, value } = answered
    if (cause !== undefined && !(cause instanceof ApiFailure)) throw cause as Error
    const body = {
      ...(message.id === undefined ? {} : { reqId: message.id }),
      retCode: cause?.code ?? 0,
      retMsg: cause?.message ?? "OK",
      op: message.op,
      data: cause === undefined ? value : {},
      retExtInfo: {},
      header: {
        ...headersOf(verdict),
        Traceid: `${connId.replaceAll("-", "")}${++calls}`,
        Timenow: String(Math.floor(context.now()))
      },
      connId
    }
    line.after(delayMs, () => {
      if (!isLost) line.say(body)
      after?.()
    })
  }

  return {
    begin: () => {},
    hear: (said) => {
      const message = read(said)
      const op = ops[message.op]
      if (op !== undefined) return trade(message, ...op)
      if (message.op === "auth") return authenticate(message)
      if (message.op === "ping") {
        return line.say({
          ...(message.id === undefined ? {} : { reqId: message.id }),
          retCode: 0,
          retMsg: "OK",
          op: "pong",
          data: [String(Math.floor(line.now()))],
          connId
        })
      }
      plain(10_404, "op type is not found", message)
    },
    wrap: (_, text) => text,
    isCombined: () => false,
    shutdownNotice: undefined,
    listenKeyExpired: undefined
  }
}
