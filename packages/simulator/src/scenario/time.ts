/** Times of a scenario's text: whole milliseconds written `500ms`, `3s`, `1.5m` or `2h`, at most a day. */

const unitMs = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

const DAY_MS = 86_400_000

export const TIME = "a time such as 500ms, 3s or 1.5m, up to 24h"

/** Milliseconds, or undefined for what is not a time. */
export const parse = (text: string): number | undefined => {
  const [, count, unit] = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)$/.exec(text) ?? []
  if (count === undefined || unit === undefined) return undefined
  // Decimals of a unit are not exact in binary: 1.001 s is 1000.9999999999999 ms.
  const exact = Number(count) * unitMs[unit as keyof typeof unitMs]
  const ms = Math.round(exact)
  return Math.abs(exact - ms) < 1e-6 && ms <= DAY_MS ? ms : undefined
}

export const format = (ms: number): string => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`)
