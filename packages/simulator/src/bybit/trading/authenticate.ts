/**
 * Who asks, checked as the venue checks it: key, time, signature over what was sent, byte for byte. Source:
 * docs/venues/bybit.md, "Signing".
 */
import type { Account } from "../../account/Account.ts"
import type { Accounts } from "../../account/Accounts.ts"
import { isSigned } from "../../account/signature.ts"
import { marketKinds } from "../../market/definition.ts"
import type { Call } from "../../rest/Endpoint.ts"
import * as failures from "./failures.ts"

const USUAL_WINDOW = "5000"
const AHEAD_MS = 1_000

export const accountOf = (accounts: Accounts, key: string | undefined): Account => {
  const account = accounts.find(key ?? "")
  const isHere =
    account !== undefined && marketKinds.some((market) => market.startsWith("bybit") && account.maySee(market))
  if (!isHere) throw failures.badKey()
  return account
}

export const checkTime = (given: string, window: string, now: number): void => {
  const timestamp = Number(given)
  const isRight = /^\d{1,15}$/.test(given) && now - Number(window) <= timestamp && timestamp < now + AHEAD_MS
  if (!isRight) throw failures.badTime(given, now, window)
}

export const authenticate = (accounts: Accounts, call: Call, now: number): Account => {
  const key = call.header("x-bapi-api-key")
  const account = accountOf(accounts, key)
  const timestamp = call.header("x-bapi-timestamp") ?? ""
  const window = call.header("x-bapi-recv-window") ?? USUAL_WINDOW
  checkTime(timestamp, window, now)
  const text = timestamp + key! + window + (call.method === "GET" ? call.query : call.body)
  if (!isSigned(account.definition, text, call.header("x-bapi-sign") ?? "")) throw failures.badSignature(text)
  return account
}
