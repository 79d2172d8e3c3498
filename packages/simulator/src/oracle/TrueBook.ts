/**
 * A market's book as it was at any update id that its journal reaches. Moves forward by the changes alone, backward from
 * the journal's base. Prices and sizes are told as numbers, as a client has them.
 */
import type { Side } from "../market/book.ts"
import * as grid from "../market/grid.ts"
import type { Journal } from "../market/journal.ts"
import type { Market } from "../market/market.ts"
import { type BookRow, journalOf } from "./BookRow.ts"

export interface TrueBookListener {
  /** Everything begins anew, from an empty book. */
  readonly emptied: () => void
  readonly changed: (side: Side, price: number, size: number) => void
}

/** `unknown`: the book never had this id. `unreachable`: it is too long ago. */
export type Moved = "there" | "unknown" | "unreachable"

/** Goes through the rows of a book, one after the other; a snapshot says in which. */
export class TrueRows {
  private readonly market: Market
  private readonly row: BookRow
  private readonly listener: TrueBookListener
  private journal: Journal | undefined
  private book: TrueBook | undefined

  constructor(market: Market, row: BookRow, listener: TrueBookListener) {
    this.market = market
    this.row = row
    this.listener = listener
  }

  /** `time` is when the exchange says that the book was so. */
  moveTo(id: number, isSnapshot: boolean, time: number | undefined): Moved {
    const journals = this.row.journals()
    const [oldest] = journals
    if (oldest === undefined) return "unreachable"
    const { book, journal } = this
    if (book !== undefined && journal !== undefined && (journals.length === 1 || !isSnapshot)) return book.moveTo(id)
    const from = journal === undefined ? 0 : Math.max(0, journals.indexOf(journal))
    const meant = (journals.length === 1 ? undefined : journalOf(journals, from, id, time)) ?? journal ?? oldest
    if (meant !== journal) this.book = new TrueBook(this.market, meant, this.listener)
    this.journal = meant
    return this.book!.moveTo(id)
  }
}

export class TrueBook {
  private readonly market: Market
  private readonly journal: Journal
  private readonly listener: TrueBookListener
  /** Changes since the market began that are in. */
  private applied: number | undefined

  constructor(market: Market, journal: Journal, listener: TrueBookListener) {
    this.market = market
    this.journal = journal
    this.listener = listener
  }

  moveTo(id: number): Moved {
    const { baseId, changes, forgotten } = this.journal
    const reach = changes.search(id + 1, (change) => change.id)
    const at = reach === 0 ? baseId : changes.at(reach - 1)!.id
    if (at !== id) return id < baseId && forgotten > 0 ? "unreachable" : "unknown"
    const wanted = forgotten + reach
    if (this.applied === undefined || this.applied < forgotten || wanted < this.applied) this.begin()
    for (let index = this.applied!; index < wanted; index++) {
      const { price, side, size } = changes.at(index - forgotten)!
      this.tell(side, price, size)
    }
    this.applied = wanted
    return "there"
  }

  private begin(): void {
    const { base, forgotten } = this.journal
    this.listener.emptied()
    for (const side of ["bid", "ask"] as const) for (const [price, size] of base[side]) this.tell(side, price, size)
    this.applied = forgotten
  }

  private tell(side: Side, ticks: number, steps: number): void {
    const { priceGrid, sizeGrid } = this.market
    this.listener.changed(side, grid.toNumber(priceGrid, ticks), grid.toNumber(sizeGrid, steps))
  }
}
