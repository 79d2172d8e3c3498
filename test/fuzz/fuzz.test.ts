/**
 * Frames read from their bytes are what `JSON.parse` and the readers make of them, or fall back. The same for millions of
 * frames: `pnpm fuzz`.
 */
import { Scanner } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import { run } from "./run.ts"
import * as targets from "./targets.ts"

const FRAMES = 50_000

type Method = "decimal" | "integer" | "skip" | "isAtEnd" | "choice" | "levels"

/** What a method does instead; `read` is what it does. */
type Instead = (scanner: Scanner.Scanner, read: () => unknown) => unknown

/** Ways to read that are wrong, each in its own way. */
const broken: ReadonlyArray<readonly [name: string, method: Method, instead: Instead]> = [
  ["a decimal that loses digits", "decimal", (_, read) => Math.fround(read() as number)],
  ["an integer that is one more than it is", "integer", (_, read) => (read() as number) + 1],
  [
    "a text that is passed over without a look at its escapes",
    "skip",
    (scanner, read) => {
      const place = scanner.place()
      read()
      if (scanner.isPlain) return
      scanner.isPlain = true
      scanner.goTo(place)
      scanner.string()
    }
  ],
  ["a frame that may go on after its end", "isAtEnd", () => true],
  ["the first of several texts, whatever is there", "choice", (_, read) => (read(), 0)],
  ["levels in the order in which they came", "levels", (_, read) => (read() as ReadonlyArray<unknown>).toReversed()]
]

const inherited = (prototype: object, method: Method): PropertyDescriptor => {
  const parent: object = Object.getPrototypeOf(prototype)
  return Object.getOwnPropertyDescriptor(parent, method) ?? inherited(parent, method)
}

/** Puts another method in the place of one, and gives the way back. */
const exchange = (method: Method, instead: Instead): (() => void) => {
  const { prototype } = Scanner.Scanner
  const own = Object.getOwnPropertyDescriptor(prototype, method)
  const descriptor = own ?? inherited(prototype, method)
  const original = descriptor.value as (this: Scanner.Scanner, ...given: Array<unknown>) => unknown
  Object.defineProperty(prototype, method, {
    ...descriptor,
    value(this: Scanner.Scanner, ...given: Array<unknown>) {
      return instead(this, () => original.apply(this, given))
    }
  })
  return () => void (own === undefined ? delete prototype[method] : Object.defineProperty(prototype, method, own))
}

describe("frames read from bytes", () => {
  it("are told as through JSON.parse, or fall back, however they were changed or damaged", { timeout: 120_000 }, () => {
    const { disagreements, fellBack, scanned, without } = run({
      targets: targets.make(),
      frames: FRAMES,
      seed: 20_261_121
    })
    expect(disagreements).toEqual([])
    // all three ends were reached often enough to mean something
    expect(Math.min(scanned, fellBack, without)).toBeGreaterThan(FRAMES / 50)
  })

  it("are none of them fallbacks as the venues send them", () => {
    for (const { decode, frames, name } of targets.make()) {
      const fallbacks: Array<string> = []
      const nothing = () => {}
      // documentation prints its frames with spaces
      for (const frame of frames.filter((each) => !/^\{\s/.test(each))) {
        decode(Buffer.from(frame), 1, {
          event: nothing,
          delta: nothing,
          snapshot: nothing,
          acknowledged: nothing,
          rejected: nothing,
          shutdownNotice: nothing,
          ignored: nothing,
          unknown: nothing,
          malformed: nothing,
          inexact: nothing,
          fallback: () => void fallbacks.push(frame)
        })
      }
      expect([name, fallbacks]).toEqual([name, []])
    }
  })

  it("are not what they should be when they are told twice, and this is found", () => {
    const twice = targets.make().map((target): targets.Target => ({
      ...target,
      decode: (frame, receivedTime, sink) => {
        target.decode(frame, receivedTime, sink)
        target.decode(frame, receivedTime, sink)
      }
    }))
    expect(run({ targets: twice, frames: 100, seed: 1 }).disagreements.length).toBeGreaterThan(0)
  })

  for (const [name, method, instead] of broken) {
    it(`are not what they should be with ${name}, and this is found`, () => {
      const restore = exchange(method, instead)
      try {
        const { disagreements } = run({ targets: targets.make(), frames: 20_000, seed: 1 })
        expect(disagreements.length).toBeGreaterThan(0)
      } finally {
        restore()
      }
    })
  }
})
