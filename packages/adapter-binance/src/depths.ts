/**
 * The depths of a book: few levels come whole with every message, more of them as changes on top of a REST snapshot.
 * Source: docs/venues/binance.md, "Books".
 */
import { Channel, type SocketVenue } from "@tidewire/core"

/** Depths whose every message is the whole book. */
export const partial: ReadonlyArray<number> = [5, 10, 20]

const partialStream = (depth: number | undefined): string => `depth${depth}@100ms`

/** The streams of whole books, after `<symbol>@`. */
export const partialStreams: ReadonlyArray<string> = partial.map(partialStream)

/** The levels under `book` without a depth: on spot the most for a weight of 50, on futures the most there are. */
const DEFAULT_LEVELS = 1000

export const isPartial = (channel: Channel.Channel): boolean => {
  const depth = Channel.depth(channel)
  return depth !== undefined && partial.includes(depth)
}

/** The stream of a book channel, after `<symbol>@`. The slower streams are not offered. */
export const streamName = (channel: Channel.Channel): string =>
  isPartial(channel) ? partialStream(Channel.depth(channel)) : "depth@100ms"

/** How many levels the REST snapshot under a book channel has. */
export const snapshotLevels = (channel: Channel.Channel): number => Channel.depth(channel) ?? DEFAULT_LEVELS

export const isPartialBook: SocketVenue.SocketVenue["isPartialBook"] = ({ channel }) => isPartial(channel)
