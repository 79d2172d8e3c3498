/** What goes wrong at a venue is seen on the page while it is wrong, and afterwards in what it says of the past. */
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import type { MarketKind } from "@tidewire/simulator"
import { executable, needs, useBrowser } from "./browser.ts"
import { type Instance, open } from "./instance.ts"
import { rowsOf, tableOf, until } from "./shown.ts"

const market: MarketKind = "spot"
const filter = { market, symbol: "BTCUSDT" }

describe.skipIf(executable === undefined)(`faults on the dashboard${needs}`, { timeout: 90_000 }, () => {
  const show = useBrowser()
  let instance: Instance
  beforeEach(async () => void (instance = await open({ rates: { tradesPerSecond: 20 } })), 60_000)
  afterEach(() => instance?.end())

  it("a connection that is lost is shown as lost, then as active again, and its gap as repaired", async () => {
    const { complaints, page } = await show(instance.url, "#/connections")
    const row = page.locator("tr", { hasText: "binance/BTCUSDT" }).first()
    await row.getByText("Active").waitFor()
    instance.simulator.control.inject({ kind: "refuse", durationMs: 4_000, filter: { market } })
    instance.simulator.control.inject({ kind: "kill", filter })
    await row.getByText(/Reconnecting|Connecting/).waitFor()
    await page.getByText("5 of 6 active").waitFor()
    await page.getByRole("tab", { name: "Overview" }).click()
    await page.locator(".level.warn", { hasText: "Connections" }).getByText("degraded").waitFor()
    await page.locator(".feed li", { hasText: "binance/BTCUSDT" }).getByText("Reconnecting").first().waitFor()

    await page.getByRole("tab", { name: "Connections" }).click()
    await row.getByText("Active").waitFor({ timeout: 30_000 })
    const told = (await rowsOf(tableOf(page, "Changes of connections"))).filter(
      ([, name]) => name === "binance/BTCUSDT"
    )
    assert.includeMembers(
      told.map(([, , state]) => state),
      ["Active", "Reconnecting"]
    )
    assert.isAtLeast(await page.locator(".lane", { hasText: "binance/BTCUSDT" }).locator(".span.warn").count(), 1)

    await page.getByRole("tab", { name: "Gaps" }).click()
    const gaps = tableOf(page, "Gaps")
    await gaps.locator("tr", { hasText: "binance BTCUSDT trades" }).waitFor()
    interface Gap {
      readonly venue: string
      readonly symbol: string
      readonly channel: string
      readonly lost: number | null
      readonly repaired: boolean
    }
    await until(async () => {
      const told = await instance.get<ReadonlyArray<Gap>>("/api/gaps?limit=1000")
      const shown = (await rowsOf(gaps)).map(([, stream, outcome, lost]) => [stream, outcome, lost])
      const wanted = told
        .toReversed()
        .map(({ channel, lost, repaired, symbol, venue }) => [
          `${venue} ${symbol} ${channel}`,
          repaired ? "repaired" : "not repaired",
          lost === null ? "unknown" : String(lost)
        ])
      return JSON.stringify(shown) === JSON.stringify(wanted)
    }, "the gaps that are shown are not those that were told")
    const trades = (await rowsOf(gaps)).find(([, stream]) => stream === "binance BTCUSDT trades")!
    assert.deepStrictEqual([trades[2], Number(trades[3]) > 0], ["repaired", true])
    assert.isAtLeast(await page.locator(".lane .mark.ok").count(), 1)

    await page.getByRole("tab", { name: "Alerts" }).click()
    await until(async () => {
      interface Alert {
        readonly rule: string
        readonly subject: string
      }
      const { active, history } = await instance.get<{ active: ReadonlyArray<Alert>; history: ReadonlyArray<Alert> }>(
        "/api/alerts"
      )
      const shown = async (caption: string) =>
        (await tableOf(page, caption).count()) === 0
          ? []
          : (await rowsOf(tableOf(page, caption))).map(([, rule, about]) => `${rule} ${about}`).toSorted()
      const told = (all: ReadonlyArray<Alert>) => all.map(({ rule, subject }) => `${rule} ${subject}`).toSorted()
      const seen = [await shown("Active alerts"), await shown("Past alerts")]
      return JSON.stringify(seen) === JSON.stringify([told(active), told(history)])
    }, "the alerts that are shown are not those that the API tells")
    assert.deepStrictEqual(complaints, [])
  })

  it("a book with a hole has no levels until it is whole again", async () => {
    const { complaints, page } = await show(instance.url, "#/market/binance/BTCUSDT")
    await page.locator("table.ladder").waitFor()
    instance.simulator.control.inject({ kind: "slowRest", delayMs: 2_500, path: "/api/v3/depth", filter: { market } })
    instance.simulator.control.inject({ kind: "drop", filter: { ...filter, stream: "btcusdt@depth@100ms" }, count: 1 })
    const book = page.locator(".panel.book")
    await book.getByText(/built anew|has a hole/).waitFor()
    assert.strictEqual(await page.locator("table.ladder").count(), 0)
    assert.match(await book.locator(".state").innerText(), /syncing|stale/)
    await page.locator("table.ladder").waitFor()
    assert.strictEqual(await book.locator(".state").innerText(), "live")
    const shown = Number(await page.locator("table.ladder").getAttribute("data-sequence"))
    const { sequence } = await instance.get<{ sequence: number }>("/api/books/binance/BTCUSDT?depth=1")
    assert.isAtMost(Math.abs(sequence - shown), 5_000)
    assert.deepStrictEqual(complaints, [])
  })

  it("a venue that goes silent is seen by the age of its streams", async () => {
    const { complaints, page } = await show(instance.url, "#/streams")
    instance.simulator.control.inject({ kind: "silence", filter: { market: "spot" }, durationMs: 15_000 })
    await page.getByRole("searchbox").fill("binance BTCUSDT trades")
    const table = tableOf(page, "Streams")
    await until(async () => {
      const ages = (await rowsOf(table))
        .filter(([venue]) => venue === "binance")
        .map((row) => Number.parseFloat(row[6] ?? ""))
      return ages.length === 1 && ages[0]! > 3
    }, "the age does not grow")
    assert.deepStrictEqual(complaints, [])
  })
})
