/** Seeds of trading chaos, one after another, and what they come to together. */
import type { SoakOptions } from "../soakOptions.ts"
import { describe } from "./describe.ts"
import type { Counts } from "./judge.ts"
import { run, type TradingOutcome } from "./run.ts"

export const soak = async (
  { minutes, seeds }: Pick<SoakOptions, "minutes" | "seeds">,
  say: (text: string) => void
): Promise<number> => {
  const outcomes: Array<TradingOutcome> = []
  for (const seed of seeds) {
    const outcome = await run({ seed, durationMs: minutes * 60_000 })
    outcomes.push(outcome)
    const { calmAfterMs, counts, violations } = outcome
    say(
      violations.length === 0
        ? `seed ${seed}: no violation; ${counts.orders} orders, ${counts.fills} fills, calm after ${calmAfterMs} ms`
        : describe(outcome)
    )
  }
  const sum = (key: keyof Counts) => outcomes.reduce((total, { counts }) => total + counts[key], 0)
  const keys = Object.keys(outcomes[0]!.counts) as ReadonlyArray<keyof Counts>
  const failed = outcomes.filter(({ violations }) => violations.length > 0)
  const summary = {
    venues: "trading",
    seeds: seeds.length,
    minutes,
    kills: outcomes.reduce((total, { kills }) => total + kills, 0),
    failed: failed.map(({ seed }) => seed),
    violations: failed.reduce((total, { violations }) => total + violations.length, 0),
    accounted: Object.fromEntries(keys.map((key) => [key, sum(key)]))
  }
  process.stdout.write(`${JSON.stringify(summary)}\n`)
  return failed.length === 0 ? 0 : 1
}
