/** What is shown of a stream. */
import type { Stream } from "../api/Stream.ts"
import * as Number from "../format/number.ts"
import * as Time from "../format/time.ts"
import { State } from "../parts/State.tsx"
import { ofBook, ofStream } from "../parts/Tone.ts"
import { hashOf } from "../route.ts"
import type { Column } from "../table/Column.ts"
import { numberColumn } from "../table/numberColumn.tsx"

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

export const columns: ReadonlyArray<Column<Stream>> = [
  { title: "Venue", cell: ({ venue }) => venue, order: ({ venue }) => venue },
  {
    title: "Symbol",
    cell: ({ symbol, venue }) => <a href={hashOf({ view: "market", venue, symbol })}>{symbol}</a>,
    order: ({ symbol }) => symbol,
    isLong: true
  },
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
  numberColumn("Delivered", ({ delivered }) => delivered, "widest"),
  numberColumn("Conflated", ({ conflated }) => conflated, "widest"),
  numberColumn("Dropped", ({ dropped }) => dropped, "wide"),
  numberColumn("Waiting", ({ waiting }) => waiting, "widest"),
  numberColumn("Gaps", ({ gaps }) => gaps, "wide"),
  numberColumn("Unrepaired", ({ gapsUnrepaired }) => gapsUnrepaired, "wide")
]
