/** Prices from the highest ask down to the lowest bid, with how much stands at each and up to it. */
import type { Event } from "@tidewire/core"
import * as Number from "../format/number.ts"
import * as Time from "../format/time.ts"
import type { LiveBook } from "./LiveBook.ts"

const DEPTH = 14

interface Row {
  readonly price: number
  readonly size: number
  readonly total: number
}

export const Ladder = ({ book }: { readonly book: LiveBook }) => {
  const [asks, bids] = [rowsOf(book.asks(DEPTH)), rowsOf(book.bids(DEPTH))]
  const all = [...asks, ...bids]
  const most = all.reduce((largest, { total }) => Math.max(largest, total), 0)
  const places = {
    price: Number.decimals(all.map(({ price }) => price)),
    size: Math.min(6, Number.decimals(all.map(({ size }) => size)))
  }
  const [ask, bid] = [asks[0], bids[0]]
  const row = (side: "ask" | "bid") => (each: Row) => (
    <tr key={`${side} ${each.price}`} class={side}>
      <td class="number price">{Number.fixed(each.price, places.price)}</td>
      <td class="number">{Number.fixed(each.size, places.size)}</td>
      <td class="number total">
        <i style={{ width: `${most === 0 ? 0 : (each.total / most) * 100}%` }} aria-hidden="true" />
        <span>{Number.fixed(each.total, places.size)}</span>
      </td>
    </tr>
  )
  return (
    <table class="ladder" data-sequence={book.sequence}>
      <caption class="unseen">Order book, asks above, bids below</caption>
      <thead>
        <tr>
          <th scope="col" class="number">
            Price
          </th>
          <th scope="col" class="number">
            Size
          </th>
          <th scope="col" class="number">
            Total
          </th>
        </tr>
      </thead>
      <tbody class="asks">{asks.toReversed().map(row("ask"))}</tbody>
      <tbody class="spread">
        <tr>
          <th scope="row" colSpan={3}>
            {ask === undefined || bid === undefined
              ? "one side is empty"
              : spreadOf(bid.price, ask.price, places.price)}
            {book.changedAt !== undefined && <span>{Time.clockMs(book.changedAt)}</span>}
          </th>
        </tr>
      </tbody>
      <tbody class="bids">{bids.map(row("bid"))}</tbody>
    </table>
  )
}

const rowsOf = (levels: ReadonlyArray<Event.Level>): ReadonlyArray<Row> => {
  let total = 0
  return levels.map(([price, size]) => ({ price, size, total: (total += size) }))
}

/** In the price's own unit, and in hundredths of a percent of the middle. */
const spreadOf = (bid: number, ask: number, places: number): string =>
  `spread ${Number.fixed(ask - bid, places)} · ${Number.significant(((ask - bid) / ((ask + bid) / 2)) * 10_000)} bp`
