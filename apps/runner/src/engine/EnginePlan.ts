/** What the engine of a configuration would do, without connecting: what `check` prints. */
import { Channel, type Subscription } from "@tidewire/core"
import type { Strategy } from "@tidewire/engine"
import { asGiven, resolve } from "../venues/resolve.ts"
import { withBeside } from "../venues/open.ts"
import type { VenueSetup } from "../venues/VenueSetup.ts"
import type { EngineDeployment } from "./EngineDeployment.ts"

export interface EnginePlan extends Pick<EngineDeployment, "mode" | "venues" | "risk"> {
  /** A file; absent where it is in memory. */
  readonly journal?: string
  readonly strategies: ReadonlyArray<{
    readonly name: string
    readonly module: string
    readonly subscriptions: ReadonlyArray<Strategy.StrategySubscription>
  }>
}

export const of = ({ journal, mode, risk, strategies, venues }: EngineDeployment): EnginePlan => ({
  mode,
  ...(venues !== undefined && { venues }),
  ...(journal !== undefined && { journal }),
  strategies: strategies.map(({ module, name, strategy: { subscriptions } }) => ({ name, module, subscriptions })),
  risk
})

export const text = ({ journal, mode, risk, strategies, venues }: EnginePlan): string => {
  const limits = Object.entries(risk).flatMap(([key, value]) =>
    typeof value === "object" ? [] : [`${key} ${String(value)}`]
  )
  return [
    `engine  ${mode}${mode === "live" ? ", with real money; run needs --live as well" : ""}`,
    ...(venues === undefined ? [] : [`  trades on  ${venues.join(", ")}`]),
    `  journal  ${journal ?? "in memory"}`,
    `  risk  ${limits.join(", ")}`,
    `  strategies  ${strategies.length}`,
    ...strategies.flatMap(({ module, name, subscriptions }) => [
      `    ${name}  ${module}`,
      ...subscriptions.map(({ channels, symbol, venue }) => `      ${venue} ${symbol}  ${channels.join(", ")}`)
    ])
  ].join("\n")
}

/** With what strategies want to hear; spellings and channels are looked at when a run starts. */
export const withStrategies = (setup: VenueSetup, engine: EngineDeployment | undefined): VenueSetup => {
  const wanted = (engine?.strategies ?? []).flatMap(({ strategy }) =>
    strategy.subscriptions
      .filter(({ venue }) => venue === setup.settings.name)
      .flatMap(({ channels, symbol }) =>
        channels.flatMap((given): ReadonlyArray<Subscription.Subscription> => {
          const parsed = Channel.parse(given)
          return parsed._tag === "Invalid" ? [] : [{ symbol: symbol.toUpperCase(), channel: parsed.channel }]
        })
      )
  )
  return withBeside(setup, resolve(setup.wanted, asGiven).subscriptions, wanted)
}
