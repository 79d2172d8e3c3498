/** Something an account asks for; the same by REST and on the trade socket. */
import type { Asking } from "./Asking.ts"

export interface Operation {
  /** Calls a second of one user, by category. */
  readonly perSecond: (category: string) => number
  readonly request?: "place" | "cancel" | "amend"
  readonly run: (asking: Asking) => unknown
}
