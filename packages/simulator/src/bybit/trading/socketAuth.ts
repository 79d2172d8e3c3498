/** The first message of a private socket: a key, when it ends to be valid, and a signature. Source: Bybit v5 docs, "Connect". */
import type { Account } from "../../account/Account.ts"
import type { Accounts } from "../../account/Accounts.ts"
import { isSigned } from "../../account/signature.ts"
import { ApiFailure } from "../failure.ts"
import { accountOf } from "./authenticate.ts"

export const authenticated = (accounts: Accounts, args: ReadonlyArray<unknown>, now: number): Account => {
  const [key, expires, signature] = args
  if (typeof key !== "string" || typeof signature !== "string" || !/^\d{1,15}$/.test(String(expires))) {
    throw new ApiFailure(10_001, "Params Error")
  }
  const account = accountOf(accounts, key)
  if (Number(expires) <= now) throw new ApiFailure(10_004, "Params Error")
  if (!isSigned(account.definition, `GET/realtime${String(expires)}`, signature))
    throw new ApiFailure(10_004, "Invalid sign")
  return account
}
