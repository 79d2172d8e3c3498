/** Spans and moments as they are read. Moments are UTC, as in events and logs. */
import { ABSENT } from "./number.ts"

/** A latency: `0.04 ms`, `3.1 ms`, `120 ms`, `2.4 s`. */
export const latency = (ms: number | undefined): string => {
  if (ms === undefined) return ABSENT
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(1)} s`
  return `${ms.toFixed(ms < 1 ? 2 : ms < 100 ? 1 : 0)} ms`
}

/** A span: `40 ms`, `6 s`, `4 min 10 s`, `3 h 12 min`, `2 d 4 h`. */
export const span = (ms: number | undefined): string => {
  if (ms === undefined) return ABSENT
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`
  const seconds = Math.floor(ms / 1_000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** An age that changes often: below ten seconds with a digit, so that it is seen to move. */
export const age = (ms: number | undefined): string => {
  if (ms === undefined) return ABSENT
  return ms < 10_000 ? `${(Math.max(0, ms) / 1_000).toFixed(1)} s` : span(ms)
}

/** `14:02:11` */
export const clock = (time: number): string => new Date(time).toISOString().slice(11, 19)

/** `14:02:11.204` */
export const clockMs = (time: number): string => new Date(time).toISOString().slice(11, 23)

/** `2026-11-22 14:02:11`; the clock alone where it is of the same day as `now`. */
export const moment = (time: number, now: number): string => {
  const iso = new Date(time).toISOString()
  return iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10)
    ? iso.slice(11, 19)
    : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`
}
