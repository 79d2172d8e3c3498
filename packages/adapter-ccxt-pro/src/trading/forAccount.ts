/**
 * Makes an exchange object fit for an account: its amounts are texts, no rejection is left to nobody, what was answered is
 * kept with the error, and a market order is of a size or is not sent at all: never of a cost that was given as a size.
 */
import type { Exchange } from "../Exchange.ts"
import { accountQuirksOf } from "./accountQuirks.ts"
import * as answers from "./answers.ts"
import { handleAll } from "./handled.ts"
import { count, countRequests } from "./sent.ts"

const sized = { createMarketBuyOrderRequiresPrice: true }

export const forAccount = (exchange: Exchange): Exchange => {
  const { options } = exchange
  // of the method alone on some exchanges, where it goes before that of all
  const { createOrder } = options ?? {}
  if (options !== undefined) Object.assign(options, sized)
  if (typeof createOrder === "object" && createOrder !== null) Object.assign(createOrder, sized)
  answers.keep(exchange, accountQuirksOf(exchange.id))
  countRequests(exchange)
  handleAll(exchange, () => count(exchange))
  return Object.assign(exchange, { number: String })
}
