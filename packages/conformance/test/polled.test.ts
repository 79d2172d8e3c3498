/**
 * Polling of any adapter, certified: the made-up venue with every subscription polled. What the cards do to sockets does
 * not reach it, and what they need of sockets it does not have.
 */
import { ConnectionOptions, Polling, type Subscription } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { assert, describe, it } from "vitest"
import { cards, failures, run, type Subject } from "../src/index.ts"
import { reference } from "./reference/subject.ts"
import { inVirtualTime } from "./virtualTime.ts"

const often = Duration.millis(200)

const polling = { trades: often, quotes: often, book: often, ticker: often, mark: often, bars: often }

const polled = (wanted: ReadonlyArray<Subscription.Subscription>): ReadonlyArray<Subscription.Subscription> =>
  wanted.map((each) => ({ ...each, transport: "polling" }))

const capabilities = {
  ...reference.capabilities,
  channels: reference.capabilities.channels.filter((kind) => kind !== "liquidations"),
  fallsBack: false
}

const sockets = [
  "LC-3",
  "BK-3",
  "BK-4",
  "RS-1",
  "RS-2",
  "RS-3",
  "RS-4",
  "RS-5",
  "RS-6",
  "RS-7",
  "RS-9",
  "RS-11",
  "RS-12"
]

const skip = {
  ...Object.fromEntries(sockets.map((id) => [id, "what it does to sockets does not reach polls"])),
  "BK-6": "a poll has no session whose age would matter",
  "RS-8": "a poll has no session whose age would matter",
  "RS-10": "polls are lost when REST fails"
}

const subject: Subject = {
  capabilities,
  trading: reference.trading!,
  skip,
  open: (connection) =>
    Effect.map(reference.open(connection), ({ adapter, exchange }) => {
      const over = Polling.over({ ...adapter, capabilities }, { ...ConnectionOptions.defaults, ...connection, polling })
      return {
        exchange,
        adapter: {
          ...over,
          plan: (wanted) => over.plan(polled(wanted)),
          open: (wanted, emit) =>
            Effect.map(over.open(polled(wanted), emit), (feed) => ({
              ...feed,
              update: (next, reasons) => feed.update(polled(next), reasons)
            }))
        }
      }
    })
}

describe("S-D6 polling of an adapter", () => {
  it("passes every card that is not about sockets", async () => {
    const report = await inVirtualTime(run(subject))
    const tags = [...report.outcomes.values()].map(({ _tag }) => _tag)
    const count = (tag: (typeof tags)[number]) => tags.filter((each) => each === tag).length
    assert.deepStrictEqual(
      [failures(report), count("Skipped"), count("NotApplicable"), count("Passed")],
      [[], Object.keys(skip).length, 1, cards.length - Object.keys(skip).length - 1]
    )
  }, 120_000)
})
