/** A run in words: what a failure needs to be understood and played again. */
import { Scenario } from "@tidewire/simulator"
import type { ChaosOutcome } from "./run.ts"

const SHOWN = 20

export const describe = ({ calmAfterMs, family, left, report, scenario, seed }: ChaosOutcome): string => {
  const { violationCount, violations } = report
  const kinds = Map.groupBy(violations, ({ channel, kind, symbol }) => (symbol === "" ? kind : `${kind} ${channel}`))
  const more = violationCount > SHOWN ? [`  and ${violationCount - SHOWN} more`] : []
  return [
    `${family}, seed ${seed}: ${violationCount} violations; ${left} events left at the stop; ` +
      (calmAfterMs === undefined ? "not whole again in time" : `whole again after ${calmAfterMs} ms`),
    ...[...kinds].map(([kind, { length }]) => `  ${length} ${kind}`),
    ...violations
      .slice(0, SHOWN)
      .map(
        ({ at, channel, detail, kind, symbol, venue }) =>
          `  ${new Date(at).toISOString()} ${kind}: ${venue} ${symbol} ${channel}: ${detail}`
      ),
    ...more,
    "the scenario:",
    Scenario.format(scenario),
    `again: CHAOS_SEED=${seed} pnpm test chaos, or pnpm soak --venues ${family} --seed ${seed}`
  ].join("\n")
}
