/** Runs the fuzz for as many frames as asked: `pnpm fuzz 5000000 7` (frames, seed). Exits with 1 when the law is broken. */
import { run } from "./run.ts"
import * as targets from "./targets.ts"

const DEFAULT_FRAMES = 2_000_000

const [frames = DEFAULT_FRAMES, seed = 1] = process.argv.slice(2).map(Number)
const begin = performance.now()
const { disagreements, ...counts } = run({ targets: targets.make(), frames, seed })
const seconds = Math.round((performance.now() - begin) / 1000)
process.stdout.write(`${JSON.stringify({ seed, ...counts, disagreements: disagreements.length, seconds })}\n`)
for (const each of disagreements) process.stdout.write(`${each}\n`)
process.exitCode = disagreements.length > 0 ? 1 : 0
