/**
 * What one address and one connection may ask of the venue, by market where it differs.
 * Source: docs/venues/bybit.md, "Connections" and "REST limits".
 */
import type { SocketVenue } from "@tidewire/core"

/** `topicsPerRequest` is the venue's own on spot, ours elsewhere. */
export const connection = (topicsPerRequest: number): SocketVenue.Limits => ({
  // the venue counts characters, not topics
  topicsPerConnection: 1000,
  charactersPerConnection: 21_000,
  topicsPerRequest,
  charactersPerRequest: 8192,
  // none is documented
  requestsPerSecond: 10,
  // of one address
  dials: { attempts: 500, window: "5 minutes" },
  // of one address and category
  connections: 1000
})

/** Pings are ours to send, the first one as soon as the socket is open. Two that are not answered are one too many. */
export const heartbeat: SocketVenue.Heartbeat = {
  _tag: "ClientPings",
  every: "20 seconds",
  frame: (id) => JSON.stringify({ req_id: `ping-${id}`, op: "ping" }),
  deadAfter: "45 seconds"
}

/** On the trade socket. */
export const tradeHeartbeat: SocketVenue.Heartbeat = { ...heartbeat, frame: () => JSON.stringify({ op: "ping" }) }

/**
 * Every read counts as one, whatever it asks for, and all markets of an address count together: 600 in any 5 seconds.
 * Such a stretch meets two windows of the clock at most, so each has half.
 */
export const rest = { market: "bybit", weight: 300, window: "5 seconds", usedWeight: () => undefined } as const
export const READ_WEIGHT = 1
