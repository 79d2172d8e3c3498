import { describe, expect, it } from "@effect/vitest"
import { BybitLinear } from "../../src/BybitLinear.ts"
import { BybitSpot } from "../../src/BybitSpot.ts"
import { of } from "../../src/trading/rights.ts"

const all = { ContractTrade: ["Order", "Position"], Spot: ["SpotTrade"], Wallet: ["AccountTransfer", "Withdraw"] }

describe("what a key may do", () => {
  it("is told of the market that is traded", () => {
    const key = { readOnly: 0, permissions: { ...all, ContractTrade: [] }, ips: ["203.0.113.7"] }
    expect([of(key, BybitSpot), of(key, BybitLinear)]).toEqual([
      { trade: true, withdraw: true, addresses: ["203.0.113.7"] },
      { trade: false, withdraw: true, addresses: ["203.0.113.7"] }
    ])
  })

  it("is nothing but reads where it is read only, whatever else is told", () => {
    expect(of({ readOnly: 1, permissions: all, ips: ["*"] }, BybitLinear)).toEqual({
      trade: false,
      withdraw: false,
      addresses: []
    })
  })

  it("ends when the venue says", () => {
    const key = { readOnly: 0, permissions: {}, expiredAt: "2026-12-31T00:00:00Z" }
    expect(of(key, BybitSpot)).toEqual({
      trade: false,
      withdraw: false,
      addresses: [],
      expiresAt: Date.UTC(2026, 11, 31)
    })
  })
})
