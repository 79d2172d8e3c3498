/**
 * How the venue chains the changes of a book: a pure function of numbers, its steps numbered as the venue's recipe does.
 *
 * Not written yet: every change is a gap, so that no book is taken for true.
 * Source: docs/venues/newvenue.md, "Book chain".
 */
import type { BookRule } from "@tidewire/core"

export const bookRule: BookRule.BookRule = { join: () => "gap", follow: () => "gap" }
