import { assert, describe, it } from "@effect/vitest"
import type { Channel, Event } from "@tidewire/core"
import type { Admission, Continuity } from "../src/Continuity.ts"
import { continuityOf } from "../src/continuityOf.ts"
import { bar, quote, snapshot, trade } from "./events.ts"

const make = (channel: Channel.Channel, consecutive = true) =>
  continuityOf({ venue: "reference", symbol: "AAA", channel }, consecutive)

const brief = (admission: Admission): string =>
  typeof admission === "string"
    ? admission
    : `${admission.reason} ${admission.from}..${admission.to} lost ${admission.lost} repaired ${admission.repaired}`

const admitAll = (continuity: Continuity, events: ReadonlyArray<Event.MarketEvent>) =>
  events.map((event) => {
    const admission = continuity.admit(event)
    if (typeof admission !== "string") continuity.skipTo(event)
    return brief(admission)
  })

describe("Continuity of consecutive trade ids", () => {
  it("admits consecutive ids and drops what it has seen", () => {
    assert.deepStrictEqual(admitAll(make("trades"), [trade(5), trade(6), trade(6), trade(5), trade(7)]), [
      "new",
      "new",
      "known",
      "known",
      "new"
    ])
  })

  it("tells a hole with its bounds and its exact size", () => {
    assert.deepStrictEqual(admitAll(make("trades"), [trade(5), trade(9)]), [
      "new",
      "sequence 5..9 lost 3 repaired false"
    ])
  })

  it("proves itself whole after a disconnect when the ids go on", () => {
    const trades = make("trades")
    trades.admit(trade(5))
    trades.interrupted("disconnect")
    assert.deepStrictEqual(admitAll(trades, [trade(6), trade(8)]), ["new", "sequence 6..8 lost 1 repaired false"])
  })

  it("names the disconnect when the ids do not go on", () => {
    const trades = make("trades")
    trades.admit(trade(5))
    trades.interrupted("disconnect")
    assert.deepStrictEqual(admitAll(trades, [trade(8)]), ["disconnect 5..8 lost 2 repaired false"])
  })

  it("cannot exclude a loss when it was interrupted before the first trade", () => {
    const trades = make("trades")
    trades.interrupted("disconnect")
    assert.deepStrictEqual(admitAll(trades, [trade(8)]), ["disconnect undefined..8 lost null repaired false"])
  })

  it("tells an open hole at the end, and nothing when there is none", () => {
    const whole = make("trades")
    whole.admit(trade(5))
    const open = make("trades")
    open.admit(trade(5))
    open.interrupted("disconnect")
    assert.deepStrictEqual(
      [whole.end(9), brief(open.end(9)!)],
      [undefined, "disconnect 5..undefined lost null repaired false"]
    )
  })

  it("follows a venue that numbers anew, and no single number can silence it", () => {
    const trades = make("trades")
    const anew = (from: number, receivedTime: number) =>
      Array.from({ length: 9 }, (_, index) => ({ ...trade(from + index, from + index + 1), receivedTime }))
    trades.admit(trade(9_000_000_000_000_000, 1))
    const soon = admitAll(trades, anew(1, 2_000))
    const later = admitAll(trades, anew(10, 6_001))
    assert.deepStrictEqual(
      [new Set(soon), later.slice(5)],
      [new Set(["known"]), ["known", "sequence 9000000000000000..16 lost null repaired false", "new", "new"]]
    )
  })

  it("admits no trade again, however often it is repeated", () => {
    const trades = make("trades")
    trades.admit(trade(7))
    const admissions = admitAll(
      trades,
      Array.from({ length: 50 }, () => trade(7))
    )
    assert.deepStrictEqual([...new Set(admissions)], ["known"])
  })

  it("does not take a replay of older trades for a new numbering", () => {
    const trades = make("trades")
    trades.admit(trade(100, 1_000))
    const admissions = admitAll(
      trades,
      Array.from({ length: 50 }, (_, index) => trade(index + 1, index))
    )
    assert.deepStrictEqual(new Set(admissions), new Set(["known"]))
  })
})

describe("Continuity of quotes and other unnumbered channels", () => {
  it("admits no quote again, however often it is repeated", () => {
    const quotes = make("quotes")
    quotes.admit(quote(5))
    const admissions = admitAll(
      quotes,
      Array.from({ length: 50 }, () => quote(5))
    )
    assert.deepStrictEqual([...new Set(admissions)], ["known"])
  })

  it("drops repeated and overtaken update ids", () => {
    assert.deepStrictEqual(admitAll(make("quotes"), [quote(5), quote(5), quote(4), quote(9)]), [
      "new",
      "known",
      "known",
      "new"
    ])
  })

  it("follows a venue that begins its update ids anew at once when the stamps show that it is later", () => {
    const told = [quote(700, 50), quote(701, 60), quote(1, 70), quote(2, 80)]
    assert.deepStrictEqual(admitAll(make("quotes"), told), [
      "new",
      "new",
      "sequence 60..70 lost null repaired false",
      "new"
    ])
    // what comes late of the numbering that is over is not taken for the next one
    const late = [quote(700, 50), quote(1, 70), quote(701, 60), quote(2, 80)]
    assert.deepStrictEqual(admitAll(make("quotes"), late), [
      "new",
      "sequence 50..70 lost null repaired false",
      "known",
      "new"
    ])
    // a replay is older, and what was overtaken is not low
    const replayed = [quote(700, 50), quote(1, 40), quote(699, 70), quote(701, 60)]
    assert.deepStrictEqual(admitAll(make("quotes"), replayed), ["new", "known", "known", "new"])
  })

  it("cannot exclude a loss after a disconnect, once", () => {
    const quotes = make("quotes")
    quotes.admit(quote(5))
    quotes.interrupted("disconnect")
    assert.deepStrictEqual(admitAll(quotes, [quote(6), quote(7)]), [
      "disconnect 1000..1000 lost null repaired false",
      "new"
    ])
  })

  it("uses times where trade ids prove nothing", () => {
    const trades = make("trades", false)
    trades.admit(trade(5, 50))
    trades.interrupted("stale")
    assert.deepStrictEqual(admitAll(trades, [trade(6, 60)]), ["stale 50..60 lost null repaired false"])
  })

  it("counts a book that comes whole as repaired by itself", () => {
    const book = make("book:20")
    book.admit(snapshot(5))
    book.interrupted("disconnect")
    assert.deepStrictEqual(admitAll(book, [snapshot(8)]), ["disconnect 5..8 lost null repaired true"])
  })
})

describe("Continuity of bars", () => {
  const minute = 60_000

  it("is whole when every close was seen, whatever updates were missed", () => {
    const bars = make("bars:1m")
    bars.admit(bar(0))
    bars.interrupted("disconnect")
    assert.deepStrictEqual(admitAll(bars, [bar(0, false, 5), bar(0, true), bar(minute), bar(minute, true)]), [
      "new",
      "new",
      "new",
      "new"
    ])
  })

  it("tells the closes that are missing", () => {
    const bars = make("bars:1m")
    bars.admit(bar(0, true))
    bars.admit(bar(minute))
    bars.interrupted("disconnect")
    assert.deepStrictEqual(admitAll(bars, [bar(4 * minute)]), [`disconnect 0..${4 * minute} lost 3 repaired false`])
  })

  it("lets a bar be final once", () => {
    assert.deepStrictEqual(admitAll(make("bars:1m"), [bar(0, true), bar(0, true), bar(0)]), ["new", "known", "known"])
    const bars = make("bars:1m")
    bars.admit(bar(0, true))
    const repeats = admitAll(
      bars,
      Array.from({ length: 50 }, () => bar(0, true))
    )
    assert.deepStrictEqual([...new Set(repeats)], ["known"])
  })
})
