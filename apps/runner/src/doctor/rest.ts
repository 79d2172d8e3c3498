/**
 * The venue's REST: whether it answers, how fast, how far its clock is from ours, how much of the budget is gone. Asks for the
 * time a few times, which is the cheapest request there is.
 */
import type { Checkup, VenueError } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { median, ms } from "./Checks.ts"
import { ok, problem, type Verdict, warning } from "./Finding.ts"
import * as Reasons from "./reasons.ts"

const ASKED = 5

/** A request that takes longer is felt in every repair and every order over REST. */
const SLOW_MS = 1_000

/** The part of what a signed request may be off by that is worth a word. */
const SHARE = 0.25

/** Of what we use ourselves, which is less than the venue allows. */
const NEARLY_USED = 0.8

interface Sample {
  readonly tripMs: number
  /** How far the venue's clock is ahead of ours. */
  readonly aheadMs: number
}

const sample = ({ serverTime }: Checkup.Checkup): Effect.Effect<Sample, VenueError.VenueError> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    let sentMs = clock.currentTimeMillisUnsafe()
    let sentNs = clock.currentTimeNanosUnsafe()
    const theirs = yield* serverTime(() => {
      sentMs = clock.currentTimeMillisUnsafe()
      sentNs = clock.currentTimeNanosUnsafe()
    })
    const tripMs = Number(clock.currentTimeNanosUnsafe() - sentNs) / 1e6
    return { tripMs, aheadMs: theirs - (sentMs + tripMs / 2) }
  })

export interface Rest {
  readonly answers: boolean
  readonly latency: ReadonlyArray<Verdict>
  readonly clock: ReadonlyArray<Verdict>
  readonly budget: ReadonlyArray<Verdict>
}

export const look = (checkup: Checkup.Checkup, proxy: string | undefined): Effect.Effect<Rest> =>
  Effect.gen(function* () {
    const samples: Array<Sample> = []
    for (let each = 0; each < ASKED; each++) {
      const read = yield* Effect.result(sample(checkup))
      if (Result.isFailure(read)) {
        const latency = [Reasons.verdict(read.failure, proxy)]
        return { answers: false, latency, clock: [], budget: yield* budget(checkup) }
      }
      samples.push(read.success)
    }
    return {
      answers: true,
      latency: [latency(samples)],
      clock: [skew(samples, checkup)],
      budget: yield* budget(checkup)
    }
  })

const latency = (samples: ReadonlyArray<Sample>): Verdict => {
  const times = samples.map(({ tripMs }) => tripMs)
  const time = median(times)
  const found = `answers in ${ms(time)} (median of ${samples.length}, ${ms(Math.min(...times))} to ${ms(Math.max(...times))})`
  return time > SLOW_MS
    ? warning(found, "run nearer to the venue; look whether the machine or the network is busy")
    : ok(found)
}

/** Of the quickest answer, which says it best: off by half of its way at the most. */
const skew = (samples: ReadonlyArray<Sample>, { stamps }: Checkup.Checkup): Verdict => {
  const { aheadMs, tripMs } = samples.reduce((best, each) => (each.tripMs < best.tripMs ? each : best))
  // a clock of ours that is behind stamps requests into the venue's past
  const allowed = aheadMs > 0 ? stamps.behindMs : stamps.aheadMs
  const by = Math.abs(aheadMs)
  const off = `the venue's clock is ${by.toFixed(0)} ms ${aheadMs > 0 ? "ahead of" : "behind"} ours (±${Math.ceil(tripMs / 2)})`
  const found = `${off}; stamps may be ${stamps.behindMs} ms old and ${stamps.aheadMs} ms ahead`
  if (by - tripMs / 2 > allowed) {
    return problem(
      found,
      "set this machine's clock (chrony, NTP): requests are stamped right all the same, but ages, delays and stored times are wrong"
    )
  }
  return by - tripMs / 2 > allowed * SHARE
    ? warning(found, "keep this machine's clock in step (chrony, NTP)")
    : ok(found)
}

const budget = ({
  budget: state,
  limits: { connections, dials }
}: Checkup.Checkup): Effect.Effect<ReadonlyArray<Verdict>> =>
  Effect.gen(function* () {
    const { restingUntilMs, usable, used } = yield* state
    const now = yield* Clock.currentTimeMillis
    const window = Duration.format(Duration.fromInputUnsafe(dials.window))
    const atOnce = connections === undefined ? "" : `, ${connections} at once`
    const found = `${used} of the ${usable} that are used at most of a window are gone; the venue takes ${dials.attempts} dials in ${window}${atOnce}`
    if (restingUntilMs !== undefined && restingUntilMs > now) {
      const seconds = Math.ceil((restingUntilMs - now) / 1_000)
      return [
        problem(
          `${found}; the venue wants no requests for ${seconds} s`,
          "wait; look for other programs on this address, which share the limits"
        )
      ]
    }
    const isNear = used > usable * NEARLY_USED
    return [isNear ? warning(found, "other programs on this address ask as well: the limits are shared") : ok(found)]
  })
