/** The adapter at the head of the guide passes the suite that every adapter has to pass. */
import { failures, groups, suite } from "@tidewire/conformance"
import { ConnectionOptions } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { afterAll, assert } from "vitest"
import { adapter } from "../examples/custom-venue/adapter.ts"
import * as reference from "../packages/conformance/test/reference/exchange.ts"
import { inVirtualTime } from "../packages/conformance/test/virtualTime.ts"
import { services } from "./lagoon.ts"

let hosts = 0

const report = suite(
  "the example's venue",
  {
    capabilities: adapter.capabilities("lagoon"),
    open: (connection) =>
      Effect.gen(function* () {
        const made = yield* reference.make
        // a host of its own for each exchange, so that cards do not share a budget
        const host = `lagoon-${++hosts}`
        const settings = {
          venue: "lagoon",
          name: "mine",
          environment: "mainnet",
          endpoints: { stream: `ws://${host}`, rest: `http://${host}` },
          options: {},
          connection: { ...ConnectionOptions.defaults, ...connection }
        }
        return {
          adapter: yield* Effect.provide(adapter.make(settings), services(made)),
          exchange: made.exchange
        }
      })
  },
  { selection: Object.keys(groups), runPromise: inVirtualTime }
)

afterAll(() => {
  const outcomes = [...report().outcomes.values()]
  const passed = outcomes.filter(({ _tag }) => _tag === "Passed").length
  const beside = outcomes.filter(({ _tag }) => _tag === "NotApplicable").length
  assert.deepStrictEqual([failures(report()), passed > 30, passed + beside], [[], true, outcomes.length])
})
