/**
 * Whether the instance answers. `lost` begins three seconds after the last answer, since a single late one says little; while
 * it lasts the page says how old everything is that it shows.
 */
import { Cell } from "./Cell.ts"
import * as Clock from "./clock.ts"
import { visible } from "./Visibility.ts"

const LOST_AFTER_MS = 3_000

export interface Connectivity {
  readonly state: "connecting" | "live" | "lost" | "paused"
  /** Epoch ms of the last answer; absent before the first. */
  readonly answeredAt: number | undefined
}

export const connectivity = new Cell<Connectivity>({ state: "connecting", answeredAt: undefined })

let startedAt = Clock.now()

/** An answer came, whatever it says. */
export const answered = (): void => connectivity.set({ state: "live", answeredAt: Clock.now() })

const look = (): void => {
  const { answeredAt, state } = connectivity.get()
  if (state !== "lost" && Clock.now() - Math.max(answeredAt ?? 0, startedAt) > LOST_AFTER_MS) {
    connectivity.set({ state: "lost", answeredAt })
  }
}

let watch = Clock.every(500, look)

visible.listen(() => {
  watch()
  const { answeredAt } = connectivity.get()
  connectivity.set({ state: visible.get() ? "connecting" : "paused", answeredAt })
  startedAt = Clock.now()
  if (visible.get()) watch = Clock.every(500, look)
})
