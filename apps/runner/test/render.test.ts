import { assert, describe, it } from "@effect/vitest"
import { Board, type Model } from "../src/output/Board.ts"
import { render } from "../src/output/render.ts"

const model: Model = {
  connections: [
    { venue: "fake", name: "BTCUSDT", state: "Active", attempt: 0, sinceMs: 12_400, reason: undefined },
    { venue: "fake", name: "ETHUSDT", state: "Reconnecting", attempt: 3, sinceMs: 190_000, reason: "closed with 1006" },
    { venue: "other", name: "", state: "Failed", attempt: 0, sinceMs: 0, reason: "ConnectionFailed: refused" }
  ],
  symbols: [
    {
      venue: "fake",
      symbol: "BTCUSDT",
      rate: 123.4,
      last: { price: 61_250.1, size: 0.002, side: "buy" },
      bid: 61_250,
      ask: 61_250.1,
      book: "live",
      gaps: 0
    },
    {
      venue: "fake",
      symbol: "ETHUSDT",
      rate: 0.5,
      last: undefined,
      bid: undefined,
      ask: undefined,
      book: "stale",
      gaps: 2
    }
  ],
  delivered: 1_000,
  dropped: 3,
  conflated: 7,
  messages: ["12:00:00.000 WARN  fake/ETHUSDT Reconnecting"]
}

describe("the live table", () => {
  it("shows connections, symbols, counts and the last of the log", () => {
    assert.strictEqual(
      render(model, 120),
      [
        "CONNECTION    STATE         FOR  TRY  REASON",
        "fake/BTCUSDT  Active        12s",
        "fake/ETHUSDT  Reconnecting   3m    3  closed with 1006",
        "other         Failed         0s       ConnectionFailed: refused",
        "",
        "SYMBOL        EVENTS/S     LAST   SIZE  SIDE    BID      ASK  BOOK   GAPS",
        "fake/BTCUSDT       123  61250.1  0.002  buy   61250  61250.1  live",
        "fake/ETHUSDT       0.5                                        stale     2",
        "",
        "delivered 1000  conflated 7  dropped 3",
        "12:00:00.000 WARN  fake/ETHUSDT Reconnecting"
      ].join("\n")
    )
  })

  it("is no wider than the terminal", () => {
    const widths = render(model, 24)
      .split("\n")
      .map((line) => line.length)
    assert.isAtMost(Math.max(...widths), 24)
    assert.include(render(model, 24), "fake/BTCUSDT  Active   …")
  })

  it("gathers rates over a second, last trades, quotes, book states and gaps", () => {
    const board = new Board(0)
    const stamps = { venue: "fake", symbol: "BTCUSDT", receivedTime: 1 }
    for (let id = 0; id < 50; id++) {
      board.take({ ...stamps, type: "trade", id: String(id), price: id, size: 1, side: "buy", origin: "stream" })
    }
    board.take({ ...stamps, type: "quote", bid: 1, bidSize: 1, ask: 2, askSize: 1 })
    board.take({ ...stamps, type: "bookState", state: "syncing" })
    board.take({ ...stamps, type: "gap", channel: "trades", reason: "disconnect", lost: null, repaired: false })
    board.say("hello")
    assert.deepStrictEqual(board.model(2_000, []), {
      connections: [],
      symbols: [
        {
          venue: "fake",
          symbol: "BTCUSDT",
          rate: 25.5,
          last: { price: 49, size: 1, side: "buy" },
          bid: 1,
          ask: 2,
          book: "syncing",
          gaps: 1
        }
      ],
      delivered: 0,
      dropped: 0,
      conflated: 0,
      messages: ["hello"]
    })
  })

  it("shows of the symbols that ended only those that ended last", () => {
    const board = new Board(0)
    const tell = (symbol: string, state: "live" | "ended") =>
      board.take({ type: "subscription", venue: "fake", symbol, receivedTime: 1, channel: "trades", state })
    tell("STAYS", "live")
    for (let index = 0; index < 30; index++) {
      tell(`S${index}`, "live")
      tell(`S${index}`, "ended")
    }
    tell("S10", "live")
    tell("S30", "ended")
    assert.deepStrictEqual(
      board.model(1, []).symbols.map((each) => each.symbol),
      ["STAYS", ...Array.from({ length: 21 }, (_, index) => `S${index + 10}`)]
    )
  })
})
