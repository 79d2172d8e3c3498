/** CCXT is told all of an order to change a part of it, and is not asked to change what is not open. */
import type { PrivateEvent } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import * as Amend from "../../src/trading/amend.ts"
import type { Changes } from "../../src/trading/changes.ts"
import type { PrivateExchange } from "../../src/trading/PrivateExchange.ts"

const open: PrivateEvent.Order = {
  type: "order",
  venue: "mine",
  receivedTime: 1,
  symbol: "BTC/USDT",
  clientOrderId: "a-1",
  venueOrderId: "77",
  side: "sell",
  kind: "limit",
  size: "2",
  price: "100",
  status: "open",
  filled: "0"
}

const amending = (found: PrivateEvent.Order | undefined) => {
  const edits: Array<unknown> = []
  const exchange = { editOrder: async (...edit: ReadonlyArray<unknown>) => edits.push(edit) }
  const changes: Pick<Changes, "rest"> = {
    rest: (_, run) => Effect.promise(() => run(exchange as unknown as PrivateExchange))
  }
  return { edits, amend: Amend.make({ venue: "mine", changes, order: () => Effect.succeed(found) }) }
}

const reference = { clientOrderId: "a-1", symbol: "BTC/USDT" }

describe("a change of an order", () => {
  it.effect("has what stays as well, and is of the exchange's id", () =>
    Effect.gen(function* () {
      const { amend, edits } = amending(open)
      yield* amend({ ...reference, price: "101" })
      yield* amend({ ...reference, size: "1" })
      expect(edits).toEqual([
        ["77", "BTC/USDT", "limit", "sell", "2", "101"],
        ["77", "BTC/USDT", "limit", "sell", "1", "100"]
      ])
    })
  )

  it.effect("is refused of what is not open, and nothing is sent", () =>
    Effect.gen(function* () {
      const reasons: Array<unknown> = []
      for (const found of [undefined, { ...open, status: "filled" as const }]) {
        const { amend, edits } = amending(found)
        const error = yield* Effect.flip(amend({ ...reference, price: "101" }))
        reasons.push(["reason" in error ? error.reason._tag : error, edits])
      }
      expect(reasons).toEqual([
        ["OrderRejected", []],
        ["OrderRejected", []]
      ])
    })
  )
})
