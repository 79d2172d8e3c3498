/**
 * Reads of the past over REST, with which holes are mended: `trades`, `recentTrades`, `bars`, and `lastTrade`, which
 * tells a quiet symbol from a dead stream. Events have `origin: "backfill"`, oldest first.
 *
 * Not written yet: there is none, and none is claimed.
 * Source: docs/venues/newvenue.md, "Backfill".
 */
import type { Rest, VenueAdapter } from "@tidewire/core"

export const make = (_rest: Rest.Rest, _venue: string): VenueAdapter.History => ({})
