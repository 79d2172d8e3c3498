/** How much each series streams. */
import type { Plan } from "./messages.ts"
import type { Options, Series } from "./options.ts"

const FRAMES_PER_BURST = 10
const BURSTS_PER_SECOND = 1_000

/** A second at the measured rate, after what any client needs to be compiled. */
const MEASURED = { trades: 600_000, depth: 60_000 }
const WARM = { trades: 200_000, depth: 20_000, latency: 100_000 }
/** Enough for a guard with a wide margin. */
const SMOKE = { trades: 200_000, depth: 15_000 }

export const plan = (series: Series, options: Options): Plan => {
  const warm = WARM[series]
  if (series !== "latency") {
    return { kind: series, warm, frames: options.frames ?? (options.isSmoke ? SMOKE : MEASURED)[series] }
  }
  const perSecond = FRAMES_PER_BURST * BURSTS_PER_SECOND
  return {
    kind: "latency",
    warm,
    lead: perSecond,
    frames: options.seconds * perSecond,
    framesPerBurst: FRAMES_PER_BURST
  }
}
