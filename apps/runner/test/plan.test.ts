import { Socket } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as Layer from "effect/Layer"
import { format } from "../src/configuration/Problem.ts"
import * as Deployment from "../src/venues/Deployment.ts"
import * as Plan from "../src/venues/plan.ts"
import { fakeVenue, fixtures } from "./tidewire.ts"

const driver = (canPause: boolean) =>
  Layer.succeed(Socket.SocketDriver, { canPause, open: () => Effect.die("nothing connects here") })

const problems = (canPause: boolean, over: Readonly<Record<string, unknown>>) =>
  Effect.gen(function* () {
    const value = { venues: [fakeVenue({ queue: { overflow: { trades: "block" } }, ...over })] }
    const { venues } = yield* Deployment.make({ source: "test", folder: fixtures, value }, {})
    const planned = yield* Plan.make(venues[0]!)
    return planned.problems.map(format)
  }).pipe(Effect.scoped, Effect.provide(Layer.mergeAll(driver(canPause), FetchHttpClient.layer)))

describe("the policy block", () => {
  it.effect("is had where each symbol has its own socket and the socket can pause", () =>
    Effect.map(problems(true, {}), (found) => assert.deepStrictEqual(found, []))
  )

  it.effect("is refused where the socket cannot pause", () =>
    Effect.map(problems(false, {}), (found) =>
      assert.deepStrictEqual(found, [
        'venues[0].queue.overflow.trades: "block" needs a socket that can pause, and the sockets here cannot; expected another policy'
      ])
    )
  )

  it.effect("is refused where the plan packs, though symbols were to be isolated", () =>
    Effect.map(
      problems(true, {
        options: { packs: true },
        subscriptions: [{ symbols: ["BTCUSDT", "ETHUSDT"], channels: ["trades"] }]
      }),
      (found) =>
        assert.deepStrictEqual(found, [
          'venues[0].queue.overflow.trades: "block" would stop every symbol of the connection shared; expected another policy'
        ])
    )
  )
})
