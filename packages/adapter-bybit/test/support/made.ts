/**
 * A venue named `mine` whose REST answers come from a function. Each has a host of its own unless told otherwise, so that
 * tests do not share a budget.
 */
import { Effect } from "effect"
import { makeVenue } from "../../src/venue.ts"
import { type Answer, stub } from "./http.ts"

let hosts = 0

export const make = (venue: string, answer: (url: URL) => Answer, rest = `http://here-${++hosts}`) => {
  const http = stub(answer)
  return makeVenue({ venue, name: "mine", environment: "mainnet", endpoints: { rest } }).pipe(
    Effect.map(({ book, history, instruments, present }) => ({
      asked: () => http.asked.map((line) => line.replace(`GET ${rest}/v5/market/`, "")),
      audit: book.audit!,
      history: history!,
      instruments,
      present: present!
    })),
    Effect.provide(http.layer)
  )
}
