/** Every card, by group and number. Adding one: write it beside its like, name it here, give it a mutant. */
import type { Card } from "./Card.ts"
import * as books from "./cards/books.ts"
import * as claimed from "./cards/claimed.ts"
import * as history from "./cards/history.ts"
import * as market from "./cards/market.ts"
import * as loss from "./cards/loss.ts"
import * as messages from "./cards/messages.ts"
import * as opening from "./cards/opening.ts"
import * as present from "./cards/present.ts"
import * as queues from "./cards/queues.ts"
import * as replacement from "./cards/replacement.ts"
import * as statistics from "./cards/statistics.ts"
import * as update from "./cards/update.ts"

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
  queues
].flatMap((cards) => Object.values(cards))

const number = ({ id }: Card): number => Number(id.slice(3))

const inGroup = (prefix: string): ReadonlyArray<Card> =>
  all.filter(({ id }) => id.startsWith(prefix)).toSorted((one, other) => number(one) - number(other))

export const cards: ReadonlyArray<Card> = ["LC-", "MD-", "BK-", "RS-", "BP-", "EX-"].flatMap(inGroup)
