/** Something that an account asks for, by REST or by a socket: the same parameters, the same answer, the same errors. */
import type { Account } from "../../account/Account.ts"
import type { RestContext } from "../../rest/Endpoint.ts"

export interface Asking {
  readonly account: Account
  readonly context: RestContext
  readonly parameters: URLSearchParams
}

export interface Operation {
  /** Of the request as such; an order that is taken in weighs nothing on spot. */
  readonly weight: (parameters: URLSearchParams) => number
  /** Signed, or known by its key alone. */
  readonly security: "signed" | "key"
  /** A request about one order, which is recorded and may meet the faults of orders. */
  readonly request?: "place" | "cancel" | "amend"
  readonly run: (asking: Asking) => unknown
}
