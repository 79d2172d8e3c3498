/**
 * A channel's place in the queue of its symbol: its lane, and what the queue's policies remember about it.
 */
import type { Channel } from "./Channel.ts"
import type { Gap, MarketEvent } from "./Event.ts"
import { Lane } from "./Lane.ts"
import { position } from "./position.ts"
import type { Overflow } from "./QueueOptions.ts"

export interface ChannelLane {
  channel: Channel
  readonly policy: Overflow
  readonly waiting: Lane<MarketEvent>
  delivered: number
  conflated: number
  dropped: number
  /** The last delivered, from which a gap begins. */
  last: MarketEvent | undefined
  /** The socket is not read until this lane is half empty. */
  isPaused: boolean
  /** The pause took too long: drop until the lane is half empty. */
  isExpired: boolean
  /** The book comes as changes, each of which needs all before it. */
  isChained: boolean
  /** Changes of a book that were dropped; until it is whole again, the rest are of no use and dropped too. */
  brokenBy: number
}

export const make = (channel: Channel, policy: Overflow): ChannelLane => ({
  channel,
  policy,
  waiting: new Lane(),
  delivered: 0,
  conflated: 0,
  dropped: 0,
  last: undefined,
  isPaused: false,
  isExpired: false,
  isChained: false,
  brokenBy: 0
})

/** The channel that an event is of; which book a symbol has, an event does not say. */
export const channelOf = (event: MarketEvent, bookChannel: Channel): Channel => {
  switch (event.type) {
    case "trade":
      return "trades"
    case "quote":
      return "quotes"
    case "book":
      return bookChannel
    case "bar":
      return `bars:${event.interval}` as Channel
    case "liquidation":
      return "liquidations"
    default:
      return event.type
  }
}

/** What tells that `lost` events were dropped before `next`, or before nothing, at the end. */
export const overflowGap = (
  { channel, last }: ChannelLane,
  lost: number,
  next: MarketEvent | undefined,
  consecutiveTradeIds: boolean
): Gap => {
  const { receivedTime, symbol, venue } = next ?? last!
  return {
    type: "gap",
    venue,
    symbol,
    receivedTime,
    channel,
    reason: "overflow",
    ...(last !== undefined && { from: position(last, consecutiveTradeIds) }),
    ...(next !== undefined && { to: position(next, consecutiveTradeIds) }),
    lost,
    repaired: next?.type === "book" && next.kind === "snapshot"
  }
}
