/** What can be counted from outside: dials and requests, and that nothing grows without end. */
import { expect, it } from "vitest"
import { manualClock } from "../src/index.ts"
import { Dials } from "../src/socket/Dials.ts"
import { eventually, onStage, refusal, START } from "./support.ts"

it("tells every dial with its time: accepted, refused by a fault, over the limit, late ones at the time they asked", () =>
  onStage({ clockScale: 10, socketRules: { spot: { attemptsPerWindow: 3 } } }, async ({ clock, simulator, ws }) => {
    const spot = `${simulator.wsUrl}/ws`
    await ws("/ws")
    clock.advance(1_000)
    simulator.control.inject({ kind: "refuse", status: 503 })
    await refusal(spot)
    simulator.control.inject({ kind: "slowHandshake", delayMs: 2_000, count: 1 })
    const late = ws("/ws")
    await eventually(() => simulator.control.faults().length === 0)
    clock.advance(2_000)
    await late
    expect(await refusal(spot)).toContain("429")
    await ws("/market/ws")
    clock.advance(27_001)
    await ws("/ws")
    await refusal(`${simulator.wsUrl}/nowhere`)
    const dials = simulator
      .stats()
      .dials.map(({ market, outcome, route, time }) => [time - START, market, route, outcome])
    expect(dials).toEqual([
      [0, "spot", "spot", "accepted"],
      [1_000, "spot", "spot", "refused"],
      [1_000, "spot", "spot", "accepted"],
      [3_000, "spot", "spot", "overLimit"],
      [3_000, "usdm", "market", "accepted"],
      [30_001, "spot", "spot", "accepted"]
    ])
  }))

it("keeps the last 10 000 dials", () => {
  const clock = manualClock(START)
  const dials = new Dials(clock, 1)
  for (let i = 0; i < 10_500; i++) {
    clock.advance(1)
    dials.record("spot", "spot", "accepted")
  }
  const kept = dials.list()
  expect([kept.length, kept[0]!.time - START, kept.at(-1)!.time - START]).toEqual([10_000, 501, 10_500])
})

it("tells the weight of every window, the peak, and how often 429 and 418 were answered, and why", () =>
  onStage(
    { clockScale: 60, restRules: { spot: { weightPerMinute: 10, ignoredBeforeBan: 2 } } },
    async ({ clock, get, simulator }) => {
      const depth = "/api/v3/depth?symbol=BTCUSDT"
      await get("/api/v3/ping")
      clock.advance(1_000)
      for (let i = 0; i < 6; i++) await get(depth)
      simulator.control.inject({ kind: "rest", status: 429, filter: { market: "usdm" } })
      await get("/fapi/v1/ping")
      await get("/fapi/v1/ping")
      await get("/fapi/v1/nothing")
      const { spot, usdm } = simulator.stats().rest
      const first = Math.floor(START / 1_000) * 1_000
      expect(spot).toEqual({
        windowMs: 1_000,
        windows: [
          { startedAt: first, weight: 1 },
          { startedAt: first + 1_000, weight: 25 }
        ],
        peakWeight: 25,
        limited: 2,
        banned: 2,
        answered: { 200: 3, 429: 2, 418: 2 }
      })
      expect((await get("/control/stats")).body).toEqual(simulator.stats())
      expect(usdm).toMatchObject({ peakWeight: 2, limited: 0, banned: 0, answered: { 200: 1, 429: 1, 404: 1 } })
    }
  ))
