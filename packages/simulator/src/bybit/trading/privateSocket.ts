/**
 * `/v5/private`: topics of an account that has authenticated. Guarantees that nothing is told before a change: no topic
 * begins with a snapshot. Source: Bybit v5 docs, "WebSocket Stream, Private", "Connect".
 */
import type { Account } from "../../account/Account.ts"
import { attach, type Told } from "../../account/userStream.ts"
import type { Conversation, Line } from "../../Protocol.ts"
import { connectionId } from "../connectionId.ts"
import { ApiFailure } from "../failure.ts"
import { type Message, read } from "./message.ts"
import { events, topics } from "./events.ts"
import { authenticated } from "./socketAuth.ts"

const categories = ["spot", "linear", "inverse", "option"]

/** A topic without its category; undefined when there is none such. */
const plainOf = (topic: string): string | undefined => {
  const known: ReadonlyArray<string> = [...topics, "greeks", "dcp.future", "dcp.spot", "dcp.option"]
  if (known.includes(topic)) return topic
  const at = topic.lastIndexOf(".")
  const plain = topic.slice(0, Math.max(0, at))
  return plain !== "wallet" && known.includes(plain) && categories.includes(topic.slice(at + 1)) ? plain : undefined
}

export const converse = (line: Line): Conversation => {
  const conn_id = connectionId(line.id)
  let account: Account | undefined
  let detach = (): void => {}
  const { trading } = line

  const answer = (success: boolean, ret_msg: string, { id, op }: Message): void =>
    line.say({ success, ret_msg, op, conn_id, ...(id === undefined ? {} : { req_id: id }) })

  /** Rows of a category stand on the topic of all, and on their own. */
  const tell = ({ payload, stream, symbol }: Told): void => {
    const rows = payload["data"] as ReadonlyArray<Readonly<Record<string, unknown>>>
    const own = `${stream}.${String(rows[0]?.["category"])}`
    for (const topic of [stream, own]) {
      if (!line.streams.has(topic)) continue
      const named = { ...payload, topic }
      line.deliver({ stream: topic, symbol, payload: named, text: JSON.stringify(named), unit: "ms" })
    }
  }

  const authenticate = (message: Message): void => {
    if (account !== undefined) return answer(false, "Repeat auth", message)
    try {
      account = authenticated(trading.accounts, message.args, line.context().now())
    } catch (cause) {
      if (!(cause instanceof ApiFailure)) throw cause
      return answer(false, cause.message, message)
    }
    detach = attach(line, account, events(account, trading), tell)
    answer(true, "", message)
  }

  const subscribe = (message: Message): void => {
    if (account === undefined) return answer(false, "failed auth", message)
    const asked = message.args.map(String)
    const wrong = asked.find((topic) => plainOf(topic) === undefined)
    if (wrong !== undefined) return answer(false, `error:handler not found,topic:${wrong}`, message)
    const known = asked.find((topic) => line.streams.has(topic))
    if (known !== undefined) return answer(false, `error:already subscribed,topic:${known}`, message)
    const plain = asked.map(plainOf)
    const isMixed =
      asked.some((topic, place) => topic !== plain[place]) &&
      asked.some((topic) => plain.filter((each) => each === topic).length > 1)
    if (isMixed)
      return answer(false, "error:all-in-one topics and categorised topics cannot be mixed in one request", message)
    for (const topic of asked) line.subscribe(topic, undefined)()
    answer(true, "", message)
  }

  return {
    begin: () => {},
    hear: (text) => {
      const message = read(text)
      switch (message.op) {
        case "auth":
          return authenticate(message)
        case "ping":
          return line.say({
            ...(message.id === undefined ? {} : { req_id: message.id }),
            op: "pong",
            args: [String(Math.floor(line.now()))],
            conn_id
          })
        case "subscribe":
          return subscribe(message)
        case "unsubscribe":
          message.args.map(String).forEach(line.unsubscribe)
          return answer(true, "", message)
        default:
          return answer(false, "error:invalid op", message)
      }
    },
    wrap: (_, text) => text,
    isCombined: () => false,
    shutdownNotice: undefined,
    listenKeyExpired: undefined,
    end: () => detach()
  }
}
