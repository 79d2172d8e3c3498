/** What an operator is shown before a start, on the simulated venue. */
import { describe, expect, it } from "@effect/vitest"
import { type Checkup, ConnectionOptions, WsSocket } from "@tidewire/core"
import { defaultAccount, Simulator } from "@tidewire/simulator"
import { Clock, Effect, Redacted, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import { adapter } from "../src/adapter.ts"

const options = { apiKey: Redacted.make(defaultAccount.key), apiSecret: Redacted.make(defaultAccount.secret ?? "") }

const checkupOf = (venue: string, { url, wsUrl }: Simulator.Simulator) =>
  adapter
    .make({
      venue,
      name: venue,
      environment: "mainnet",
      endpoints: { stream: wsUrl, rest: url },
      options,
      connection: Schema.decodeUnknownSync(ConnectionOptions.ConnectionOptions)({})
    })
    .pipe(
      Effect.provide([WsSocket.layer, FetchHttpClient.layer]),
      Effect.map(({ checkup }): Checkup.Checkup => checkup!)
    )

const simulator = Effect.acquireRelease(
  Effect.promise(() => Simulator.start({ seed: 3, accounts: [defaultAccount] })),
  (each) => Effect.promise(() => each.stop())
)

for (const [venue, names, behindMs] of [
  ["bybit", ["stream", "rest"], 5_000],
  ["bybit-linear", ["stream", "rest"], 5_000]
] as const) {
  describe(`the checkup of ${venue}`, () => {
    it.live("names every host that is dialled, and what stamps and dials are held to", () =>
      Effect.gen(function* () {
        const checkup = yield* checkupOf(venue, yield* simulator)
        expect(checkup.endpoints.map(({ name }) => name)).toEqual(names)
        expect(checkup.stamps).toEqual({ aheadMs: 1_000, behindMs })
        expect(checkup.limits.dials.window).toBe("5 minutes")
      })
    )

    it.live("reads the venue's clock, and counts what that cost", () =>
      Effect.gen(function* () {
        const simulated = yield* simulator
        simulated.control.inject({ kind: "skewedClock", offsetMs: 60_000 })
        const checkup = yield* checkupOf(venue, simulated)
        const before = (yield* checkup.budget).used
        let isSent = false
        const time = yield* checkup.serverTime(() => (isSent = true))
        const { usable, used } = yield* checkup.budget
        expect(isSent).toBe(true)
        expect(Math.abs(time - (yield* Clock.currentTimeMillis) - 60_000)).toBeLessThan(5_000)
        // a window may have turned in between
        expect(used - before === 1 || used === 1).toBe(true)
        expect(usable).toBeGreaterThan(100)
      })
    )
  })
}
