/** What an order passes once it has been judged: its id, the journal, what is known of it, its account. */
import type { AccountDesk } from "./AccountDesk.ts"
import type { Entry } from "./Journal.ts"
import type { OrderStore } from "./OrderStore.ts"

export interface OrderWay {
  readonly nextId: () => string
  /** Gives whether it was written. */
  readonly write: (entry: Entry) => boolean
  /** It is about to be sent. */
  readonly sent: (nowMs: number) => void
  readonly store: OrderStore
  readonly desk: AccountDesk
}
