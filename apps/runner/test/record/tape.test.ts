import * as fs from "node:fs"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Block from "../../src/record/Block.ts"
import { BEGINS_LOOP, BEGINS_TURN, IS_BINARY } from "../../src/record/EntryWriter.ts"
import * as SegmentFiles from "../../src/record/SegmentFiles.ts"
import { Kind, type Lost, value } from "../../src/record/Tape.ts"
import * as TapeReader from "../../src/record/TapeReader.ts"
import * as TapeWriter from "../../src/record/TapeWriter.ts"
import { folder } from "../tidewire.ts"
import { file, frame, header, options, read, write, type Written } from "./recordings.ts"

/** Three blocks of two frames. */
const BATCHES = [
  [frame(1_000.001, "a"), frame(1_000.5, "b")],
  [frame(1_001, "c"), frame(1_001, "d")],
  [frame(1_002, "e"), frame(1_003, "f")]
]

/** Where each block of a file begins, and where the file ends. */
const offsets = (bytes: Buffer): ReadonlyArray<number> => {
  const found: Array<number> = []
  let at = Block.FILE_MAGIC.length
  for (; at < bytes.length; at += Block.HEAD_BYTES + Block.read(bytes.subarray(at))!.bodyBytes) found.push(at)
  return [...found, at]
}

describe("a recording", () => {
  it("gives back what was written: kinds, times to the microsecond, turns, texts and bytes", async () => {
    using made = folder({})
    const written: ReadonlyArray<Written> = [
      { kind: Kind.dial, time: 1_795_303_290_141.829, connection: 1, payload: "{}", flags: BEGINS_TURN },
      { kind: Kind.frame, time: 1_795_303_290_141.83, connection: 300, payload: "ü€😀", flags: 0 },
      // before the one that was told first
      { kind: Kind.frame, time: 1_795_303_290_100.001, connection: 70_000, payload: "", flags: BEGINS_LOOP },
      {
        kind: Kind.frame,
        time: 1_795_303_999_999.999,
        connection: 1,
        payload: new Uint8Array([0, 255, 128]),
        flags: IS_BINARY | BEGINS_TURN
      },
      { kind: Kind.frame, time: 1_795_303_999_999.999, connection: 1, payload: "x".repeat(300_000), flags: 0 }
    ]
    await write(made.path, [written])
    const { damages, entries } = read(made.path)
    assert.deepStrictEqual(damages, [])
    assert.deepStrictEqual(
      entries,
      written.map(({ connection, flags, kind, payload, time }) => ({
        kind,
        time,
        connection,
        payload: typeof payload === "string" ? new TextEncoder().encode(payload) : payload,
        isText: (flags & IS_BINARY) === 0,
        beginsTurn: (flags & BEGINS_TURN) !== 0,
        beginsLoop: (flags & BEGINS_LOOP) !== 0
      }))
    )
    assert.deepStrictEqual(TapeReader.header(made.path), { ...header, segment: 1 })
  })

  it("cut off anywhere, gives all whole blocks and tells of the torn tail", async () => {
    using made = folder({})
    await write(made.path, BATCHES)
    const bytes = fs.readFileSync(file(made.path))
    const [, ...starts] = offsets(bytes)
    for (let length = starts[0]!; length <= bytes.length; length++) {
      fs.writeFileSync(file(made.path), bytes.subarray(0, length))
      const whole = starts.filter((start) => start <= length).length - 1
      const isTorn = !starts.includes(length)
      assert.deepStrictEqual(read(made.path), {
        entries: read(made.path).entries,
        texts: ["a", "b", "c", "d", "e", "f"].slice(0, whole * 2),
        damages: isTorn ? ["torn tail"] : []
      })
    }
  })

  it("with any byte of a block changed, loses that block alone and tells of it", async () => {
    using made = folder({})
    await write(made.path, BATCHES)
    const bytes = fs.readFileSync(file(made.path))
    const [, , second, third] = offsets(bytes)
    for (let at = second!; at < third!; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = changed[at]! ^ 0xff
      fs.writeFileSync(file(made.path), changed)
      const { damages, texts } = read(made.path)
      assert.deepStrictEqual({ damages, texts }, { damages: ["damaged block"], texts: ["a", "b", "e", "f"] }, `${at}`)
    }
  })

  it("goes on in the next file when one is full, and tells of a file that is missing", async () => {
    using made = folder({})
    const { files } = await write(made.path, BATCHES, { segmentBytes: 1 })
    assert.strictEqual(files, 3)
    assert.deepStrictEqual(read(made.path).texts, ["a", "b", "c", "d", "e", "f"])
    fs.rmSync(file(made.path, 2))
    const { damages, texts } = read(made.path)
    assert.deepStrictEqual({ damages, texts }, { damages: ["missing file"], texts: ["a", "b", "e", "f"] })
  })

  it("passes over blocks that end before, and stops at the end that was asked for", async () => {
    using made = folder({})
    await write(made.path, BATCHES)
    assert.deepStrictEqual(read(made.path, { from: 1_001, to: 1_002 }).texts, ["c", "d", "e"])
  })

  it("says why it ends when it is as large as it may be, and keeps what it has", async () => {
    using made = folder({})
    const first = await write(made.path, BATCHES.slice(0, 1))
    using other = folder({})
    const [reason, counts] = await Effect.gen(function* () {
      const tape = yield* TapeWriter.make({ ...options(other.path), maxBytes: first.writtenBytes })
      for (const { payload, time } of BATCHES[0]!) tape.add(Kind.frame, 0, time, 1, payload)
      yield* Effect.yieldNow.pipe(Effect.repeat({ until: () => tape.counts().rawBytes > 0 }))
      tape.add(Kind.frame, 0, 1_002, 1, "c")
      const why = yield* tape.ended
      tape.add(Kind.frame, 0, 1_003, 1, "d")
      return [why, tape.counts()] as const
    }).pipe(Effect.scoped, Effect.runPromise)
    assert.include(reason, `the ${first.writtenBytes} bytes that it may have`)
    assert.strictEqual(counts.lost, 1)
    assert.deepStrictEqual(read(other.path).texts, ["a", "b"])
  })

  it("S-D4 drops what the disk cannot take in time, counts it, and tells it in the recording", async () => {
    using made = folder({})
    const frames = 100
    const payload = "x".repeat(1024 * 1024)
    const counts = await Effect.gen(function* () {
      const tape = yield* TapeWriter.make({ ...options(made.path), codec: "none" })
      // in one turn, so that nothing can be written meanwhile
      for (let index = 0; index < frames; index++) tape.add(Kind.frame, 0, 1_000 + index, 1, payload)
      yield* Effect.yieldNow.pipe(Effect.repeat({ until: () => tape.counts().writtenBytes > payload.length * 10 }))
      tape.add(Kind.frame, 0, 2_000, 1, "after")
      return tape.counts
    }).pipe(
      Effect.scoped,
      Effect.map((read) => read()),
      Effect.runPromise
    )
    const { entries, texts } = read(made.path)
    const lost = entries.filter(({ kind }) => kind === Kind.lost).map((entry) => value<Lost>(entry))
    assert.isAbove(counts.lost, 0)
    assert.deepStrictEqual(lost, [
      { entries: counts.lost, bytes: counts.lost * payload.length, reason: "the disk did not keep up" }
    ])
    assert.strictEqual(texts.filter((each) => each === payload).length, frames - counts.lost)
    assert.strictEqual(texts.at(-1), "after")
  })

  it("is not begun in a folder that has anything in it", () => {
    using made = folder({ "a.txt": "" })
    assert.include(SegmentFiles.prepare(made.path) ?? "", "is not empty")
    assert.isUndefined(SegmentFiles.prepare(path.join(made.path, "new")))
  })
})
