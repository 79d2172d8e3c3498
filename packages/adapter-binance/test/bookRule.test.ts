import type { BookRule } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import * as bookRule from "../src/bookRule.ts"
import { type MarketId, outcomes } from "./support/outcomes.ts"
import * as recordings from "./support/recordings.ts"

const delta = (first: number, last: number, previous?: number): BookRule.BookDelta => ({
  symbol: "BTCUSDT",
  first,
  last,
  ...(previous !== undefined && { previous }),
  bids: [],
  asks: [],
  receivedTime: 0
})

describe("the rule of spot", () => {
  it("joins the change that covers the update after the snapshot", () => {
    const { join } = bookRule.spot
    expect([
      join(100, delta(90, 99)),
      join(100, delta(90, 100)),
      join(100, delta(95, 101)),
      join(100, delta(101, 101)),
      join(100, delta(101, 110)),
      join(100, delta(102, 110))
    ]).toEqual(["ignore", "ignore", "apply", "apply", "apply", "gap"])
  })

  it("follows without a hole and passes over what it has", () => {
    const { follow } = bookRule.spot
    expect([
      follow(100, delta(101, 105)),
      follow(100, delta(99, 105)),
      follow(100, delta(95, 100)),
      follow(100, delta(90, 99)),
      follow(100, delta(102, 105))
    ]).toEqual(["apply", "apply", "ignore", "ignore", "gap"])
  })
})

describe("the rule of USDⓈ-M", () => {
  it("joins the change that spans the snapshot's id, or follows it directly", () => {
    const { join } = bookRule.usdm
    expect([
      join(100, delta(80, 99, 70)),
      join(100, delta(90, 100, 80)),
      join(100, delta(100, 110, 95)),
      join(100, delta(104, 110, 100)),
      join(100, delta(101, 110, 99))
    ]).toEqual(["ignore", "apply", "apply", "apply", "gap"])
  })

  it("follows the change that names the one before, whatever its first id", () => {
    const { follow } = bookRule.usdm
    expect([
      follow(100, delta(104, 110, 100)),
      follow(100, delta(90, 100, 80)),
      follow(100, delta(80, 90, 70)),
      follow(100, delta(101, 110, 99)),
      follow(100, delta(101, 110, 105)),
      follow(100, delta(101, 110))
    ]).toEqual(["apply", "ignore", "ignore", "gap", "gap", "gap"])
  })
})

/** The simplest book there is: sizes by price. */
const makeBook = () => {
  const sides = { bids: new Map<number, number>(), asks: new Map<number, number>() }
  return {
    apply: (change: Pick<BookRule.BookDelta, "bids" | "asks">) => {
      for (const side of ["bids", "asks"] as const) {
        for (const [price, size] of change[side]) {
          if (size === 0) sides[side].delete(price)
          else sides[side].set(price, size)
        }
      }
    },
    best: () => {
      const bid = Math.max(...sides.bids.keys())
      const ask = Math.min(...sides.asks.keys())
      return [bid, sides.bids.get(bid), ask, sides.asks.get(ask)]
    }
  }
}

/**
 * Rebuilds the recorded book from its snapshot and compares its best levels with the quote of the same update id,
 * wherever there is one.
 */
const rebuild = (market: MarketId, file: string, rule: BookRule.BookRule) => {
  const frames = recordings.frames(file)
  const snapshot = JSON.parse(frames.find((frame) => frame.startsWith('{"lastUpdateId"'))!)
  const told = frames.flatMap((frame) => outcomes(market, frame))
  const quotes = new Map(
    told.flatMap((each) =>
      typeof each === "object" && "event" in each && each.event.type === "quote"
        ? [[each.event.sequence, [each.event.bid, each.event.bidSize, each.event.ask, each.event.askSize]] as const]
        : []
    )
  )
  const levels = (pairs: ReadonlyArray<readonly [string, string]>) =>
    pairs.map(([price, size]) => [Number(price), Number(size)] as const)
  const book = makeBook()
  book.apply({ bids: levels(snapshot.bids), asks: levels(snapshot.asks) })
  const counts = { ignore: 0, apply: 0, gap: 0, compared: 0, equal: 0 }
  let sequence: number | undefined
  for (const each of told) {
    if (typeof each !== "object" || !("delta" in each)) continue
    const verdict =
      sequence === undefined ? rule.join(snapshot.lastUpdateId, each.delta) : rule.follow(sequence, each.delta)
    counts[verdict]++
    if (verdict !== "apply") continue
    book.apply(each.delta)
    sequence = each.delta.last
    const quote = quotes.get(sequence)
    if (quote === undefined) continue
    counts.compared++
    if (JSON.stringify(book.best()) === JSON.stringify(quote)) counts.equal++
  }
  return counts
}

describe("recorded books", () => {
  it.skipIf(recordings.missing(recordings.spot))(
    "spot chains without a gap and agrees with every comparable quote",
    () => {
      const { ignore, apply, gap, compared, equal } = rebuild("binance", recordings.spot, bookRule.spot)
      expect({ gap, total: ignore + apply, differing: compared - equal }).toEqual({ gap: 0, total: 3451, differing: 0 })
      expect(compared).toBeGreaterThan(0)
    }
  )

  it.skipIf(recordings.missing(recordings.usdm))(
    "USDⓈ-M chains without a gap and agrees with all 629 comparable quotes",
    () => {
      const { ignore, apply, gap, compared, equal } = rebuild("binance-usdm", recordings.usdm, bookRule.usdm)
      expect({ gap, total: ignore + apply, compared, equal }).toEqual({
        gap: 0,
        total: 6551,
        compared: 629,
        equal: 629
      })
    }
  )

  it.skipIf(recordings.missing(recordings.spot))("spot trade ids are consecutive", () => {
    const ids = recordings
      .frames(recordings.spot)
      .flatMap((frame) => outcomes("binance", frame))
      .flatMap((each) =>
        typeof each === "object" && "event" in each && each.event.type === "trade" ? [each.event.id] : []
      )
    const holes = ids.filter((id, index) => index > 0 && Number(id) !== Number(ids[index - 1]) + 1)
    expect({ count: ids.length, holes }).toEqual({ count: 9757, holes: [] })
  })
})
