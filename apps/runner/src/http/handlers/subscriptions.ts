/** What is subscribed, and changing it while it runs. */
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import type { Problem } from "../../configuration/Problem.ts"
import * as Changing from "../../venues/changing.ts"
import { api } from "../api/Api.ts"
import type { Change, Changed } from "../api/subscriptions.ts"
import type { Operated } from "../Operated.ts"
import * as Refusal from "../Refusal.ts"
import { venueOf } from "./venueOf.ts"

const REASON = "unsubscribed by an operator"

export const handlers = ({ instance }: Operated) => {
  const running = Effect.fnUntraced(function* (name: string) {
    const { adapter, blockProblems, setup, stream, subscribing } = yield* venueOf(instance, name)
    if (Result.isSuccess(adapter) && stream !== undefined && subscribing !== undefined) {
      return { name, adapter: adapter.success, blockProblems, setup, stream, subscribing }
    }
    const failure = instance.runner.venues().find((each) => each.name === name)?.failure
    return yield* Effect.fail(
      Refusal.of("Unavailable", `${name} is not open${failure === undefined ? "" : `: ${failure}`}`)
    )
  })

  const checked = Effect.fnUntraced(function* (
    venue: Effect.Success<ReturnType<typeof running>>,
    { add = [], remove = [] }: Change
  ) {
    const { adapter, blockProblems, subscribing } = venue
    const change = Changing.change(venue, add, remove)
    const wanted = [...subscribing.wanted, ...change.added]
    const blocking = yield* (
      blockProblems?.(wanted, adapter.plan(change.subscriptions).connections) ?? Effect.succeed([])
    )
    return { ...change, problems: [...change.problems, ...blocking] }
  })

  const preview = Effect.fnUntraced(function* ({ payload }: { readonly payload: Change }) {
    const venue = yield* running(payload.venue)
    const change = yield* checked(venue, payload)
    return answer(payload.venue, change, [...change.problems, ...change.held])
  })

  const change = Effect.fnUntraced(function* ({ payload }: { readonly payload: Change }) {
    const venue = yield* running(payload.venue)
    const { name, stream, subscribing } = venue
    const change = yield* checked(venue, payload)
    const [wrong] = change.problems
    const [held] = change.held
    if (wrong !== undefined)
      return yield* Effect.fail(Refusal.of("BadRequest", Changing.told(change.problems), wrong.path))
    if (held !== undefined) return yield* Effect.fail(Refusal.of("Conflict", Changing.told(change.held), held.path))
    const reasons = new Map(change.removed.map(({ symbol }) => [symbol, REASON]))
    yield* Effect.mapError(stream.update(change.subscriptions, reasons), (error) =>
      Refusal.of("BadRequest", error.message)
    )
    subscribing.changed(change.added, change.removed, change.subscriptions)
    yield* Effect.annotateLogs(Effect.logInfo("an operator changes what is subscribed"), {
      venue: name,
      added: listed(change.added),
      removed: listed(change.removed)
    })
    return answer(name, change, [])
  })

  return HttpApiBuilder.group(api, "subscriptions", (each) =>
    each.handleAll({
      subscriptions: () =>
        Effect.sync(() =>
          instance.venues.flatMap(({ name, stream, subscribing }) =>
            (stream?.subscriptions() ?? []).map((each) => ({
              venue: name,
              symbol: each.symbol,
              channel: each.channel,
              transport: each.transport ?? "websocket",
              wantedBy: subscribing?.wantedBy(each) ?? ("configuration" as const)
            }))
          )
        ),
      preview,
      change: (request) =>
        // a client that goes away leaves nothing half done
        Effect.uninterruptible(
          Effect.flatMap(running(request.payload.venue), ({ subscribing }) => subscribing.exclusively(change(request)))
        )
    })
  )
}

/** As many as a log line names. */
const NAMED = 20

const listed = (some: ReadonlyArray<Changing.Asked>): string => {
  const names = some.map(({ channel, symbol }) => `${symbol} ${channel}`)
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ""
  return names.length === 0 ? "nothing" : `${names.slice(0, NAMED).join(", ")}${more}`
}

const answer = (
  venue: string,
  { added, plan, removed }: Changing.Change,
  problems: ReadonlyArray<Problem>
): Changed => ({
  venue,
  added: added.map(({ channel, symbol }) => ({ symbol, channel })),
  removed: removed.map(({ channel, symbol }) => ({ symbol, channel })),
  plan,
  problems
})
