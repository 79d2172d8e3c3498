/** A watch of an account waits again before anything else can arrive: CCXT wakes only who waits. */
import { describe, expect, it } from "@effect/vitest"
import { ConnectionOptions, ConnectionStates, type PrivateEvent } from "@tidewire/core"
import { Effect, Schema } from "effect"
import type { Exchange } from "../../src/Exchange.ts"
import { Maker } from "../../src/Maker.ts"
import { accountQuirksOf } from "../../src/trading/accountQuirks.ts"
import * as AccountWatch from "../../src/trading/AccountWatch.ts"

/** Lets promises go on; no turn of the event loop passes. */
const promises = Effect.promise(async () => {
  for (let step = 0; step < 100; step++) await Promise.resolve()
})

const turn = Effect.promise(() => new Promise<void>((done) => setImmediate(done)))

const row = (id: string) => ({
  id,
  symbol: "BTC/USDT",
  side: "buy",
  type: "limit",
  price: "1",
  amount: "1",
  status: "open"
})

describe("a watch of an account", () => {
  it.effect("waits again within the turn of the event loop in which it was answered", () =>
    Effect.gen(function* () {
      const waiting: Array<(rows: ReadonlyArray<unknown>) => void> = []
      const made = {
        id: "gate",
        has: { watchOrders: true },
        urls: { api: {} },
        loadMarkets: async () => ({}),
        setMarketsFromExchange: () => {},
        close: async () => {},
        watchOrders: () => new Promise((resolve) => waiting.push(resolve))
      }
      const library = () => ({ ...made }) as unknown as Exchange
      const maker = new Maker(library, { venue: "mine", id: "gate", isTest: false, endpoints: {}, options: {} })
      const told: Array<PrivateEvent.PrivateEvent> = []
      yield* AccountWatch.watch({
        venue: "mine",
        maker,
        hasPositions: false,
        quirks: accountQuirksOf("gate"),
        polls: undefined,
        connection: Schema.decodeUnknownSync(ConnectionOptions.ConnectionOptions)({}),
        states: yield* ConnectionStates.ConnectionStates.make,
        emit: (event) => told.push(event)
      })
      while (waiting.length === 0) yield* turn
      for (const id of ["1", "2", "3"]) {
        waiting.shift()?.([row(id)])
        yield* promises
        expect([told.length, waiting.length]).toEqual([Number(id), 1])
      }
    })
  )
})
