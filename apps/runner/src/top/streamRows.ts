/** Which streams are shown, in which order, and as which cells. */
import { age } from "../output/render.ts"
import type { Snapshot } from "./Snapshot.ts"
import type { Sort, View } from "./View.ts"

export type Stream = Snapshot["streams"][number]

export const heads = [
  "STREAM",
  "CHANNEL",
  "STATE",
  "BOOK",
  "EVENTS/S",
  "AGE",
  "DELIVERED",
  "CONFLATED",
  "DROPPED",
  "WAITING",
  "GAPS",
  "UNREPAIRED"
]
export const right: ReadonlySet<number> = new Set([4, 5, 6, 7, 8, 9, 10, 11])

const nameOf = ({ channel, symbol, venue }: Stream): string => `${venue}/${symbol} ${channel}`

/** The worst first. */
const states: ReadonlyArray<Stream["state"]> = ["ended", "silent", "pending", "quiet", "live"]

/** What is first where it is not reversed: the most, the oldest, the worst. */
const compare: Readonly<Record<Sort, (a: Stream, b: Stream) => number>> = {
  name: () => 0,
  rate: (a, b) => b.perSecond - a.perSecond,
  age: (a, b) => (b.ageMs ?? Infinity) - (a.ageMs ?? Infinity) || 0,
  state: (a, b) => rank(a) - rank(b),
  dropped: (a, b) => b.dropped - a.dropped,
  waiting: (a, b) => b.waiting - a.waiting,
  gaps: (a, b) => b.gapsUnrepaired - a.gapsUnrepaired || b.gaps - a.gaps
}

const rank = ({ book, state }: Stream): number =>
  (book !== undefined && book !== "live" ? 0 : 1) + states.indexOf(state) * 2

/** Those that match, in order; equal ones by name. */
export const chosen = (streams: ReadonlyArray<Stream>, { filter, isReversed, sort }: View): ReadonlyArray<Stream> => {
  const part = filter.toLowerCase()
  const matching = streams.filter((each) => nameOf(each).toLowerCase().includes(part))
  const sign = isReversed ? -1 : 1
  return matching.toSorted((a, b) => sign * (compare[sort](a, b) || (nameOf(a) < nameOf(b) ? -1 : 1)))
}

export const cells = (stream: Stream): ReadonlyArray<string> => {
  const { ageMs, book, channel, conflated, delivered, dropped, gaps, gapsUnrepaired, perSecond, reason, state } = stream
  const count = (value: number) => (value === 0 ? "" : String(value))
  return [
    `${stream.venue}/${stream.symbol}`,
    channel,
    reason === undefined || state === "live" ? state : `${state}: ${reason}`,
    book ?? "",
    perSecond.toFixed(perSecond < 10 ? 1 : 0),
    ageMs === undefined ? "" : ageMs < 1_000 ? `${Math.round(ageMs)}ms` : age(ageMs),
    String(delivered),
    count(conflated),
    count(dropped),
    count(stream.waiting),
    count(gaps),
    count(gapsUnrepaired)
  ]
}
