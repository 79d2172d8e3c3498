/** How much one address may ask of one host. */

export interface Refused {
  readonly ok: false
  readonly used: number
  readonly status: number
  readonly retryAfterS: number
  /** Epoch milliseconds. */
  readonly until: number
}

export type Verdict = { readonly ok: true; readonly used: number } | Refused

export interface RateLimitStats {
  /** Length of a window, scaled. */
  readonly windowMs: number
  /** The windows in which something was asked, oldest first, the last thousand. */
  readonly windows: ReadonlyArray<{ readonly startedAt: number; readonly weight: number }>
  /** The largest weight of any window since the start, of those forgotten too. */
  readonly peakWeight: number
  /** How often the weight was the reason to refuse. */
  readonly limited: number
  /** How often a ban was the reason to refuse. */
  readonly banned: number
}

export interface RateLimit {
  /** Charges a request and says whether it may pass. Failed requests cost their weight too. */
  readonly charge: (weight: number) => Verdict
  /** Of the window of this moment. */
  readonly used: () => number
  readonly stats: () => RateLimitStats
}
