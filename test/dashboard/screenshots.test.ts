/** The pictures of the documents: of a page with something to see, written where `TIDEWIRE_UPDATE=1` asks for it. */
import { mkdirSync, statSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type { BrowserContextOptions } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Running, start } from "../../apps/runner/test/tidewire.ts"
import { executable, needs, useBrowser } from "./browser.ts"
import { until } from "./shown.ts"

const folder = fileURLToPath(new URL("../../docs/images", import.meta.url))
const root = fileURLToPath(new URL("../..", import.meta.url))

const isUpdate = process.env["TIDEWIRE_UPDATE"] === "1"

/** What is drawn over time is seen after that; a connection is lost meanwhile. */
const WARM_MS = isUpdate ? 75_000 : 1_000
const TOKEN = "a-token-for-the-pictures-of-the-demo"

const MOST_BYTES = 300_000

const pictures: ReadonlyArray<readonly [name: string, hash: string, options: BrowserContextOptions]> = [
  ["dark", "", { colorScheme: "dark" }],
  ["light", "#/market/binance/BTCUSDT", { colorScheme: "light" }],
  ["phone", "", { colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }]
]

describe.skipIf(executable === undefined)(`the demo's dashboard${needs}`, { timeout: 180_000 }, () => {
  const show = useBrowser()
  let running: Running
  let url = ""
  beforeAll(async () => {
    running = start(["run"], { cwd: root, env: { TIDEWIRE_TOKEN: TOKEN } })
    await running.until((stdout, stderr) => {
      url = /http:\/\/127\.0\.0\.1:\d+/.exec(stderr.slice(stderr.indexOf("dashboard are served")))?.[0] ?? ""
      return url !== "" && stdout.includes('"trade"')
    })
  }, 60_000)
  afterAll(async () => {
    running?.process.kill("SIGTERM")
    await running?.ended
  })

  it("is there without a step of its own, and its pictures are in the documents", async () => {
    const pages = await Promise.all(
      pictures.map(async ([name, hash, options]) => ({ name, ...(await show(url, hash, options)) }))
    )
    await until(async () => (await fetch(`${url}/health`)).ok, "the demo is not well")
    await pages[0]!.page.waitForTimeout(WARM_MS / 2)
    const reconnected = await fetch(`${url}/api/connections/reconnect`, {
      method: "POST",
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      body: JSON.stringify({ venue: "binance", connection: "BTCUSDT" })
    })
    assert.deepStrictEqual(await reconnected.json(), { connections: ["binance/BTCUSDT"] })
    await pages[0]!.page.waitForTimeout(WARM_MS / 2)
    for (const { complaints, name, page } of pages) {
      await page
        .locator(name === "light" ? "table.ladder" : ".level.ok")
        .first()
        .waitFor()
      const path = `${folder}/dashboard-${name}.png`
      mkdirSync(folder, { recursive: true })
      const image = await page.screenshot(isUpdate ? { path } : {})
      assert.isBelow(image.length, MOST_BYTES, name)
      assert.isBelow(statSync(path, { throwIfNoEntry: false })?.size ?? Number.POSITIVE_INFINITY, MOST_BYTES, path)
      assert.deepStrictEqual(complaints, [])
    }
  })
})
