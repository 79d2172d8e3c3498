/** The counts of several feeds as one. */
import type { VenueAdapter } from "@tidewire/core"

type Counts = VenueAdapter.FeedCounts

export const none: Counts = {
  frames: 0,
  events: 0,
  malformed: 0,
  unknown: 0,
  duplicates: 0,
  gaps: 0,
  resyncs: 0,
  reconnects: 0,
  rotations: 0,
  audits: 0,
  drifts: 0,
  inexact: 0,
  fallbacks: 0
}

export const sum = (all: ReadonlyArray<Counts>): Counts => {
  const total: { -readonly [Count in keyof Counts]: number } = { ...none }
  for (const counts of all) {
    for (const [name, count] of Object.entries(counts) as ReadonlyArray<[keyof Counts, number]>) total[name] += count
  }
  return total
}
