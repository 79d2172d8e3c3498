/** What feeds and their queues have counted, by venue. */
import type { Event, EventBus } from "@tidewire/core"
import type { Instance } from "../operation/Instance.ts"
import type { Told } from "../output/Output.ts"
import type { Page } from "./Page.ts"

const reasons = ["disconnect", "sequence", "overflow", "stale"] as const satisfies ReadonlyArray<Event.GapReason>

/** Counts the gaps that are told. */
export class GapCounts {
  readonly #gaps = new Map<string, number>()
  readonly #lost = new Map<string, number>()

  constructor(bus: EventBus.EventBus<Told>) {
    bus.on("gap", (gap) => this.#count(gap), "metrics")
  }

  show(page: Page, venue: string): void {
    for (const reason of reasons) {
      for (const repaired of ["true", "false"]) {
        const count = this.#gaps.get(`${venue}\n${reason}\n${repaired}`) ?? 0
        page.add("tidewire_gaps_total", { venue, reason, repaired }, count)
      }
      page.add("tidewire_lost_events_total", { venue, reason }, this.#lost.get(`${venue}\n${reason}`) ?? 0)
    }
  }

  #count({ lost, reason, repaired, venue }: Event.Gap): void {
    const key = `${venue}\n${reason}`
    this.#gaps.set(`${key}\n${repaired}`, (this.#gaps.get(`${key}\n${repaired}`) ?? 0) + 1)
    if (!repaired && lost !== null) this.#lost.set(key, (this.#lost.get(key) ?? 0) + lost)
  }
}

export const show = (page: Page, { runner }: Instance, gaps: GapCounts): void => {
  for (const { failure, name: venue, stream } of runner.venues()) {
    page.add("tidewire_venue_up", { venue }, stream !== undefined && failure === undefined ? 1 : 0)
    gaps.show(page, venue)
    if (stream === undefined) continue
    const counts = stream.feed.counts()
    page.add("tidewire_frames_total", { venue }, counts.frames)
    page.add("tidewire_events_total", { venue }, counts.events)
    page.add("tidewire_malformed_frames_total", { venue }, counts.malformed)
    page.add("tidewire_unknown_frames_total", { venue }, counts.unknown)
    page.add("tidewire_fallback_frames_total", { venue }, counts.fallbacks)
    page.add("tidewire_duplicates_total", { venue }, counts.duplicates)
    page.add("tidewire_inexact_values_total", { venue }, counts.inexact)
    page.add("tidewire_resyncs_total", { venue }, counts.resyncs)
    page.add("tidewire_book_audits_total", { venue }, counts.audits)
    page.add("tidewire_book_drifts_total", { venue }, counts.drifts)
    page.add("tidewire_reconnects_total", { venue }, counts.reconnects)
    page.add("tidewire_rotations_total", { venue }, counts.rotations)
    const queues = stream.counts()
    page.add("tidewire_queue_received_total", { venue }, queues.received)
    page.add("tidewire_queue_delivered_total", { venue }, queues.delivered)
    page.add("tidewire_queue_conflated_total", { venue }, queues.conflated)
    page.add("tidewire_queue_dropped_total", { venue }, queues.dropped)
    page.add("tidewire_queue_waiting", { venue }, queues.waiting)
  }
}
