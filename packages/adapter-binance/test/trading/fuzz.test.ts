import { describe, expect, it } from "@effect/vitest"
import { PrivateEvent } from "@tidewire/core"
import { Effect, Schema } from "effect"
import { Exchange, open } from "../support/exchange.ts"
import { mutate, random } from "../support/mutations.ts"
import * as recordings from "../support/recordings.ts"

const isEvent = Schema.is(PrivateEvent.PrivateEvent)

const files = { binance: recordings.spotAccount, "binance-usdm": recordings.usdmAccount } as const

describe("frames of an account that nobody should send", () => {
  for (const venue of ["binance", "binance-usdm"] as const) {
    it.effect.skipIf(recordings.missing(files[venue]))(`${venue}: whatever comes, what is told is an event`, () =>
      Effect.gen(function* () {
        const exchange = new Exchange()
        exchange.rest = ({ path }) =>
          path.endsWith("/listenKey") ? { body: { listenKey: "k".repeat(64) } } : undefined
        const { events } = yield* open(exchange, venue)
        const frames = recordings.lines(files[venue])
        const next = random(7)
        const rounds = 200
        for (let round = 0; round < rounds; round++) {
          for (const frame of frames) exchange.sockets[0]!.receiveText(mutate(frame, next))
        }
        // enough of them were still readable for this to say something
        expect(events.length).toBeGreaterThan(rounds)
        expect(events.filter((event) => !isEvent(event))).toEqual([])
      })
    )
  }
})
