/**
 * Which cards are run: all, or those named by id (`MD-3`) or by group (`books`). A name that is neither throws, so that
 * nobody passes by running nothing.
 */
import { Spelling } from "@tidewire/core"
import { type Card, groupOf, groups } from "./Card.ts"

/** Ids and groups, separated by commas. */
export const VARIABLE = "TIDEWIRE_CARDS"

const environment = (): string | undefined =>
  (globalThis as { process?: { env?: Record<string, string | undefined> } }).process?.env?.[VARIABLE]

/** The ids that are asked for; without a selection what the environment variable says, else all. */
export const resolve = (cards: ReadonlyArray<Card>, selection?: ReadonlyArray<string>): ReadonlySet<string> => {
  const named = selection ?? environment()?.split(",")
  if (named === undefined) return new Set(cards.map(({ id }) => id))
  const chosen = named.flatMap((name) => meant(cards, name.trim()))
  if (chosen.length === 0) throw new RangeError(`no card is selected by ${JSON.stringify(named)}`)
  return new Set(chosen)
}

const meant = (cards: ReadonlyArray<Card>, name: string): ReadonlyArray<string> => {
  const found = cards.filter((card) => card.id === name || groupOf(card) === name)
  if (found.length > 0 || name in groups) return found.map(({ id }) => id)
  const known = [...cards.map(({ id }) => id), ...Object.keys(groups)]
  throw new RangeError(`no card and no group "${name}"${Spelling.hint(name, known)}`)
}

/** Throws for a reason that says nothing, and for a card that does not exist. */
export const checkSkips = (cards: ReadonlyArray<Card>, skip: Readonly<Record<string, string>> = {}): void => {
  for (const [id, reason] of Object.entries(skip)) {
    if (!cards.some((card) => card.id === id)) throw new RangeError(`no card "${id}" to skip`)
    if (reason.trim() === "") throw new RangeError(`${id} is skipped without a reason`)
  }
}
