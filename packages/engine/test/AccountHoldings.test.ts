import type { PrivateEvent } from "@tidewire/core"
import { Amount } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { AccountHoldings } from "../src/AccountHoldings.ts"
import { liveBook, limitOrder, perpetual, ready, spot } from "./opened.ts"
import { fill } from "./orders.ts"
import { seeded } from "./random.ts"

const position = (
  size: string,
  exchangeTime: number,
  leg: "net" | "long" | "short" = "net"
): PrivateEvent.Position => ({
  type: "position",
  venue: "paper",
  exchangeTime,
  receivedTime: exchangeTime,
  symbol: "BTCUSDT",
  leg,
  size
})

const balance = (asset: string, total: string, free: string, receivedTime: number): PrivateEvent.Balance => ({
  type: "balance",
  venue: "paper",
  receivedTime,
  asset,
  total,
  free
})

describe("AccountHoldings", () => {
  it("gives the position that the venue tells and all fills after it, however they overtake each other", () => {
    const random = seeded(4)
    for (let run = 0; run < 300; run++) {
      const holdings = new AccountHoldings(() => undefined)
      let size = 0
      const told: Array<() => void> = []
      for (let time = 1; time <= 10; time++) {
        const side = random.pick(["buy", "sell"] as const)
        size += side === "buy" ? 1 : -1
        const event = fill(String(time), { side, size: "1", exchangeTime: time, receivedTime: time })
        const after = position(String(size), time)
        holdings.onFill(event)
        // the position of a fill is told before or after later fills, or never
        if (random.chance(0.7)) told.push(() => holdings.onPosition(after))
        if (random.chance(0.5)) told.splice(random.below(told.length), 1)[0]?.()
      }
      for (const tell of told) tell()
      assert.strictEqual(Amount.write(holdings.position(perpetual)), String(size), `run ${run}`)
    }
  })

  it("adds the legs of a hedged account, and tells only what has changed", () => {
    const told: Array<PrivateEvent.PrivateEvent> = []
    const holdings = new AccountHoldings((event) => told.push(event))
    holdings.onPosition(position("3", 1, "long"))
    holdings.onPosition(position("-1", 1, "short"))
    holdings.onPosition(position("-1", 2, "short"))
    holdings.onPosition(position("9", 1, "short"))
    assert.deepStrictEqual([Amount.write(holdings.position(perpetual)), told.length], ["2", 2])
  })

  it("takes what is not among all that was read for nothing, unless it was told since", () => {
    const holdings = new AccountHoldings(() => undefined)
    for (const [asset, time] of [
      ["A", 1],
      ["B", 5],
      ["C", 20]
    ] as const)
      holdings.onBalance(balance(asset, "7", "7", time))
    holdings.replaceBalances([balance("A", "8", "8", 11)], 10)
    assert.deepStrictEqual(
      ["A", "B", "C"].map((asset) => holdings.balances.get(asset)?.total),
      ["8", "0", "7"]
    )
  })

  it("counts on spot what the account has of the base", () => {
    const holdings = new AccountHoldings(() => undefined)
    holdings.onBalance(balance("BTC", "2", "1", 10))
    holdings.onFill(fill("1", { symbol: spot.symbol, size: "0.5", receivedTime: 5 }))
    holdings.onFill(fill("2", { symbol: spot.symbol, size: "0.25", receivedTime: 15 }))
    assert.strictEqual(Amount.write(holdings.position(spot)), "2.25")
  })
})

describe("Desk: what an order may use", () => {
  it.effect("counts what open orders hold that the last balance does not know of", () =>
    Effect.gen(function* () {
      const { account, desk } = yield* ready({ limits: { checkBalance: true }, venue: { book: liveBook } })
      const order = { ...limitOrder, symbol: "BTC/USDT", size: "1", price: "100" }
      const messages: Array<string> = []
      const submit = (size: string) => {
        const submitted = desk.submit("s", { ...order, size })
        messages.push(submitted._tag === "Refused" ? submitted.refusal.message : submitted.order.symbol)
        return submitted
      }
      submit("1")
      account.emit(balance("USDT", "250", "250", 3_600_000))
      submit("2")
      submit("1")
      account.emit(balance("USDT", "250", "50", 3_600_001))
      submit("0.5")
      assert.deepStrictEqual(messages, [
        "100 USDT are needed, 0 are free.",
        "BTCSPOT",
        "100 USDT are needed, 50 are free.",
        "BTCSPOT"
      ])
    })
  )

  it.effect(
    "limits the position by all that is open on its side, and by fills before the venue tells the position",
    () =>
      Effect.gen(function* () {
        const { account, desk } = yield* ready({ limits: { maxPosition: "350" } })
        const submit = (size: string) => {
          const submitted = desk.submit("s", { ...limitOrder, size })
          return submitted._tag === "Refused" ? submitted.refusal.message : submitted.order.clientOrderId
        }
        const id = submit("2")
        const refused = "The position may become 4, 404 USDT, 350 allowed."
        assert.strictEqual(submit("2"), refused)
        account.emit(fill("1", { clientOrderId: id, size: "2", receivedTime: 3_600_000 }))
        account.report(id, { status: "filled", filled: "2" })
        assert.strictEqual(submit("2"), refused)
        account.emit(position("0", 3_700_000))
        assert.isDefined(desk.order(submit("2")))
      })
  )
})
