/** Streams and order books: each by itself, or summed by venue and channel where they are too many. */
import type { Instance } from "../operation/Instance.ts"
import type { StreamStatus } from "../operation/Watch.ts"
import type { Page } from "./Page.ts"
import { Retained } from "./Retained.ts"

const states = ["pending", "live", "quiet", "silent", "ended"] as const satisfies ReadonlyArray<StreamStatus["state"]>
const bookStates = ["live", "syncing", "stale"] as const satisfies ReadonlyArray<StreamStatus["book"]>

const counts = [
  ["tidewire_stream_delivered_total", ({ delivered }: StreamStatus) => delivered],
  ["tidewire_stream_conflated_total", ({ conflated }: StreamStatus) => conflated],
  ["tidewire_stream_dropped_total", ({ dropped }: StreamStatus) => dropped],
  ["tidewire_stream_gaps_total", ({ gaps }: StreamStatus) => gaps],
  ["tidewire_stream_gaps_unrepaired_total", ({ gapsUnrepaired }: StreamStatus) => gapsUnrepaired]
] as const

export class Streams {
  readonly #retained = counts.map(() => new Retained())

  show(page: Page, { venues, watch }: Instance, isEach: (streams: number) => boolean): void {
    const all = watch.streams()
    const each = isEach(all.length)
    counts.forEach(([name, read], index) => {
      if (each) {
        for (const status of all) page.add(name, labelsOf(status), read(status))
        return
      }
      const parts = all.map((status) => [`${status.venue}\n${status.channel}`, status.symbol, read(status)] as const)
      for (const [key, sum] of this.#retained[index]!.sums(parts)) {
        const [venue = "", channel = ""] = key.split("\n")
        page.add(name, { venue, channel }, sum)
      }
    })
    for (const { stream, name: venue } of venues) {
      if (stream === undefined) continue
      for (const state of states) page.add("tidewire_streams", { venue, state }, 0)
      for (const state of bookStates) page.add("tidewire_books", { venue, state }, 0)
    }
    for (const status of all) showNow(page, status, each)
  }
}

const labelsOf = ({ channel, symbol, venue }: StreamStatus) => ({ venue, channel, symbol })

/** What is not counted but looked at. */
const showNow = (page: Page, status: StreamStatus, each: boolean): void => {
  const { ageMs, book, channel, state, venue, waiting } = status
  const symbol = each ? status.symbol : undefined
  page.add("tidewire_streams", { venue, state }, 1)
  page.add("tidewire_stream_waiting", { venue, channel, symbol }, waiting)
  if (ageMs !== undefined) page.add("tidewire_stream_age_seconds", { venue, channel, symbol }, ageMs / 1_000)
  if (!channel.startsWith("book")) return
  page.add("tidewire_book_live", { venue, symbol }, book === "live" ? 1 : 0)
  if (book !== undefined) page.add("tidewire_books", { venue, state: book }, 1)
  if (ageMs !== undefined) page.add("tidewire_book_age_seconds", { venue, symbol }, ageMs / 1_000)
}
