/**
 * The made-up exchange of the conformance suite, speaking the protocol of the example's venue: every frame and request is
 * put into the other's words, and a whole book is sent behind the confirmation of its topic.
 */
import { type Event, Frame, Socket } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Layer from "effect/Layer"
import { type Reference, symbols } from "../packages/conformance/test/reference/exchange.ts"

/** What the made-up exchange says; its confirmations and refusals have no topic. */
interface Said {
  readonly ack?: number
  readonly refused?: number
  readonly topic: string
  readonly data: { readonly time: number } & Partial<{
    id: string
    price: number
    size: number
    side: Event.Side
    bid: Event.Level
    ask: Event.Level
    last: number
    sequence: number
    bids: ReadonlyArray<Event.Level>
    asks: ReadonlyArray<Event.Level>
  }>
}

const turned = (topic: string): string => topic.split(".").toReversed().join(".")

const texts = (levels: ReadonlyArray<Event.Level>) => levels.map(([price, size]) => [String(price), String(size)])

const dataOf = ({ ask, asks, bid, bids, id, last, price, sequence, side, size, time }: Said["data"]) => {
  if (side !== undefined) return { sequence: Number(id), price: String(price), size: String(size), side, time }
  if (bid !== undefined && ask !== undefined) return { sequence, bids: texts([bid]), asks: texts([ask]), time }
  return { sequence: last, bids: texts(bids ?? []), asks: texts(asks ?? []), time }
}

/** The sockets and the REST of the venue, on this exchange. */
export const services = ({ driver, failing, markets }: Reference) =>
  Layer.merge(
    Layer.succeed(Socket.SocketDriver, {
      canPause: driver.canPause,
      open: (url, handlers, options) =>
        Effect.gen(function* () {
          const books = new Map<number, ReadonlyArray<string>>()
          const tell = (frame: object, receivedTime: number) =>
            handlers.onMessage(JSON.stringify(frame), true, receivedTime)
          const onMessage: Socket.SocketHandlers["onMessage"] = (frame, isText, receivedTime) => {
            let said: Said
            try {
              said = JSON.parse(Frame.text(frame))
            } catch {
              return handlers.onMessage(frame, isText, receivedTime)
            }
            if (said.refused !== undefined) return tell({ id: said.refused, error: "no such topic" }, receivedTime)
            if (said.ack === undefined)
              return tell({ topic: turned(said.topic), data: dataOf(said.data) }, receivedTime)
            tell({ id: said.ack }, receivedTime)
            for (const symbol of books.get(said.ack) ?? []) {
              const { asks, bids, sequence } = markets.get(symbol)!.book
              const data = { isWhole: true, sequence, bids: texts(bids), asks: texts(asks), time: receivedTime }
              tell({ topic: `book.${symbol}`, data }, receivedTime)
            }
          }
          const socket = yield* driver.open(url, { ...handlers, onMessage }, options)
          const send = (text: string): void => {
            const { id, op, topics }: { id: number; op: string; topics: ReadonlyArray<string> } = JSON.parse(text)
            const isSubscribe = op === "subscribe"
            const whole = topics.filter((topic) => isSubscribe && topic.startsWith("book."))
            books.set(
              id,
              whole.map((topic) => topic.slice("book.".length))
            )
            socket.send(JSON.stringify({ id, [isSubscribe ? "sub" : "unsub"]: topics.map(turned) }))
          }
          return { ...socket, send }
        })
    }),
    Layer.succeed(
      HttpClient.HttpClient,
      HttpClient.make((request) =>
        Effect.sync(() => {
          const rows = symbols.map((symbol) => ({ symbol, base: symbol.slice(0, 3), quote: "USD" }))
          return HttpClientResponse.fromWeb(request, new Response(JSON.stringify(rows), { status: failing() ?? 200 }))
        })
      )
    )
  )
