/** What a simulator says of itself: every place where it can be reached, and the markets that it has. */
import { expect, it } from "vitest"
import { describe } from "../src/index.ts"
import { onStage } from "./support.ts"

it("shows the URLs of both venues, and the markets there are", () =>
  onStage({}, async ({ simulator }) => {
    const text = describe(simulator)
    const { url, wsUrl } = simulator
    const places = [
      `${url}/api/v3`,
      `${wsUrl}/public`,
      `${url}/v5`,
      `${wsUrl}/ws-api/v3`,
      `${wsUrl}/v5/trade`,
      ...["spot", "linear", "inverse"].map((category) => `${wsUrl}/v5/public/${category}`)
    ]
    expect(places.filter((place) => !text.includes(place))).toEqual([])
    expect(text).toMatch(/Bybit inverse +BTCUSD ETHUSD\n/)
    expect(text).toMatch(/Binance spot +BTCUSDT /)
  }))

it("of Bybit alone tries what Bybit has, which is there", () =>
  onStage({ symbols: { "bybit-inverse": ["BTCUSD"] } }, async ({ get, simulator }) => {
    const text = describe(simulator)
    expect(text).not.toContain("Binance spot  ")
    const [, path = ""] = /curl 'http:\/\/[^/]+(\/[^']+)'/.exec(text) ?? []
    expect((await get(path)).body).toMatchObject({ retCode: 0, result: { s: "BTCUSD" } })
  }))
