/**
 * The decoder and the schemas agree: on one example of each kind, and on thousands of frames that were made wrong on
 * purpose.
 */
import { isDeepStrictEqual } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import * as examples from "./support/examples.ts"
import { mutate, random } from "./support/mutations.ts"
import { type MarketId, type Outcome, outcomes, session } from "./support/outcomes.ts"
import * as recordings from "./support/recordings.ts"
import { type Reference, reference } from "./support/reference.ts"

const markets: ReadonlyArray<MarketId> = ["bybit", "bybit-linear", "bybit-inverse"]

const isData = (outcome: Outcome) =>
  typeof outcome === "object" && ("event" in outcome || "delta" in outcome || "snapshot" in outcome)

/** Takes the outcomes of one row off the front; false when they are not what the reference says of it. */
const agrees = (told: Array<Outcome>, expected: Reference): boolean => {
  if (typeof expected !== "string") return expected.every((each) => isDeepStrictEqual(told.shift(), each))
  const outcome = told.shift()
  if (outcome === undefined || isData(outcome)) return false
  return expected === "none" || (typeof outcome === "object" && ("malformed" in outcome || "unknown" in outcome))
}

/** What is wrong with the decoder's account of a frame, if anything. */
const disagreement = (market: MarketId, frame: string): string | undefined => {
  const told = outcomes(market, frame)
  const expected = reference(market, frame)
  const conclusions = told.filter((each) => each !== "inexact")
  const agreed = expected.every((each) => agrees(conclusions, each)) && conclusions.length === 0
  return agreed ? undefined : `${market} ${frame}: ${JSON.stringify(told)} is not ${JSON.stringify(expected)}`
}

const texts = examples.frames.map((frame) => JSON.stringify(frame))

describe("decoder and schemas agree", () => {
  it("on an example of every kind, in every market", () => {
    const found = markets.flatMap((market) => texts.map((text) => disagreement(market, text)))
    expect(found.filter((each) => each !== undefined)).toEqual([])
  })

  it.skipIf(recordings.isMissing(recordings.frames))("on every recorded frame, in every market", () => {
    const lines = recordings.lines(recordings.frames)
    const found = markets.flatMap((market) => lines.map((text) => disagreement(market, text)))
    expect([found.length, found.filter((each) => each !== undefined)]).toEqual([90, []])
  })

  it("on 80 000 frames made from the examples by seeded mutations", () => {
    const next = random(20_261_121)
    const found: Array<string> = []
    const kept = { data: 0, refused: 0 }
    for (let round = 0; round < 80_000; round++) {
      const market = markets[round % markets.length]!
      const frame = mutate(texts[Math.floor(next() * texts.length)]!, next)
      const wrong = disagreement(market, frame)
      if (wrong !== undefined && found.length < 5) found.push(wrong)
      if (outcomes(market, frame).some(isData)) kept.data++
      else kept.refused++
    }
    expect(found).toEqual([])
    // both ends were reached often enough to mean something
    expect(Math.min(kept.data, kept.refused)).toBeGreaterThan(10_000)
  })

  it("a ticker that comes in parts is what it would be if it had come whole", () => {
    const next = random(8)
    const { symbol: _, nextFundingTime: __, ...amounts } = examples.contractTicker.data
    const ofMark = ["markPrice", "indexPrice", "fundingRate", "nextFundingTime"]
    const unread = ["price24hPcnt", "tickDirection", "openInterest", "bid1Size", "ask1Size"]
    const choices: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
      ...Object.keys(amounts).map((key) => [key, ["", "0", "1", "2.5", "61250.90", "123456789.123456789"]] as const),
      ["nextFundingTime", ["", "0", "1790006400000"]]
    ]
    let compared = 0
    for (let round = 0; round < 200; round++) {
      const tell = session("bybit-linear")
      let known: Record<string, string> = { ...examples.contractTicker.data }
      tell(examples.contractTicker)
      for (let step = 0; step < 20; step++) {
        const change = Object.fromEntries(
          choices.flatMap(([key, values]) =>
            next() < 0.1 ? [[key, values[Math.floor(next() * values.length)]!] as const] : []
          )
        )
        known = { ...known, ...change }
        const changed = Object.keys(change).filter((key) => !unread.includes(key))
        const types = new Set<string>(changed.map((key) => (ofMark.includes(key) ? "mark" : "ticker")))
        const whole = outcomes("bybit-linear", examples.ticker("snapshot", known)).filter(
          (each) => typeof each === "object" && "event" in each && types.has(each.event.type)
        )
        expect(tell(examples.ticker("delta", change)).filter(isData)).toEqual(whole)
        compared += whole.length
      }
    }
    expect(compared).toBeGreaterThan(2000)
  })

  it("never throws, whatever the text", () => {
    const next = random(42)
    const plain = ["", "null", "0", '"x"', "[]", "{}", '{"topic":{}}', '{"topic":"tickers."}', "[".repeat(100_000)]
    const nested = `{"topic":"publicTrade.A","data":${"[".repeat(100_000)}${"]".repeat(100_000)}}`
    const digits = JSON.stringify(examples.trades({ ...examples.tradeRow, p: `${"1".repeat(200_000)}x` }))
    const noise = Array.from({ length: 5000 }, () =>
      String.fromCharCode(...Array.from({ length: 40 }, () => Math.floor(next() * 128)))
    )
    const all = [...plain, nested, digits, ...noise]
    const told = all.flatMap((text) => outcomes("bybit-linear", text))
    expect({ data: told.filter(isData), count: told.length }).toEqual({ data: [], count: all.length })
  })
})
