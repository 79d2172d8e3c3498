/** How much is streamed: about a second at the measured rate, after what any client needs to be compiled. */
import type { Flood, VenueName } from "../messages.ts"
import type { Setting } from "../rounds.ts"

interface Amount {
  readonly warm: number
  readonly frames: number
}

/** Enough for a guard with a wide margin. */
const SMOKE_SHARE = 4

export const flood = (
  kind: Flood["kind"],
  venue: VenueName,
  full: Amount,
  setting: Setting,
  more: { readonly symbols?: number; readonly handlers?: number } = {}
): Flood => {
  const frames = setting.frames ?? (setting.isSmoke ? full.frames / SMOKE_SHARE : full.frames)
  const warm = setting.isSmoke ? full.warm / 2 : full.warm
  return { kind, venue, symbols: 1, handlers: 0, ...more, warm, frames }
}

export const TRADES: Amount = { warm: 200_000, frames: 600_000 }
export const DEPTH: Amount = { warm: 20_000, frames: 60_000 }

/** For series with clients that need twenty times as long. */
export const FEWER_TRADES: Amount = { warm: 100_000, frames: 300_000 }
