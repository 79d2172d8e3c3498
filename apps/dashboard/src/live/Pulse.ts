/**
 * When what events change is drawn: at most ten times a second, whatever their rate, and in a frame of the browser, so not at
 * all while the page is hidden.
 */
import * as Clock from "./clock.ts"

const LEAST_MS = 100

const waiting = new Set<() => void>()
let isPlanned = false
let drawnAt = 0

/** Calls it once in the next frame that is due, however often it is asked before. */
export const soon = (draw: () => void): void => {
  waiting.add(draw)
  if (isPlanned) return
  isPlanned = true
  Clock.after(Math.max(0, LEAST_MS - (Clock.now() - drawnAt)), () => requestAnimationFrame(drawAll))
}

export const cancel = (draw: () => void): void => void waiting.delete(draw)

const drawAll = (): void => {
  isPlanned = false
  drawnAt = Clock.now()
  const due = [...waiting]
  waiting.clear()
  for (const draw of due) draw()
}
