/**
 * How quickly events come, over the last five minutes: the difference of two answers of the API, over the time between them by
 * the instance's own clock. It is kept while the page is open, whatever the view, in a ring.
 */
import type { Status } from "../api/Status.ts"
import { Ring } from "../live/Ring.ts"

const KEPT = 300

export interface Point {
  /** Epoch ms, by the instance. */
  readonly time: number
  readonly value: number
}

interface Before {
  readonly uptimeMs: number
  readonly startedAt: number
  readonly delivered: ReadonlyMap<string, number>
}

const points = new Ring<Point>(KEPT)
let before: Before | undefined
let rates: ReadonlyMap<string, number> = new Map()

export interface Pace {
  readonly total: number | undefined
  /** By venue. */
  readonly rates: ReadonlyMap<string, number>
  readonly points: ReadonlyArray<Point>
}

/** Takes an answer once; the same one again changes nothing. */
export const take = ({ startedAt, uptimeMs, venues }: Status): Pace => {
  if (before?.startedAt !== startedAt || uptimeMs < before.uptimeMs) {
    points.clear()
    rates = new Map()
    before = { startedAt, uptimeMs, delivered: deliveredOf(venues) }
  } else if (uptimeMs > before.uptimeMs) {
    const { delivered, uptimeMs: since } = before
    const seconds = (uptimeMs - since) / 1_000
    const now = deliveredOf(venues)
    rates = new Map([...now].map(([name, count]) => [name, Math.max(0, count - (delivered.get(name) ?? 0)) / seconds]))
    points.add({ time: startedAt + uptimeMs, value: sum(rates.values()) })
    before = { startedAt, uptimeMs, delivered: now }
  }
  const kept = points.values()
  return { total: kept.at(-1)?.value, rates, points: kept }
}

const deliveredOf = (venues: Status["venues"]): ReadonlyMap<string, number> =>
  new Map(venues.map(({ counts, name }) => [name, counts.delivered]))

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0)
