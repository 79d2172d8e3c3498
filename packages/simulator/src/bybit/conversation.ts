/**
 * What is said on a public socket of Bybit. A request is done whole or refused whole; the first snapshot of a book follows
 * the acknowledgement (before it under the fault `snapshotFirst`). Nothing is said that the client did not ask for.
 * Source: Bybit v5 docs, "Connect"; the texts of refusals: docs/venues/bybit.md.
 */
import type { FaultOf } from "../faults/Fault.ts"
import { fateOf } from "../faults/requestFaults.ts"
import type { Conversation, Line } from "../Protocol.ts"
import { categoryOf } from "./category.ts"
import { connectionId } from "./connectionId.ts"
import { feedOf } from "./feed.ts"
import { parse, type Request } from "./request.ts"
import { parse as parseTopic, symbolOf } from "./topicName.ts"

export const converse = (line: Line): Conversation => {
  const { faults, path, rules } = line
  const category = categoryOf(path.market)
  const conn_id = connectionId(line.id)
  let characters = 0

  const answer = (success: boolean, ret_msg: string, op: string, id: string | undefined, delayMs = 0): void =>
    line.say({ success, ret_msg, conn_id, ...(id === undefined ? {} : { req_id: id }), op }, delayMs)

  /** Why a request to subscribe is refused; the first reason counts. */
  const refusal = (topics: ReadonlyArray<string>): string | undefined => {
    if (topics.length > rules.streamsPerRequest) return `args size >${rules.streamsPerRequest}`
    const seen = new Set<string>()
    for (const topic of topics) {
      const name = parseTopic(category, topic)
      if (name === undefined) return `error:handler not found,topic:${topic}`
      if (!line.trades(name.symbol)) {
        return category === "spot" ? `Invalid symbol :[${topic}]` : `error:handler not found,topic:${topic}`
      }
      if (line.streams.has(topic) || seen.has(topic)) return `error:already subscribed,topic:${topic}`
      seen.add(topic)
    }
    const wanted = topics.reduce((sum, topic) => sum + topic.length, characters)
    // The venue's text is not documented.
    return wanted > rules.charactersPerConnection ? "error:args too long" : undefined
  }

  const rejected = ({ msg }: FaultOf<"rejectSubscribe">, topics: ReadonlyArray<string>): string =>
    msg ?? `error:handler not found,topic:${topics[0] ?? ""}`

  const subscribe = ({ args, id, op }: Request): void => {
    const target = { ...line.target, streams: args, symbols: args.map(symbolOf) }
    const fate = fateOf(faults, target, true)
    const error = fate.type === "rejected" ? rejected(fate.fault, args) : refusal(args)
    if (error !== undefined || fate.type === "rejected") return answer(false, error ?? "", op, id)
    const greet = args.map((topic) => line.subscribe(topic, feedOf(path.market, topic, line.shuffleKeys)))
    characters += args.reduce((sum, topic) => sum + topic.length, 0)
    const isEarly = faults.meant(["snapshotFirst"], target).some((entry) => faults.use(entry))
    if (isEarly) for (const each of greet) each()
    // Both texts are documented; spot's gateway is the one that repeats the operation.
    if (fate.answered) answer(true, category === "spot" ? op : "", op, id, fate.delayMs)
    if (!isEarly) for (const each of greet) each()
  }

  const unsubscribe = ({ args, id, op }: Request): void => {
    const fate = fateOf(faults, { ...line.target, streams: args, symbols: args.map(symbolOf) }, false)
    for (const topic of args) {
      if (line.streams.has(topic)) characters -= topic.length
      line.unsubscribe(topic)
    }
    if (fate.type === "done" && fate.answered) answer(true, "", op, id, fate.delayMs)
  }

  return {
    begin: () => {},
    hear: (text) => {
      const request = parse(text)
      if ("error" in request) answer(false, request.error, request.op, request.id)
      else if (request.op === "ping") answer(true, "pong", "ping", request.id)
      else if (request.op === "subscribe") subscribe(request)
      else unsubscribe(request)
    },
    wrap: (_, text) => text,
    isCombined: () => false,
    shutdownNotice: undefined,
    listenKeyExpired: undefined
  }
}
