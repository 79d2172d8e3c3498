import { assert, describe, it } from "@effect/vitest"
import type { Subscription, VenueAdapter } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as SubscriptionRef from "effect/SubscriptionRef"
import * as Counts from "../../src/workers/counts.ts"
import { sharedPause } from "../../src/workers/sharedPause.ts"

const trades: Subscription.Subscription = { symbol: "BTCUSDT", channel: "trades" }

/** An adapter whose feed only pauses and resumes, and what it was asked for. */
const make = Effect.gen(function* () {
  const asked: Array<string> = []
  const states = yield* SubscriptionRef.make<ReadonlyMap<string, VenueAdapter.ConnectionStatus>>(new Map())
  const feed: VenueAdapter.Feed = {
    states,
    update: () => Effect.void,
    rotate: () => [],
    reconnect: () => [],
    reset: () => [],
    counts: () => Counts.none,
    book: () => undefined,
    retellBook: () => {},
    samples: () => [],
    pause: ({ symbol }) => asked.push(`pause ${symbol}`) > 0,
    resume: ({ symbol }) => void asked.push(`resume ${symbol}`)
  }
  const unused = { venue: "made-up", plan: () => ({ connections: [], notes: [] }), instruments: Effect.succeed([]) }
  const capabilities = {} as VenueAdapter.Capabilities
  const shared = sharedPause({ ...unused, capabilities, open: () => Effect.succeed(feed) })
  const opened = yield* shared.adapter.open([trades], () => {})
  return { asked, opened, shared }
})

describe("a pause of two", () => {
  it.effect("holds until both have let go, whoever was first", () =>
    Effect.gen(function* () {
      const { asked, opened, shared } = yield* make
      assert.isTrue(opened.pause(trades))
      shared.hold(trades)
      opened.resume(trades)
      assert.deepStrictEqual(asked, ["pause BTCUSDT", "pause BTCUSDT"])
      shared.release(trades)
      assert.deepStrictEqual(asked.slice(2), ["resume BTCUSDT"])
    })
  )

  it.effect("is not ended by one that never held it", () =>
    Effect.gen(function* () {
      const { asked, opened, shared } = yield* make
      shared.hold(trades)
      opened.resume(trades)
      shared.release({ ...trades, symbol: "ETHUSDT" })
      assert.deepStrictEqual(asked, ["pause BTCUSDT"])
    })
  )
})
