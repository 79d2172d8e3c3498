/** Every card, by group and number. Adding one: write it beside its like, name it here, give it a mutant. */
import { type Card, type Group, groupOf, groups } from "./Card.ts"
import * as account from "./cards/account.ts"
import * as books from "./cards/books.ts"
import * as claimed from "./cards/claimed.ts"
import * as history from "./cards/history.ts"
import * as discretion from "./cards/discretion.ts"
import * as fills from "./cards/fills.ts"
import * as market from "./cards/market.ts"
import * as loss from "./cards/loss.ts"
import * as messages from "./cards/messages.ts"
import * as opening from "./cards/opening.ts"
import * as orders from "./cards/orders.ts"
import * as outcomes from "./cards/outcomes.ts"
import * as present from "./cards/present.ts"
import * as queues from "./cards/queues.ts"
import * as reads from "./cards/reads.ts"
import * as replacement from "./cards/replacement.ts"
import * as statistics from "./cards/statistics.ts"
import * as stream from "./cards/stream.ts"
import * as update from "./cards/update.ts"

/** Beside their cards some files have what others need. */
const isCard = (value: unknown): value is Card => typeof value === "object" && value !== null && "id" in value

const all: ReadonlyArray<Card> = [
  opening,
  update,
  claimed,
  market,
  statistics,
  history,
  present,
  books,
  loss,
  replacement,
  messages,
  queues,
  account,
  orders,
  fills,
  outcomes,
  stream,
  reads,
  discretion
].flatMap((cards) => Object.values<unknown>(cards).filter(isCard))

const number = ({ id }: Card): number => Number(id.slice(3))

const inGroup = (prefix: string): ReadonlyArray<Card> =>
  all.filter(({ id }) => id.startsWith(prefix)).toSorted((one, other) => number(one) - number(other))

export const cards: ReadonlyArray<Card> = ["LC-", "MD-", "BK-", "RS-", "BP-", "EX-"].flatMap(inGroup)

/** The ids of these cards, in a few words: a group whose cards are all among them by its name. */
export const named = (some: ReadonlyArray<Card>): ReadonlyArray<string> =>
  (Object.keys(groups) as ReadonlyArray<Group>).flatMap((group) => {
    const own = some.filter((card) => groupOf(card) === group)
    return own.length > 1 && own.length === inGroup(`${groups[group]}-`).length ? [group] : own.map(({ id }) => id)
  })
