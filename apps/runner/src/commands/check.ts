/** `tidewire check`: the plan of a configuration, without connecting anywhere. */
import type { Subscription } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as ConfigurationFile from "../configuration/configurationFile.ts"
import { BadConfiguration } from "../configuration/Problem.ts"
import { Failed } from "../process/exit.ts"
import { layer } from "../process/layers.ts"
import * as Deployment from "../venues/Deployment.ts"
import * as EnginePlan from "../engine/EnginePlan.ts"
import * as OperationPlan from "../operation/OperationPlan.ts"
import * as Plan from "../venues/plan.ts"
import * as Standard from "../output/standard.ts"

export interface CheckOptions {
  readonly config: string
  readonly format: "text" | "json"
}

export const check = Effect.fnUntraced(
  function* (options: CheckOptions): Effect.fn.Return<void, BadConfiguration | Failed, Plan.Needs> {
    const file = yield* ConfigurationFile.read(options.config)
    const deployment = yield* Deployment.make(file, process.env)
    const { engine } = deployment
    const setups = deployment.venues.map((setup) => EnginePlan.withStrategies(setup, engine))
    const planned = yield* Effect.mapError(Effect.forEach(setups, Plan.make), ({ message }) => new Failed({ message }))
    const problems = planned.flatMap((each) => each.problems)
    if (problems.length > 0) return yield* new BadConfiguration({ source: file.source, problems })
    const venues = planned.map((each) => each.plan)
    const operation = OperationPlan.of(deployment.operation, file.folder)
    const trading = engine === undefined ? undefined : EnginePlan.of(engine)
    yield* Standard.print(
      options.format === "json"
        ? JSON.stringify({ venues, ...(trading !== undefined && { engine: trading }), ...operation }, undefined, 2)
        : [
            ...venues.map(text),
            ...(trading === undefined ? [] : [EnginePlan.text(trading)]),
            OperationPlan.text(operation)
          ]
            .filter((part) => part !== "")
            .join("\n\n")
    )
    yield* Effect.logWarning("symbols are not verified: that takes the venue's list, and check does not connect")
  },
  Effect.scoped,
  Effect.provide(layer)
)

const text = (plan: Plan.VenuePlan): string => {
  const name = plan.name === plan.venue ? plan.venue : `${plan.name} (${plan.venue})`
  const policies = Object.entries(plan.queue.overflow).map(([kind, policy]) => `${kind} ${policy}`)
  return [
    `${name}  ${plan.environment}  through ${plan.adapter}`,
    `  queues  ${plan.queue.capacity} events a channel of a symbol; ${policies.join(", ")}`,
    ...(plan.proxy === undefined ? [] : [`  proxy  ${plan.proxy}`]),
    ...workers(plan),
    ...polling(plan),
    `  connections  ${plan.connections.length}${redundant(plan)}; ${upkeep(plan)}`,
    ...plan.connections.flatMap(({ name: connection, subscriptions, url }) => [
      `    ${connection}  ${url}`,
      ...[...Map.groupBy(subscriptions, (each) => each.symbol)].map(
        ([symbol, each]) => `      ${symbol}  ${each.map(carried).join(", ")}`
      )
    ]),
    ...plan.notes.map((note) => `  note  ${note}`)
  ].join("\n")
}

/** A channel, and how it is carried where that is not over the socket alone. */
const carried = ({ channel, transport }: Subscription.Subscription): string =>
  transport === undefined ? channel : `${channel} (${transport})`

const workers = ({ workers: symbols = [] }: Plan.VenuePlan): ReadonlyArray<string> => {
  const each = symbols.map((count, index) => `@${index + 1} has ${count} symbol${count === 1 ? "" : "s"}`)
  return each.length === 0 ? [] : [`  workers  ${each.length}: ${each.join(", ")}`]
}

const polling = (plan: Plan.VenuePlan): ReadonlyArray<string> => {
  const times = Object.entries(plan.polling ?? {}).map(
    ([kind, ms]) => `${kind} every ${Duration.format(Duration.millis(ms))}`
  )
  return times.length === 0 ? [] : [`  polling  ${times.join(", ")}; less often where the venue's budget says so`]
}

/** The plan has them all; this says that some carry the same. */
const redundant = ({ connection }: Plan.VenuePlan): string =>
  connection.redundancy === 1 ? "" : `, ${connection.redundancy} for each set of streams`

const upkeep = ({ connection: { auditMs, repairWithinMs, rotateAfterMs } }: Plan.VenuePlan): string =>
  [
    `replaced after ${Duration.format(Duration.millis(rotateAfterMs))}`,
    `gaps repaired within ${Duration.format(Duration.millis(repairWithinMs))}`,
    ...(auditMs === undefined ? [] : [`books audited every ${Duration.format(Duration.millis(auditMs))}`])
  ].join(", ")
