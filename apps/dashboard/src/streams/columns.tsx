/** What is shown of a stream. */
import type { Stream } from "../api/Stream.ts"
import * as Number from "../format/number.ts"
import * as Time from "../format/time.ts"
import { State } from "../parts/State.tsx"
import { ofBook, ofStream } from "../parts/Tone.ts"
import type { Column } from "../table/Column.ts"

export const keyOf = ({ channel, symbol, venue }: Stream): string => `${venue} ${symbol} ${channel}`

/** Something about it wants to be looked at. */
export const isIll = ({ book, dropped, gapsUnrepaired, state }: Stream): boolean =>
  state === "silent" ||
  state === "pending" ||
  (book !== undefined && book !== "live") ||
  dropped > 0 ||
  gapsUnrepaired > 0

/** The worst first. */
const ranks: Readonly<Record<Stream["state"], number>> = { silent: 0, pending: 1, ended: 2, quiet: 3, live: 4 }

const number = (title: string, value: (stream: Stream) => number, room?: "wide" | "widest"): Column<Stream> => ({
  title,
  cell: (stream) => Number.count(value(stream)),
  order: value,
  isNumber: true,
  ...(room !== undefined && { room })
})

export const columns: ReadonlyArray<Column<Stream>> = [
  { title: "Venue", cell: ({ venue }) => venue, order: ({ venue }) => venue },
  { title: "Symbol", cell: ({ symbol }) => symbol, order: ({ symbol }) => symbol, isLong: true },
  { title: "Channel", cell: ({ channel }) => channel, order: ({ channel }) => channel },
  {
    title: "State",
    cell: ({ reason, state }) => (
      <span title={reason}>
        <State tone={ofStream[state]}>{state}</State>
      </span>
    ),
    order: ({ state }) => ranks[state]
  },
  {
    title: "Book",
    cell: ({ book }) => book !== undefined && <State tone={ofBook[book]}>{book}</State>,
    order: ({ book }) => book ?? "",
    room: "wide"
  },
  {
    title: "Events/s",
    cell: ({ perSecond }) => Number.rate(perSecond),
    order: ({ perSecond }) => perSecond,
    isNumber: true
  },
  {
    title: "Age",
    cell: ({ ageMs }) => Time.age(ageMs),
    order: ({ ageMs }) => ageMs ?? -1,
    isNumber: true,
    room: "wide"
  },
  number("Delivered", ({ delivered }) => delivered, "widest"),
  number("Conflated", ({ conflated }) => conflated, "widest"),
  number("Dropped", ({ dropped }) => dropped, "wide"),
  number("Waiting", ({ waiting }) => waiting, "widest"),
  number("Gaps", ({ gaps }) => gaps, "wide"),
  number("Unrepaired", ({ gapsUnrepaired }) => gapsUnrepaired, "wide")
]
