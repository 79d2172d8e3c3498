/**
 * A venue of the configuration, from its hosts to its account. The way to its hosts, its REST and its streams are looked at
 * beside each other; what asks its REST waits for the first answer, and is not asked where none comes.
 */
import type { VenueAdapter } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { EngineDeployment } from "../engine/EngineDeployment.ts"
import * as EnginePlan from "../engine/EnginePlan.ts"
import { makeAdapter } from "../venues/makeAdapter.ts"
import type { Needs } from "../venues/plan.ts"
import type { VenueSetup } from "../venues/VenueSetup.ts"
import * as Account from "./account.ts"
import type { Checks, Verdicts } from "./Checks.ts"
import * as Connections from "./connections.ts"
import * as Endpoints from "./endpoints.ts"
import { type Finding, ok, problem, unknown } from "./Finding.ts"
import * as Instruments from "./instruments.ts"
import * as Rest from "./rest.ts"
import * as Streams from "./streams.ts"

type Findings<R = never> = Effect.Effect<ReadonlyArray<Finding>, never, R>

export const look = (checks: Checks, given: VenueSetup, engine: EngineDeployment | undefined): Findings<Needs> =>
  Effect.gen(function* () {
    // threads change nothing about what is looked at here
    const setup = { ...EnginePlan.withStrategies(given, engine), workers: 0 }
    const { name } = setup.settings
    const made = yield* Effect.result(makeAdapter(setup))
    if (Result.isFailure(made)) {
      const { operation, reason } = made.failure
      const found = `cannot be made: ${operation}: ${reason.message}`
      return [{ check: "adapter", subject: name, ...problem(found, "correct the venue's entry in the configuration") }]
    }
    const adapter = made.success
    const [way, rest] = yield* Effect.all(
      [endpoints(checks, adapter, setup), restAndBelow(checks, adapter, setup, engine)],
      {
        concurrency: "unbounded"
      }
    )
    return [...way, ...rest]
  })

const endpoints = (checks: Checks, adapter: VenueAdapter.VenueAdapter, { proxy, settings }: VenueSetup): Findings => {
  const { name: subject } = settings
  if (proxy !== undefined) {
    const make = Endpoints.endpoint("everything goes through", proxy.shown)
    return checks.make({ check: "proxy", subject, make })
  }
  const known = adapter.checkup?.endpoints ?? planned(adapter)
  // one host for several is looked at once
  const byUrl = Map.groupBy(known, ({ url }) => url)
  const each = [...byUrl].map(([url, named]) => [named.map(({ name }) => name).join(" and "), url] as const)
  return Effect.map(
    Effect.forEach(
      each,
      ([names, url]) => checks.make({ check: "endpoint", subject, make: Endpoints.endpoint(names, url) }),
      {
        concurrency: "unbounded"
      }
    ),
    (found) => found.flat()
  )
}

/** Of an adapter that shows nothing: where its reads go. */
const planned = ({ present }: VenueAdapter.VenueAdapter) =>
  present === undefined || !URL.canParse(present.url) ? [] : [{ name: "rest", url: present.url }]

const restAndBelow = (
  checks: Checks,
  adapter: VenueAdapter.VenueAdapter,
  setup: VenueSetup,
  engine: EngineDeployment | undefined
): Findings =>
  Effect.gen(function* () {
    const { proxy, settings } = setup
    const { name: subject } = settings
    const make = (check: string, verdicts: Verdicts, within?: Parameters<Checks["make"]>[0]["within"]) =>
      checks.make({ check, subject, make: verdicts, ...(within !== undefined && { within }) })

    let rest: Rest.Rest | undefined
    const answered = yield* adapter.checkup === undefined
      ? make("rest", Effect.succeed([unknown("the adapter does not show how long its venue takes, nor its clock")]))
      : make(
          "rest",
          Effect.map(Rest.look(adapter.checkup, proxy?.shown), (found) => {
            rest = found
            return found.latency
          })
        )
    const restAnswers = adapter.checkup === undefined || rest?.answers === true
    const about =
      (check: string) =>
      (verdict: Finding | Omit<Finding, "check" | "subject">): Finding => ({ ...verdict, check, subject })
    const below = [...(rest?.clock ?? []).map(about("clock")), ...(rest?.budget ?? []).map(about("limits"))]

    let listed = Instruments.written(setup)
    const instruments = yield* make(
      "instruments",
      restAnswers
        ? Effect.map(Instruments.look(adapter, setup), (found) => {
            listed = found
            return found.verdicts
          })
        : Effect.succeed([unknown("not asked: the venue's REST does not answer")]),
      "20 seconds"
    )
    const isTraded = engine?.mode === "live" && (engine.venues?.includes(subject) ?? true)
    const [planned, streams, account] = yield* Effect.all(
      [
        make(
          "connections",
          Effect.sync(() => Connections.look(adapter, listed.subscriptions))
        ),
        make("stream", Streams.look(adapter, listed.subscriptions, proxy?.shown), "30 seconds"),
        make("account", accountOf(adapter, restAnswers, proxy?.shown, isTraded), "30 seconds")
      ],
      { concurrency: "unbounded" }
    )
    return [...answered, ...below, ...instruments, ...planned, ...streams, ...account]
  })

const accountOf = (
  { trading }: VenueAdapter.VenueAdapter,
  restAnswers: boolean,
  proxy: string | undefined,
  isTraded: boolean
): Verdicts => {
  if (trading === undefined) {
    const found = "no credentials are configured: market data only"
    return Effect.succeed([
      isTraded
        ? problem(found, "set the key's variables and name them in the venue's `options`, or trade on paper")
        : ok(found)
    ])
  }
  if (!restAnswers) return Effect.succeed([unknown("not asked: the venue's REST does not answer")])
  return Account.look(trading, proxy, isTraded)
}
