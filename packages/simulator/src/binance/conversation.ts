/**
 * What is said on a socket of Binance: every SUBSCRIBE is acknowledged whether or not it will deliver, and too many
 * streams end the connection. Source: Binance docs, "Live subscribing and unsubscribing".
 */
import { fateOf } from "../faults/requestFaults.ts"
import type { Conversation, Line } from "../Protocol.ts"
import { feedOf } from "./feed.ts"
import * as notices from "./notices.ts"
import { type Change, parse, type Request, type RequestError, type RequestId } from "./request.ts"
import { symbolOf } from "./streamName.ts"
import { listenTo } from "./trading/listenKeyStream.ts"

export const converse = (line: Line): Conversation => {
  const { faults, path, rules } = line
  let combined = path.combined

  const user = path.route === "private" ? listenTo(line, () => combined) : undefined

  const subscribe = (stream: string): void => {
    line.subscribe(stream, feedOf(path, stream))()
    user?.open(stream)
  }

  const refuse = ({ error, id }: RequestError): void => {
    const tail = id === undefined ? {} : { id }
    line.say(line.errorShape === "documented" ? { ...error, ...tail } : { error, ...tail })
  }

  const tooManyStreams = (id: RequestId): void => {
    refuse({ error: { code: 4, msg: "Too many subscriptions" }, id })
    line.close(1008, "Invalid request")
  }

  /** Does what is asked; false when it would be too many streams. */
  const change = ({ method, params }: Change): boolean => {
    if (method === "UNSUBSCRIBE") params.forEach(line.unsubscribe)
    else {
      const fresh = new Set(params.filter((stream) => !line.streams.has(stream)))
      if (line.streams.size + fresh.size > rules.streamsPerConnection) return false
      params.forEach(subscribe)
    }
    return true
  }

  const answer = (request: Request): void => {
    const { id } = request
    switch (request.method) {
      case "SUBSCRIBE":
      case "UNSUBSCRIBE": {
        const symbols = request.params.map(symbolOf)
        const target = { ...line.target, streams: request.params, symbols }
        const fate = fateOf(faults, target, request.method === "SUBSCRIBE")
        if (fate.type === "rejected") {
          const { code = 2, msg = "Invalid request: the subscription was refused" } = fate.fault
          return refuse({ error: { code, msg }, id })
        }
        if (!change(request)) return tooManyStreams(id)
        return fate.answered ? line.say({ result: null, id }, fate.delayMs) : undefined
      }
      case "LIST_SUBSCRIPTIONS":
        return line.say({ result: [...line.streams.keys()], id })
      case "SET_PROPERTY":
        combined = request.combined
        return line.say({ result: null, id })
      case "GET_PROPERTY":
        return line.say({ result: combined, id })
    }
  }

  return {
    begin: () => {
      if (path.streams.length > rules.streamsPerConnection) return tooManyStreams(null)
      user?.open(path.listenKey)
      path.streams.forEach(subscribe)
    },
    hear: (text) => {
      const request = parse(path.market, text)
      if ("error" in request) refuse(request)
      else answer(request)
    },
    // An account's events come under its key.
    wrap: (stream, text) => {
      const name = user === undefined ? stream : path.listenKey
      return combined ? `{"stream":${JSON.stringify(name)},"data":${text}}` : text
    },
    isCombined: () => combined,
    shutdownNotice: (shape = combined ? "combined" : "raw") => notices.serverShutdown(shape, line.now()),
    listenKeyExpired: user?.expire,
    ...(user === undefined ? {} : { end: user.close })
  }
}
