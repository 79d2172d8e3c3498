/** What is remembered of our orders is bounded, and told of them alone. */
import type { PrivateEvent } from "@tidewire/core"
import { describe, expect, it } from "vitest"
import { KnownOrders } from "../../src/trading/KnownOrders.ts"

const event = (clientOrderId: string, venueOrderId?: string): PrivateEvent.Order => ({
  type: "order",
  venue: "mine",
  receivedTime: 1,
  symbol: "BTC/USDT",
  clientOrderId,
  ...(venueOrderId !== undefined && { venueOrderId }),
  side: "buy",
  kind: "market",
  size: "1",
  status: "open",
  filled: "0"
})

const reference = (clientOrderId: string) => ({ clientOrderId, symbol: "BTC/USDT" })

describe("orders that are known", () => {
  it("have the exchange's id, and are told as what they were asked for as", () => {
    const known = new KnownOrders()
    known.ask({ ...reference("a"), side: "buy", kind: "takeProfit", size: "1", triggerPrice: "9" })
    known.learn("a", undefined)
    known.learn("b", "2")
    expect(known.told(event("a", "1"))).toEqual({ ...event("a", "1"), kind: "takeProfit", triggerPrice: "9" })
    expect(known.told(event("c"))).toEqual(event("c"))
    const ids = ["a", "b", "c"].map((id) => known.idOf(reference(id)))
    expect([...ids, known.idOf({ ...reference("a"), venueOrderId: "7" })]).toEqual(["1", "2", undefined, "7"])
  })

  it("are the last 10 000", () => {
    const known = new KnownOrders()
    for (let index = 0; index <= 10_000; index++) known.learn(`a-${index}`, String(index))
    const ids = ["a-0", "a-1", "a-10000"].map((id) => known.idOf(reference(id)))
    expect(ids).toEqual([undefined, "1", "10000"])
  })
})
