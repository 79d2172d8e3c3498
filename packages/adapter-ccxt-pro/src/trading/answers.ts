/**
 * What an exchange answered when it refused, kept beside the error that CCXT makes of it: CCXT's classes say less, and its
 * messages are for people. Only what says nothing of anybody is kept.
 */
import type { Exchange } from "../Exchange.ts"
import type { AccountQuirks } from "./accountQuirks.ts"

export interface Answer {
  /** Of HTTP; on a socket what CCXT puts in its place. */
  readonly status: number
  /** The exchange's number for it, where it has one. */
  readonly code: number | undefined
}

const answers = new WeakMap<object, Answer>()

/** From here on what this object throws at an answer can be asked for. */
export const keep = (exchange: Exchange, { numbersOf }: Pick<AccountQuirks, "numbersOf">): void => {
  const handle = exchange.handleErrors?.bind(exchange)
  if (handle === undefined) return
  exchange.handleErrors = (status, reason, url, method, headers, body, response, ...rest) => {
    try {
      return handle(status, reason, numbersOf(url), method, headers, body, response, ...rest)
    } catch (error) {
      if (typeof error === "object" && error !== null) answers.set(error, { status, code: codeOf(response) })
      throw error
    }
  }
}

export const answerTo = (error: unknown): Answer | undefined =>
  typeof error === "object" && error !== null ? answers.get(error) : undefined

const codeOf = (response: unknown): number | undefined => {
  if (typeof response !== "object" || response === null) return undefined
  const { code, retCode } = response as { readonly code?: unknown; readonly retCode?: unknown }
  const told = Number(code ?? retCode)
  return Number.isSafeInteger(told) ? told : undefined
}
