/**
 * The browser's time and chance: the only file that asks for them, since nothing of Effect is in the page. Times are epoch ms,
 * spans are ms.
 */
export type Cancel = () => void

export const now = (): number => Date.now()

export const after = (ms: number, run: () => void): Cancel => {
  const id = setTimeout(run, ms)
  return () => clearTimeout(id)
}

export const every = (ms: number, run: () => void): Cancel => {
  const id = setInterval(run, ms)
  return () => clearInterval(id)
}

/** `base · 2^(n-1)` up to `most`, half of it by chance, so that many pages do not come back at the same moment. */
export const backoff = (attempt: number, base: number, most: number): number => {
  const whole = Math.min(most, base * 2 ** Math.min(attempt - 1, 16))
  return whole / 2 + (Math.random() * whole) / 2
}
