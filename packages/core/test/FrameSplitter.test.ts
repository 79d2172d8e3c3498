/** The reference is the reader of `ws` itself: with or without a splitter before it, the same must be told. */
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import type { Writable } from "node:stream"
import { setImmediate } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import { FrameSplitter } from "../src/FrameSplitter.ts"
import { type Random, seeded } from "./random.ts"
import { endings, frame, joined, ping, pong, text } from "./wireFrames.ts"

const MAX_PAYLOAD = 100_000

interface ReceiverOptions {
  readonly maxPayload: number
  readonly skipUTF8Validation: boolean
}

// by its path, because a runtime may have a `ws` of its own
const require = createRequire(import.meta.url)
const Receiver = require(join(dirname(require.resolve("ws/package.json")), "lib", "receiver.js")) as new (
  options: ReceiverOptions
) => Writable

const decoder = new TextDecoder()
const show = (bytes: Uint8Array): string => (bytes.length > 200 ? `${bytes.length} bytes` : decoder.decode(bytes))

/** The reader of `ws`, read as `ws` does: until it concludes or fails. */
const reader = (told: Array<string>) => {
  const receiver = new Receiver({ maxPayload: MAX_PAYLOAD, skipUTF8Validation: true })
  let isOver = false
  receiver.on("message", (bytes: Uint8Array, isBinary: boolean) =>
    told.push(`${isBinary ? "binary" : "text"} ${show(bytes)}`)
  )
  receiver.on("ping", (bytes: Uint8Array) => told.push(`ping ${show(bytes)}`))
  receiver.on("pong", (bytes: Uint8Array) => told.push(`pong ${show(bytes)}`))
  receiver.on("error", (error: Error) => told.push(`error ${error.message}`))
  receiver.on("conclude", (code: number, reason: Uint8Array) => {
    isOver = true
    told.push(`close ${code} ${show(reason)}`)
  })
  return (bytes: Uint8Array): void => {
    if (!isOver && receiver.errored === null && bytes.length > 0) receiver.write(bytes)
  }
}

const toldByWs = async (chunks: ReadonlyArray<Uint8Array>): Promise<ReadonlyArray<string>> => {
  const told: Array<string> = []
  const read = reader(told)
  for (const chunk of chunks) read(chunk)
  await setImmediate()
  return told
}

/** The same with a splitter before it; `taken` are the texts that `ws` had nothing to do with. */
const toldBySplitter = async (chunks: ReadonlyArray<Uint8Array>) => {
  const told: Array<string> = []
  const read = reader(told)
  let taken = 0
  let isOver = false
  const splitter = new FrameSplitter({
    maxPayload: MAX_PAYLOAD,
    text: (payload) => {
      taken++
      told.push(`text ${show(payload)}`)
    },
    pass: read
  })
  for (const chunk of chunks) {
    if (isOver) {
      read(chunk)
      continue
    }
    const rest = splitter.push(chunk)
    if (rest === undefined) continue
    isOver = true
    read(rest)
  }
  await setImmediate()
  return { told, taken, isOver }
}

const cut = (bytes: Uint8Array, random: Random): ReadonlyArray<Uint8Array> => {
  // in no more than about a thousand chunks
  const longest = Math.max(random.pick([1, 3, 20, 1_000, 65_536]), Math.ceil(bytes.length / 500))
  const chunks: Array<Uint8Array> = []
  for (let at = 0; at < bytes.length;) {
    const size = 1 + random.below(longest)
    // the memory of a chunk is another's afterwards, as that of a runtime may be
    chunks.push(bytes.slice(at, at + size))
    at += size
  }
  return chunks
}

const LENGTHS = [0, 1, 100, 125, 126, 127, 128, 4_095, 4_096, 65_535, 65_536, MAX_PAYLOAD]

const someText = (random: Random): string =>
  random.chance(0.9) ? `frame ${random.below(1_000)}` : "x".repeat(random.pick(LENGTHS))

const rightFrame = (random: Random): Uint8Array => {
  const control = () => random.pick([ping(), ping("a".repeat(125)), pong("b")])
  if (random.chance(0.7)) return text(someText(random))
  switch (random.below(4)) {
    case 0:
      return control()
    case 1:
      return frame({ first: 0x82, payload: someText(random) })
    case 2:
      return frame({ first: 0x81, payload: "long for its length", lengthIn: random.pick([2, 8]) })
    default: {
      const between = () => (random.chance(0.3) ? [control()] : [])
      const middle = Array.from({ length: random.below(4) }, () => frame({ first: 0x00, payload: someText(random) }))
      return joined([
        frame({ first: random.pick([0x01, 0x02]), payload: "first " }),
        ...middle.flatMap((each) => [...between(), each]),
        ...between(),
        frame({ first: 0x80, payload: " last" })
      ])
    }
  }
}

describe("FrameSplitter", () => {
  for (const [name, ending] of Object.entries({ "what goes on": new Uint8Array(), ...endings(MAX_PAYLOAD) })) {
    it(`tells what ws tells, of frames cut in any way: ${name}`, async () => {
      for (let seed = 1; seed <= 60; seed++) {
        const random = seeded(seed)
        const before = Array.from({ length: random.below(12) }, () => rightFrame(random))
        const after = Array.from({ length: random.below(3) }, () => rightFrame(random))
        const chunks = cut(joined([...before, ending, ...after]), random)
        const { told } = await toldBySplitter(chunks)
        assert.deepStrictEqual([seed, told], [seed, await toldByWs(chunks)])
      }
    })
  }

  it("tells what ws tells of bytes that are no frames at all", async () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = seeded(seed)
      const bytes = Uint8Array.from({ length: 1 + random.below(40) }, () =>
        random.pick([0, 1, 2, 5, 125, 126, 127, 0x80, 0x81, 0x82, 0x88, 0x89, 0x8a, 0xc1, random.below(256)])
      )
      const chunks = cut(joined([text("before"), bytes]), random)
      const { told } = await toldBySplitter(chunks)
      assert.deepStrictEqual([seed, told], [seed, await toldByWs(chunks)])
    }
  })

  it("takes every text frame itself, before and after anything that does not end the connection", async () => {
    const fragments = [frame({ first: 0x01, payload: "in " }), ping("p"), frame({ first: 0x80, payload: "two" })]
    const stream = [text("a"), ping("p"), text("b"), ...fragments, text("c"), frame({ first: 0x82 }), text("d")]
    const { isOver, taken, told } = await toldBySplitter([joined(stream)])
    assert.deepStrictEqual(
      [taken, isOver, told],
      [4, false, ["text a", "ping p", "text b", "ping p", "text in two", "text c", "binary ", "text d"]]
    )
  })

  it("leaves a message of very many fragments, and all that comes after, to ws", async () => {
    const middle = Array.from({ length: 1_500 }, () => frame({ first: 0x00, payload: "-" }))
    const stream = [text("a"), frame({ first: 0x01 }), ...middle, frame({ first: 0x80 }), text("b")]
    const { isOver, taken, told } = await toldBySplitter([joined(stream)])
    assert.deepStrictEqual([taken, isOver, told], [1, true, ["text a", "text 1500 bytes", "text b"]])
  })

  it("takes nothing more once it was ended, be it by what it told, and gives back what it kept", () => {
    const told: Array<string> = []
    const splitter = new FrameSplitter({
      maxPayload: MAX_PAYLOAD,
      text: (payload) => {
        told.push(show(payload))
        if (told.length === 2) splitter.end()
      },
      pass: () => {}
    })
    const last = text("three")
    const rest = splitter.push(joined([text("one"), text("two"), last]))
    const half = new FrameSplitter({ maxPayload: MAX_PAYLOAD, text: () => {}, pass: () => {} })
    half.push(last.subarray(0, 3))
    assert.deepStrictEqual(
      [told, rest && [...rest], [...half.end()]],
      [["one", "two"], [...last], [...last.subarray(0, 3)]]
    )
  })

  it("takes no memory for bytes that have not come", () => {
    const before = process.memoryUsage().arrayBuffers
    const claim = frame({ first: 0x81, lengthIn: 8, claims: 2 ** 25 })
    const splitters = Array.from({ length: 100 }, () => {
      const splitter = new FrameSplitter({ maxPayload: 2 ** 26, text: () => {}, pass: () => {} })
      splitter.push(claim)
      return splitter
    })
    assert.isBelow(process.memoryUsage().arrayBuffers - before, 2 ** 24)
    assert.lengthOf(splitters, 100)
  })
})
