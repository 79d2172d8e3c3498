/** What the page costs has bounds: its size, its drawings, its rows, its memory, what it may load. */
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import type { Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { executable, needs, useBrowser } from "./browser.ts"
import { type Instance, open } from "./instance.ts"
import { rowsOf, tableOf, until } from "./shown.ts"

const MOST_BYTES = 150_000

/** Of the page under load: what it holds after its lists are full. */
const [WARM_MS, LOADED_MS] = [15_000, 45_000]
const MOST_GROWTH = 3_000_000

const heap = async (page: Page): Promise<number> => {
  const session = await page.context().newCDPSession(page)
  await session.send("HeapProfiler.collectGarbage")
  const { usedSize } = await session.send("Runtime.getHeapUsage")
  await session.detach()
  return usedSize
}

describe.skipIf(executable === undefined)(`the dashboard's bounds${needs}`, { timeout: 120_000 }, () => {
  const show = useBrowser()
  let instance: Instance
  beforeAll(async () => {
    instance = await open({ rates: { tradesPerSecond: 100, ordersPerSecond: 200 } })
  }, 60_000)
  afterAll(() => instance?.end())

  it("the page is less than 150 kB, compressed, and may run and load nothing from elsewhere", async () => {
    const { page } = await show(instance.url)
    const dist = fileURLToPath(new URL("../../apps/dashboard/dist", import.meta.url))
    const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    const bytes = files.reduce(
      (sum, { name, parentPath }) => sum + gzipSync(readFileSync(`${parentPath}/${name}`)).length,
      0
    )
    assert.isBelow(bytes, MOST_BYTES)
    const { headers } = await fetch(`${instance.url}/`)
    const policy = headers.get("content-security-policy") ?? ""
    assert.include(policy, "default-src 'none'")
    assert.notMatch(policy, /unsafe|https?:|\*/)
    assert.isUndefined(
      await page.evaluate(() => {
        const script = document.createElement("script")
        script.textContent = "globalThis.ran = true"
        document.head.append(script)
        return (globalThis as { ran?: boolean }).ran
      })
    )
  })

  it("it is drawn at most ten times a second, whatever comes", async () => {
    const { complaints, page } = await show(instance.url, "#/market/binance/BTCUSDT")
    await page.locator("table.ladder").waitFor()
    const drawn = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let frames = 0
          const watch = new MutationObserver(() => frames++)
          watch.observe(document.querySelector(".panel.book")!, {
            subtree: true,
            childList: true,
            characterData: true,
            attributes: true
          })
          setTimeout(() => {
            watch.disconnect()
            resolve(frames)
          }, 3_000)
        })
    )
    assert.isAbove(drawn, 3)
    assert.isAtMost(drawn, 33)
    assert.deepStrictEqual(complaints, [])
  })

  it("thousands of streams are a screenful of rows, ordered, filtered and scrolled without delay", async () => {
    const { complaints, page } = await show(instance.url)
    const streams = Array.from({ length: 3_000 }, (_, index) => ({
      venue: `venue-${index % 7}`,
      symbol: `S${String(index).padStart(4, "0")}USDT`,
      channel: "trades",
      state: index % 100 === 3 ? "silent" : "live",
      delivered: index,
      perSecond: index / 10,
      conflated: 0,
      dropped: 0,
      waiting: 0,
      ageMs: index,
      gaps: 0,
      gapsUnrepaired: 0
    }))
    await page.route("**/api/streams", (route) => route.fulfill({ json: streams }))
    await page.getByRole("tab", { name: "Streams" }).click()
    const table = tableOf(page, "Streams")
    await table.waitFor()
    assert.isBelow(await table.locator("tr").count(), 120)
    await page.getByRole("button", { name: "Delivered" }).click()
    assert.strictEqual((await rowsOf(table))[0]![1], "S2999USDT")
    await page.locator(".scroll.tall").evaluate((element) => element.scrollTo({ top: 1_500 * 28 }))
    await until(async () => (await rowsOf(table)).some((row) => row[1] === "S1499USDT"), "the middle is not shown")
    assert.isBelow(await table.locator("tr").count(), 120)
    await page.getByRole("button", { name: "Not well" }).click()
    await until(async () => (await rowsOf(table)).every((row) => row[3] === "silent"), "others are shown")
    const longest = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let most = 0
          let last = performance.now()
          const end = last + 3_000
          const frame = (now: number) => {
            most = Math.max(most, now - last)
            last = now
            if (now < end) requestAnimationFrame(frame)
            else resolve(most)
          }
          requestAnimationFrame(frame)
        })
    )
    assert.isBelow(longest, 500, "a frame took this many ms")
    assert.deepStrictEqual(complaints, [])
  })

  it("memory does not grow under load", async () => {
    const { complaints, page } = await show(instance.url, "#/market/binance/BTCUSDT")
    await page.locator("table.ladder").waitFor()
    await page.waitForTimeout(WARM_MS)
    const before = await heap(page)
    await page.waitForTimeout(LOADED_MS)
    const after = await heap(page)
    assert.isBelow(after - before, MOST_GROWTH)
    assert.deepStrictEqual(complaints, [])
  })
})
