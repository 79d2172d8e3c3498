/** A run in words: what a failure needs to be understood and played again. */
import { Scenario } from "@tidewire/simulator"
import type { TradingOutcome } from "./run.ts"

const SHOWN = 20

export const describe = ({ calmAfterMs, counts, log, scenario, seed, violations }: TradingOutcome): string =>
  [
    `trading, seed ${seed}: ${violations.length} violations; ${JSON.stringify(counts)}; ` +
      (calmAfterMs === undefined ? "not calm in time" : `calm after ${calmAfterMs} ms`),
    ...violations.slice(0, SHOWN).map((each) => `  ${each}`),
    ...(violations.length > SHOWN ? [`  and ${violations.length - SHOWN} more`] : []),
    "the scenario:",
    Scenario.format(scenario),
    "the end of the log:",
    ...log.slice(-60),
    `again: pnpm soak --venues trading --seed ${seed}`
  ].join("\n")
