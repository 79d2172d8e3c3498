/**
 * When the next attempt to connect is made (S-C2): pure functions of what has happened so far.
 *
 * Guarantees: attempts are counted anew only after a session was Active for `stableAfter`, so that a venue that accepts
 * and drops is not hammered; the first attempt after such a session is immediate but for a jitter of 250 ms.
 */
import * as Duration from "effect/Duration"
import type { Reconnect } from "./ConnectionOptions.ts"

/** `attempts` in a row since the last stable session; `isFirst` when the next one follows a stable session at once. */
export interface State {
  readonly attempts: number
  readonly isAfterStable: boolean
}

export const initial: State = { attempts: 0, isAfterStable: false }

const FIRST_JITTER_MS = 250

/** The most that a cool-down grows, as a multiple of the first. */
const COOL_DOWN_GROWTH = 10

/** A session ended that had been Active for so long; 0 when it never was. */
export const sessionEnded = (options: Reconnect, state: State, activeForMs: number): State =>
  activeForMs >= Duration.toMillis(options.stableAfter) ? { attempts: 0, isAfterStable: true } : state

/** The wait before the next attempt, full jitter; `random` is in [0, 1). */
export const next = (
  options: Reconnect,
  { attempts, isAfterStable }: State,
  random: number
): { readonly state: State; readonly delayMs: number; readonly attempt: number } | "exhausted" => {
  if (attempts >= options.attempts) return "exhausted"
  const attempt = attempts + 1
  const exponent = isAfterStable ? attempt - 2 : attempt - 1
  const ceiling =
    exponent < 0
      ? FIRST_JITTER_MS
      : Math.min(Duration.toMillis(options.max), Duration.toMillis(options.base) * 2 ** exponent)
  return { state: { attempts: attempt, isAfterStable }, delayMs: random * ceiling, attempt }
}

/** How long an open circuit rests before its n-th probe (from 1). */
export const coolDownMs = (options: Reconnect, probe: number): number =>
  Duration.toMillis(options.coolDown) * Math.min(COOL_DOWN_GROWTH, 2 ** (probe - 1))
