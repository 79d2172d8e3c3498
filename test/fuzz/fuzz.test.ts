/**
 * Frames read from their bytes are what `JSON.parse` and the readers make of them, or fall back. The same for millions of
 * frames: `pnpm fuzz`.
 */
import { Scanner } from "@tidewire/core"
import { afterEach, describe, expect, it } from "vitest"
import { run } from "./run.ts"
import * as targets from "./targets.ts"

const FRAMES = 50_000

const plain = Scanner.Scanner.prototype

/** Ways to read that are wrong, each in its own way. */
const broken: Readonly<Record<string, Partial<Scanner.Scanner>>> = {
  "a decimal that loses digits": {
    decimal(this: Scanner.Scanner) {
      return Math.fround(original.decimal.call(this))
    }
  },
  "an integer of any length": {
    integer(this: Scanner.Scanner) {
      const value = original.integer.call(this)
      return value > 5e12 ? value - 1 : value
    }
  },
  "a text that is passed over without a look at its escapes": {
    skip(this: Scanner.Scanner) {
      const place = this.place()
      original.skip.call(this)
      if (this.isPlain) return
      this.isPlain = true
      this.goTo(place)
      this.string()
    }
  },
  "a frame that may go on after its end": {
    isAtEnd: () => true
  },
  "the first of several texts, whatever is there": {
    choice(this: Scanner.Scanner, options: ReadonlyArray<Uint8Array>) {
      original.choice.call(this, options)
      return 0
    }
  },
  "levels in the order in which they came": {
    levels(this: Scanner.Scanner, side: "bids" | "asks") {
      return original.levels.call(this, side).toReversed()
    }
  }
}

const original = {
  decimal: plain.decimal,
  integer: plain.integer,
  skip: plain.skip,
  isAtEnd: plain.isAtEnd,
  choice: plain.choice,
  levels: plain.levels
}

describe("frames read from bytes", () => {
  afterEach(() => void Object.assign(plain, original))

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

  for (const [name, methods] of Object.entries(broken)) {
    it(`are not what they should be with ${name}, and this is found`, () => {
      Object.assign(plain, methods)
      const { disagreements } = run({ targets: targets.make(), frames: 20_000, seed: 1 })
      expect(disagreements.length).toBeGreaterThan(0)
    })
  }
})
