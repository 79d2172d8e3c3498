/**
 * Who asks, checked as the venue checks it: key, time, signature. The signed text is taken as it came, not decoded and
 * encoded again. Source: docs/venues/binance.md, "Signing".
 */
import type { Account } from "../../account/Account.ts"
import { isSigned } from "../../account/signature.ts"
import type { Accounts } from "../../account/Accounts.ts"
import type { BinanceMarket } from "../../market/definition.ts"
import type { Call } from "../../rest/Endpoint.ts"
import { missing, RestFailure } from "../failure.ts"
import * as failures from "./failures.ts"

const USUAL_WINDOW_MS = 5_000
const LONGEST_WINDOW_MS = 60_000
const AHEAD_MS = 1_000
/** Beyond this a timestamp is in microseconds. */
const MICROSECONDS = 1e14

/** The account of a key that may be used on this market. */
export const accountOf = (accounts: Accounts, market: BinanceMarket, key: string | undefined): Account => {
  if (key === undefined || key === "" || /[^A-Za-z0-9_-]/.test(key)) throw failures.badKeyFormat()
  const account = accounts.find(key)
  if (account === undefined || !account.maySee(market)) throw failures.unknownKey()
  return account
}

/** Throws when a request is too old, or from the future. */
export const checkTime = (parameters: URLSearchParams, now: number): void => {
  const text = parameters.get("timestamp") ?? ""
  if (!/^\d{1,16}$/.test(text)) throw missing("timestamp")
  const window = Number(parameters.get("recvWindow") ?? USUAL_WINDOW_MS)
  if (!(window >= 0)) throw missing("recvWindow")
  if (window > LONGEST_WINDOW_MS) throw new RestFailure(-1131, `recvWindow must be less than ${LONGEST_WINDOW_MS}.`)
  const given = Number(text)
  const timestamp = given > MICROSECONDS ? given / 1000 : given
  if (timestamp >= now + AHEAD_MS) throw failures.tooEarly()
  if (now - timestamp > window) throw failures.tooLate()
}

/** Without the signature, which is no part of what is signed. */
const unsigned = (text: string): string =>
  text
    .split("&")
    .filter((pair) => pair !== "" && !pair.startsWith("signature="))
    .join("&")

/** A signed request of REST. */
export const authenticate = (
  accounts: Accounts,
  market: BinanceMarket,
  parameters: URLSearchParams,
  call: Call,
  now: number
): Account => {
  const account = accountOf(accounts, market, call.header("x-mbx-apikey"))
  const signature = parameters.get("signature")
  if (signature === null || signature === "") throw missing("signature")
  checkTime(parameters, now)
  if (!isSigned(account.definition, unsigned(call.query) + unsigned(call.body), signature))
    throw failures.badSignature()
  return account
}

/** What is signed of a request of the WebSocket API: every parameter but the signature, in the order of their names. */
export const signedText = (parameters: Readonly<Record<string, unknown>>): string =>
  Object.keys(parameters)
    .filter((name) => name !== "signature")
    .toSorted()
    .map((name) => `${name}=${String(parameters[name])}`)
    .join("&")
