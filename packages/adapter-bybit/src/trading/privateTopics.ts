/**
 * Frames of the private socket to private events: each row by its topic, its schema, then what it becomes. A row of a topic
 * that is read and cannot be is malformed: the account has missed something.
 * Source: docs/venues/bybit.md, "Private topics".
 */
import type { PrivateEvent, PrivateVenue } from "@tidewire/core"
import { Result, Schema } from "effect"
import { isRow } from "../decode/reader.ts"
import type { Market } from "../market.ts"
import * as wire from "../wire.ts"
import * as holdings from "./holdings.ts"
import * as rows from "./rows.ts"
import { type Answer, type LastAsked, privateAnswer } from "./socketFrames.ts"

/** The topics of a market: what is told of other markets does not come. The wallet is one for all of them. */
export const topics = ({ category }: Pick<Market, "category">): ReadonlyArray<string> => [
  `order.${category}`,
  `execution.${category}`,
  ...(category === "spot" ? [] : [`position.${category}`]),
  "wallet"
]

type Events = ReadonlyArray<PrivateEvent.PrivateEvent>

/** `undefined` when the row says something that we have no word for; a text says why it cannot be read. */
type RowReader = (row: unknown, stamp: rows.Stamp, frameTime: number | undefined) => Events | undefined | string

const reader = <A, I>(
  schema: Schema.Codec<A, I>,
  events: (row: A, stamp: rows.Stamp, frameTime: number | undefined) => Events | undefined
): RowReader => {
  const decode = Schema.decodeUnknownResult(schema)
  return (row, stamp, frameTime) => {
    const decoded = decode(row)
    return Result.isFailure(decoded) ? decoded.failure.message : events(decoded.success, stamp, frameTime)
  }
}

const readersOf = (market: Market, positions: holdings.ChangedPositions): ReadonlyMap<string, RowReader> =>
  new Map<string, RowReader>([
    [
      "order",
      reader(wire.AccountOrder, (row, stamp) => {
        const order = rows.order(row, stamp)
        return order.status === "unknown" ? undefined : [order]
      })
    ],
    [
      "execution",
      reader(wire.AccountExecution, (row, stamp) => {
        if (rows.isFill(row)) return [rows.fill(row, stamp, market)]
        const paid = rows.funding(row, stamp, market)
        return paid === undefined ? [] : [paid]
      })
    ],
    [
      "position",
      reader(wire.AccountPosition, (row, stamp) => {
        const position = holdings.position(row, stamp)
        return positions.isChange(position) ? [position] : []
      })
    ],
    ["wallet", reader(wire.AccountWallet, (row, stamp, at) => holdings.balances(row, stamp, market, at))]
  ])

export interface Reading {
  readonly market: Market
  readonly venue: string
  readonly positions: holdings.ChangedPositions
  readonly asked: LastAsked
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
}

const decodeFrame = Schema.decodeUnknownResult(wire.PrivateFrame)

export const make = ({ asked, emit, market, positions, venue }: Reading): PrivateVenue.PrivateVenue<Answer>["read"] => {
  const readers = readersOf(market, positions)
  return (text, receivedTime, sink) => {
    const frame: unknown = JSON.parse(text)
    if (!isRow(frame)) return sink.malformed("no object")
    if (frame["topic"] === undefined) return privateAnswer(frame, asked, sink)
    const decoded = decodeFrame(frame)
    if (Result.isFailure(decoded)) return sink.malformed(decoded.failure.message)
    const { creationTime, data, topic } = decoded.success
    const read = readers.get(topic.split(".")[0]!)
    if (read === undefined) return sink.unknown()
    for (const row of data) {
      // an all-in-one topic, which we do not ask for, has rows of every market
      if (isRow(row) && row["category"] !== undefined && row["category"] !== market.category) {
        sink.ignored()
        continue
      }
      const events = read(row, { venue, receivedTime }, creationTime)
      if (typeof events === "string") sink.malformed(events)
      else if (events === undefined) sink.malformed("a status that is not known")
      else if (events.length === 0) sink.ignored()
      else events.forEach(emit)
    }
  }
}
