/**
 * Frames that are almost what a venue sends, read twice: from their bytes, and through `JSON.parse`. The law: the same is
 * told in the same order, whether by the scan or by falling back; never another value, never twice, never a throw.
 */
import { isDeepStrictEqual } from "node:util"
import type { SocketVenue } from "@tidewire/core"
import { damaged } from "./damage.ts"
import { type Random, seeded } from "./random.ts"
import type { Target } from "./targets.ts"
import { variant } from "./variants.ts"

export interface FuzzResult {
  readonly frames: number
  /** Frames with market data that were read from their bytes, that fell back, and that had none. */
  readonly scanned: number
  readonly fellBack: number
  readonly without: number
  /** The first few frames about which the two do not agree. */
  readonly disagreements: ReadonlyArray<string>
}

const MOST_DISAGREEMENTS = 5

const RECEIVED = 1_790_000_000_500.125

/** What a decoder tells of a frame. */
interface Told {
  readonly told: Array<readonly [kind: string, what: unknown]>
  fallbacks: number
  data: number
}

const read = (decode: SocketVenue.Decode, frame: Uint8Array): Told => {
  const all: Told = { told: [], fallbacks: 0, data: 0 }
  const data = (kind: string) => (what: unknown) => {
    all.data++
    all.told.push([kind, what])
  }
  const other = (kind: string) => (what?: unknown) => void all.told.push([kind, what])
  try {
    decode(frame, RECEIVED, {
      event: data("event"),
      delta: data("delta"),
      snapshot: data("snapshot"),
      acknowledged: other("acknowledged"),
      rejected: other("rejected"),
      shutdownNotice: other("shutdown notice"),
      ignored: other("ignored"),
      unknown: other("unknown"),
      malformed: other("malformed"),
      inexact: other("inexact"),
      fallback: () => void all.fallbacks++
    })
  } catch (error) {
    all.told.push(["thrown", error])
  }
  return all
}

/** A frame in a chunk that goes on after it as if the frame did, most of all where it was cut off: nobody may look there. */
const within = (frame: Uint8Array, whole: Uint8Array, random: Random): Uint8Array => {
  const after = random.pick(['0"}}', '",', "}", "]}}", "5", '":1}'])
  const rest = random.chance(0.5) ? whole.subarray(frame.length) : Buffer.from(after)
  const chunk = Buffer.concat([Buffer.from("1,"), frame, rest, Buffer.alloc(100, after)])
  return chunk.subarray(2, 2 + frame.length)
}

export interface FuzzOptions {
  readonly targets: ReadonlyArray<Target>
  readonly frames: number
  readonly seed: number
}

export const run = ({ frames, seed, targets }: FuzzOptions): FuzzResult => {
  const random = seeded(seed)
  const counts = { scanned: 0, fellBack: 0, without: 0 }
  const disagreements: Array<string> = []
  const prepared = targets.map((target) => ({
    ...target,
    seeds: target.frames.map((text) => ({ bytes: Buffer.from(text), value: JSON.parse(text) as unknown }))
  }))
  for (let round = 0; round < frames && disagreements.length < MOST_DISAGREEMENTS; round++) {
    const { decode, name, reference, seeds } = prepared[round % prepared.length]!
    const { bytes, value } = random.pick(seeds)
    const whole = random.chance(0.3) ? bytes : Buffer.from(variant(value, random))
    const frame = within(random.chance(0.5) ? damaged(whole, random) : whole, whole, random)
    const found = read(decode, frame)
    const expected = read(reference, frame)
    const isTwice = found.fallbacks > 1 || expected.fallbacks > 0
    const isThrown = expected.told.some(([kind]) => kind === "thrown")
    if (isTwice || isThrown || !isDeepStrictEqual(found.told, expected.told)) {
      const text = Buffer.from(frame).toString("utf8")
      disagreements.push(
        `${name}, seed ${seed}, round ${round}: ${text}\n  ${JSON.stringify(found)}\n  is not ${JSON.stringify(expected)}`
      )
    }
    if (expected.data === 0) counts.without++
    else counts[found.fallbacks > 0 ? "fellBack" : "scanned"]++
  }
  return { frames, ...counts, disagreements }
}
