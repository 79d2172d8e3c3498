/**
 * How Binance chains the changes of a book, one rule a market. The numbers are the steps of the venue's own recipes.
 * Source: docs/venues/binance.md, "Book chain of spot" and "Book chain of USDⓈ-M".
 */
import type { BookRule } from "@tidewire/core"

/** Spot: ids count single updates, so a change begins right after the one before has ended. */
export const spot: BookRule.BookRule = {
  join: (snapshotSequence, delta) => {
    // 4. changes that end at or before the snapshot are in it already
    if (delta.last <= snapshotSequence) return "ignore"
    // 5. the first one applied covers the update after the snapshot; 3. else the snapshot is too old
    return delta.first <= snapshotSequence + 1 ? "apply" : "gap"
  },
  follow: (sequence, delta) => {
    // 7. an old change is passed over, one that begins later than the next update leaves a hole
    if (delta.last <= sequence) return "ignore"
    return delta.first <= sequence + 1 ? "apply" : "gap"
  }
}

/** USDⓈ-M: ids are shared by all symbols, so a change names the one before it (`pu`). */
export const usdm: BookRule.BookRule = {
  join: (snapshotSequence, delta) => {
    // 3. changes that end before the snapshot are in it already
    if (delta.last < snapshotSequence) return "ignore"
    // 4. the first one applied spans the snapshot's id, or follows it directly; else the snapshot is too old
    return delta.first <= snapshotSequence || delta.previous === snapshotSequence ? "apply" : "gap"
  },
  follow: (sequence, delta) => {
    // a repeated change, as when two sockets overlap
    if (delta.last <= sequence) return "ignore"
    // 5. each later one follows the one before
    return delta.previous === sequence ? "apply" : "gap"
  }
}
