/**
 * NewVenue at a glance: what it offers and what it allows.
 *
 * Not looked up yet: every number and every claim here. The limits are low so that nobody is banned meanwhile; the claims
 * decide which cards of the conformance suite apply.
 * Source: docs/venues/newvenue.md, "Channels", "Connections", "REST".
 */
import type { Rest, SocketVenue, VenueAdapter } from "@tidewire/core"

const capabilities: VenueAdapter.Capabilities = {
  channels: ["trades", "quotes", "book"],
  intervals: [],
  depths: [],
  history: { trades: false, recentTrades: false, bars: false },
  present: { quotes: false, book: false, ticker: false, mark: false, bars: false },
  // polling of `hybrid` subscriptions is core's, once there are reads to poll
  fallsBack: false,
  consecutiveTradeIds: false
}

const limits: SocketVenue.Limits = {
  topicsPerConnection: 20,
  topicsPerRequest: 10,
  charactersPerRequest: 1000,
  requestsPerSecond: 1,
  dials: { attempts: 20, window: "5 minutes" }
}

const heartbeat: SocketVenue.Heartbeat = { _tag: "ServerPings", deadAfter: "60 seconds" }

const budget: Rest.BudgetOptions = {
  market: "newvenue",
  weight: 60,
  window: "1 minute",
  usedWeight: () => undefined
}

export const NewVenue = { capabilities, limits, heartbeat, budget } as const
