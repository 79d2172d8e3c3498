/**
 * The decoder and the schemas agree: on every recorded frame, on one example of each kind, and on thousands of frames
 * that were made wrong on purpose.
 */
import { isDeepStrictEqual } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as examples from "./support/examples.ts"
import { type MarketId, type Outcome, outcomes } from "./support/outcomes.ts"
import { mutate, random } from "./support/mutations.ts"
import * as recordings from "./support/recordings.ts"
import { type Reference, reference } from "./support/reference.ts"

const isData = (outcome: Outcome) => typeof outcome === "object" && ("event" in outcome || "delta" in outcome)

const inexactTexts = (outcome: Outcome): number => {
  if (typeof outcome !== "object") return 0
  const data = "event" in outcome ? outcome.event : "delta" in outcome ? outcome.delta : undefined
  return Object.keys(data?.exact ?? {}).length
}

/** Whether the decoder's conclusion about one row is what the reference says of it. */
const agrees = (outcome: Outcome, expected: Reference): boolean => {
  switch (expected._tag) {
    case "Data":
      return isDeepStrictEqual(outcome, expected.told)
    case "Refused":
      return typeof outcome === "object" && ("malformed" in outcome || "unknown" in outcome)
    case "None":
      return !isData(outcome)
  }
}

/** What is wrong with the decoder's account of a frame, if anything. */
const disagreement = (market: MarketId, frame: string): string | undefined => {
  const told = outcomes(market, frame)
  const conclusions = told.filter((each) => each !== "inexact")
  const expected = reference(market, frame)
  const agreed =
    conclusions.length === expected.length &&
    conclusions.every((outcome, index) => agrees(outcome, expected[index]!)) &&
    told.length - conclusions.length === conclusions.reduce((sum, outcome) => sum + inexactTexts(outcome), 0)
  return agreed ? undefined : `${frame}: ${JSON.stringify(told)} is not ${JSON.stringify(expected)}`
}

/** How the frames ended, and the first few disagreements. */
const survey = (market: MarketId, frames: Iterable<string>) => {
  const ends: Record<string, number> = {}
  const disagreements: Array<string> = []
  for (const frame of frames) {
    for (const outcome of outcomes(market, frame)) {
      const name =
        typeof outcome === "string" ? outcome : "event" in outcome ? outcome.event.type : Object.keys(outcome)[0]!
      ends[name] = (ends[name] ?? 0) + 1
    }
    const found = disagreement(market, frame)
    if (found !== undefined && disagreements.length < 5) disagreements.push(found)
  }
  return { ends, disagreements }
}

describe("decoder and schemas agree", () => {
  it.skipIf(recordings.missing(recordings.spot))("on every recorded frame of spot", () => {
    expect(survey("binance", recordings.frames(recordings.spot))).toEqual({
      ends: { trade: 9757, quote: 28040, delta: 3451, unknown: 1 },
      disagreements: []
    })
  })

  it.skipIf(recordings.missing(recordings.usdm))(
    "on every recorded frame of USDⓈ-M, whose undocumented trades are unknown",
    () => {
      expect(survey("binance-usdm", recordings.frames(recordings.usdm))).toEqual({
        ends: { quote: 66089, delta: 6551, unknown: 21313 + 1 },
        disagreements: []
      })
    }
  )

  it.skipIf(recordings.missing(recordings.bars))("on every recorded bar, after their acknowledgements", () => {
    expect(survey("binance-usdm", recordings.lines(recordings.bars))).toEqual({
      ends: { acknowledged: 4, bar: 106 },
      disagreements: []
    })
  })

  it("on an example of every kind, combined and raw", () => {
    const frames = examples.streams.map(([market, stream, data]) => [market, JSON.stringify({ stream, data })] as const)
    const raw = examples.streams.map(([market, , data]) => [market, JSON.stringify(data)] as const)
    const found = [...frames, ...raw].map(([market, frame]) => disagreement(market, frame))
    expect(found.filter((each) => each !== undefined)).toEqual([])
    expect(frames.flatMap(([market, frame]) => outcomes(market, frame)).filter((each) => !isData(each))).toEqual([])
  })

  it("on 60 000 frames made from the examples by seeded mutations", () => {
    const next = random(20_261_121)
    const found: Array<string> = []
    const kept = { data: 0, refused: 0 }
    for (let round = 0; round < 60_000; round++) {
      const [market, stream, data] = examples.streams[round % examples.streams.length]!
      const frame = mutate(JSON.stringify(round % 5 === 0 ? data : { stream, data }), next)
      const wrong = disagreement(market, frame)
      if (wrong !== undefined && found.length < 5) found.push(wrong)
      if (outcomes(market, frame).some(isData)) kept.data++
      else kept.refused++
    }
    expect(found).toEqual([])
    // both ends were reached often enough to mean something
    expect(Math.min(kept.data, kept.refused)).toBeGreaterThan(10_000)
  })

  it.skipIf(recordings.missing(recordings.spot, recordings.usdm))(
    "on 40 000 frames made from the recordings by seeded mutations",
    () => {
      const next = random(8)
      const found: Array<string> = []
      for (const [market, file] of [
        ["binance", recordings.spot],
        ["binance-usdm", recordings.usdm]
      ] as const) {
        const frames = recordings.frames(file).filter((frame) => frame.length < 3000)
        for (let round = 0; round < 20_000; round++) {
          const frame = mutate(frames[Math.floor(next() * frames.length)]!, next)
          const wrong = disagreement(market, frame)
          if (wrong !== undefined && found.length < 5) found.push(wrong)
        }
      }
      expect(found).toEqual([])
    }
  )

  it("never throws, whatever the text", () => {
    const next = random(42)
    const texts = [
      "",
      "null",
      "0",
      '"x"',
      "[]",
      "[[]]",
      "{}",
      '{"e":{}}',
      "[".repeat(100_000),
      '{"data":1,"stream":""}'
    ]
    const nested = `{"e":"trade","s":"A","t":${"[".repeat(100_000)}${"]".repeat(100_000)}}`
    const digits = JSON.stringify({ ...examples.spotTrade, p: `${"1".repeat(200_000)}x` })
    const noise = Array.from({ length: 5000 }, () =>
      String.fromCharCode(...Array.from({ length: 40 }, () => Math.floor(next() * 128)))
    )
    const told = [...texts, nested, digits, ...noise].flatMap((text) => [
      ...outcomes("binance", text),
      ...outcomes("binance-usdm", text)
    ])
    expect(told.filter(isData)).toEqual([])
    expect(told.length).toBe(2 * (texts.length + 2 + noise.length))
  })
})
