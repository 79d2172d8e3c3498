/** What the live table shows of an engine. */
import { assert, describe, it } from "@effect/vitest"
import type { PrivateEvent } from "@tidewire/core"
import { Engine, Limits, MemoryJournal } from "@tidewire/engine"
import * as Effect from "effect/Effect"
import { render } from "../src/output/render.ts"
import { TradingBoard } from "../src/output/TradingBoard.ts"

const order: PrivateEvent.Order = {
  type: "order",
  venue: "paper",
  receivedTime: 1,
  symbol: "BTCUSDT",
  clientOrderId: "a",
  side: "buy",
  kind: "limit",
  size: "0.01",
  price: "61000",
  status: "sent",
  filled: "0",
  strategy: "maker"
}

const fill = (id: number): PrivateEvent.Fill => ({
  type: "fill",
  venue: "paper",
  receivedTime: id,
  symbol: "BTCUSDT",
  id: String(id),
  side: "buy",
  price: "61000",
  size: String(id),
  fee: "0.1",
  feeAsset: "USDT",
  strategy: "maker"
})

const tables = (text: string, head: string): ReadonlyArray<ReadonlyArray<string>> => {
  const lines = text.split("\n")
  const from = lines.findIndex((line) => line.startsWith(head))
  const to = lines.indexOf("", from)
  return lines.slice(from + 1, to).map((line) => line.split(/\s{2,}/))
}

describe("the table of an engine", () => {
  it.effect("has strategies with what they earned, open orders, the last five fills, and a halt", () =>
    Effect.gen(function* () {
      const engine = yield* Engine.make({
        venues: [],
        strategies: [{ name: "maker", strategy: { subscriptions: [] } }],
        journal: MemoryJournal.make(),
        limits: Limits.defaults,
        seed: 1,
        tell: () => undefined,
        log: () => undefined
      })
      const board = new TradingBoard()
      board.take(order)
      for (let id = 1; id <= 7; id++) board.take(fill(id))
      const [strategy] = engine.status().strategies
      const status = {
        ...engine.status(),
        halted: "runaway",
        orders: [order],
        strategies: [{ ...strategy!, pnl: { ...strategy!.pnl, netPnl: { USDT: "-0.1234567891" } } }]
      }
      const model = { connections: [], symbols: [], delivered: 0, dropped: 0, conflated: 0, messages: [] }
      const text = render({ ...model, trading: board.model(status) }, 200)
      assert.include(text, "TRADING IS HALTED: runaway")
      assert.deepStrictEqual(tables(text, "STRATEGY"), [["maker", "waiting", "1", "1", "0", "-0.12345679 USDT"]])
      assert.deepStrictEqual(tables(text, "ORDER "), [["paper/BTCUSDT", "buy", "0.01", "61000", "0", "sent"]])
      assert.deepStrictEqual(
        tables(text, "FILL ").map(([, , size]) => size),
        ["3", "4", "5", "6", "7"]
      )
    })
  )
})
