/** Recordings for tests: a folder of their own, entries in and out. */
import * as path from "node:path"
import * as Effect from "effect/Effect"
import * as SegmentFiles from "../../src/record/SegmentFiles.ts"
import { type Entry, type Header, Kind } from "../../src/record/Tape.ts"
import * as TapeReader from "../../src/record/TapeReader.ts"
import * as TapeWriter from "../../src/record/TapeWriter.ts"

export const header: Omit<Header, "segment"> = {
  format: 1,
  startedAt: 1_000,
  seed: 7,
  version: "0.0.0",
  runtime: "test",
  folder: "/",
  configuration: { venues: [] }
}

export interface Written {
  readonly kind: Kind
  readonly time: number
  readonly connection: number
  readonly payload: string | Uint8Array
  readonly flags: number
}

export const options = (folder: string): TapeWriter.TapeOptions => ({
  folder,
  header,
  segmentBytes: 1_000_000_000,
  maxBytes: Infinity,
  now: () => 1_000
})

/** Each batch becomes a block of its own. */
export const write = async (
  folder: string,
  batches: ReadonlyArray<ReadonlyArray<Written>>,
  over: Partial<TapeWriter.TapeOptions> = {}
): Promise<TapeWriter.TapeCounts> => {
  SegmentFiles.prepare(folder)
  return Effect.gen(function* () {
    const tape = yield* TapeWriter.make({ ...options(folder), ...over })
    for (const batch of batches) {
      const before = tape.counts().rawBytes
      for (const { connection, flags, kind, payload, time } of batch) tape.add(kind, flags, time, connection, payload)
      yield* Effect.yieldNow.pipe(Effect.repeat({ until: () => tape.counts().rawBytes > before }))
    }
    return tape.counts
  }).pipe(
    Effect.scoped,
    Effect.map((counts) => counts()),
    Effect.runPromise
  )
}

export const frame = (time: number, payload: string | Uint8Array): Written => ({
  kind: Kind.frame,
  time,
  connection: 1,
  payload,
  flags: 0
})

/** What is in a recording beside headers, and what of it is damaged. */
export const read = (source: string, over: TapeReader.ReadOptions = {}) => {
  const damages: Array<TapeReader.Damage> = []
  const entries: Array<Entry> = []
  for (const entry of TapeReader.read(source, { ...over, damaged: (damage) => damages.push(damage) })) {
    // a payload is a view of memory that is used again
    if (entry.kind !== Kind.header) entries.push({ ...entry, payload: new Uint8Array(entry.payload) })
  }
  return { entries, damages: damages.map(({ what }) => what), texts: entries.map((each) => text(each)) }
}

export const text = ({ payload }: Entry): string => new TextDecoder().decode(payload)

export const file = (folder: string, segment = 1): string => path.join(folder, SegmentFiles.nameOf(segment))
