/** For everybody: no violations that axe finds in any view and theme, the keyboard alone, a phone's width, calm motion. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { executable, needs, useBrowser } from "./browser.ts"
import { type Instance, open, TOKEN } from "./instance.ts"
import { until } from "./shown.ts"

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

const views = ["Overview", "Connections", "Streams", "Market", "Gaps", "Latency", "Trading", "Alerts"]

/** Of everything that axe knows, its advice included. */
const violations = async (page: Page): Promise<ReadonlyArray<string>> => {
  await page.evaluate(axe)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run: () => Promise<{
          violations: ReadonlyArray<{ id: string; nodes: ReadonlyArray<{ html: string; failureSummary: string }> }>
        }>
      }
    }
    const found = await axe.run()
    return found.violations.flatMap(({ id, nodes }) =>
      nodes.map(({ failureSummary, html }) => `${id}: ${html.slice(0, 160)}: ${failureSummary}`)
    )
  })
}

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    return element.getAttribute("aria-label") ?? element.innerText.split("\n")[0] ?? element.tagName
  })

describe.skipIf(executable === undefined)(`the dashboard for everybody${needs}`, { timeout: 120_000 }, () => {
  const show = useBrowser()
  let instance: Instance
  beforeAll(async () => {
    instance = await open()
    instance.simulator.control.inject({ kind: "kill", filter: { market: "spot" } })
  }, 60_000)
  afterAll(() => instance?.end())

  for (const colorScheme of ["dark", "light"] as const) {
    it(`axe finds nothing in any view, ${colorScheme}`, async () => {
      const { page } = await show(instance.url, "", { colorScheme })
      for (const view of views) {
        await page.getByRole("tab", { name: view }).click()
        await page.waitForTimeout(1_200)
        assert.deepStrictEqual(await violations(page), [], view)
      }
    })

    it(`axe finds nothing in dialogs, and while the instance is lost, ${colorScheme}`, async () => {
      const { page } = await show(instance.url, "#/trading", { colorScheme })
      await page.getByRole("button", { name: "Kill trading" }).click()
      assert.deepStrictEqual(await violations(page), [])
      await page.getByRole("textbox", { name: "Token" }).fill(TOKEN)
      await page.keyboard.press("Enter")
      await page.getByRole("dialog", { name: "Kill trading" }).waitFor()
      assert.deepStrictEqual(await violations(page), [])
      await page.keyboard.press("Escape")
      await page.route(/\/(api|health)/, (route) => route.abort())
      await page.locator(".banner.lost").waitFor()
      assert.deepStrictEqual(await violations(page), [])
    })
  }

  it("the theme is chosen against the system's, and kept", async () => {
    const { page } = await show(instance.url, "", { colorScheme: "dark" })
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const dark = await ground()
    await page.getByRole("button", { name: "Theme: system" }).click()
    await page.getByRole("button", { name: "Theme: light" }).waitFor()
    const light = await ground()
    assert.notStrictEqual(light, dark)
    await page.reload()
    await page.getByRole("button", { name: "Theme: light" }).waitFor()
    assert.strictEqual(await ground(), light)
  })

  it("everything is reached and done with the keyboard alone, and the focus is seen", async () => {
    const { page } = await show(instance.url, "#/trading")
    await page.keyboard.press("Tab")
    assert.strictEqual(await focused(page), "Skip to the view")
    await page.keyboard.press("Enter")
    assert.strictEqual(await page.evaluate(() => document.activeElement?.id), "view")
    await page.keyboard.press("Tab")
    assert.strictEqual(await focused(page), "Kill trading")
    assert.notStrictEqual(await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle), "none")

    await page.keyboard.press("Enter")
    await page.getByRole("dialog", { name: "Token" }).waitFor()
    await page.keyboard.type(TOKEN)
    await page.keyboard.press("Enter")
    const dialog = page.getByRole("dialog", { name: "Kill trading" })
    await dialog.waitFor()
    for (let step = 0; step < 8; step++) {
      await page.keyboard.press("Tab")
      const isInside = await page.evaluate(
        () =>
          document.activeElement === document.body || document.querySelector("dialog")!.contains(document.activeElement)
      )
      assert.isTrue(isInside, "the focus left the dialog")
    }
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    await until(async () => (await focused(page)) === "Kill trading", "the focus is not given back")

    await page.getByRole("tab", { name: "Trading" }).focus()
    for (const [key, view] of [
      ["ArrowRight", "Alerts"],
      ["ArrowRight", "Overview"],
      ["End", "Alerts"],
      ["Home", "Overview"],
      ["ArrowLeft", "Alerts"]
    ] as const) {
      await page.keyboard.press(key)
      assert.include(await focused(page), view)
      assert.strictEqual(
        await page.locator("[role=tab][aria-selected=true]").getAttribute("id"),
        `tab-${view.toLowerCase()}`
      )
    }
    const walked = new Set<string>()
    for (let step = 0; step < 30; step++) {
      await page.keyboard.press("Tab")
      walked.add(await focused(page))
    }
    assert.includeMembers([...walked], ["API", "Skip to the view"], "the focus does not get through the page")
  })

  it("landmarks, headings and captions say what is where", async () => {
    const { page } = await show(instance.url, "#/market/binance/BTCUSDT")
    await page.locator("table.ladder").waitFor()
    const outline = await page.evaluate(() => ({
      landmarks: ["header", "nav", "main", "footer"].map((name) => document.querySelectorAll(`#app > ${name}`).length),
      first: document.querySelectorAll("h1").length,
      uncaptioned: [...document.querySelectorAll("table")].filter(
        // the chart's own layout is in nobody's way: it is hidden from screen readers
        (table) => table.caption === null && table.closest("[aria-hidden=true]") === null
      ).length,
      wordless: [...document.querySelectorAll(".chart")].filter(
        (chart) => (chart.querySelector("figcaption")?.textContent ?? "") === ""
      ).length,
      live: document.querySelectorAll("[aria-live=polite]").length > 0
    }))
    assert.deepStrictEqual(outline, { landmarks: [1, 1, 1, 1], first: 1, uncaptioned: 0, wordless: 0, live: true })
  })

  for (const width of [360, 390, 768]) {
    it(`nothing is wider than a page of ${width} pixels`, async () => {
      const { page } = await show(instance.url, "", { viewport: { width, height: 800 }, hasTouch: width < 500 })
      for (const view of views) {
        await page.getByRole("tab", { name: view }).click()
        await page.waitForTimeout(700)
        const over = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth
        )
        assert.strictEqual(over, 0, view)
      }
    })
  }

  it("nothing moves for who asked for no motion", async () => {
    const { page } = await show(instance.url, "", { reducedMotion: "reduce" })
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll("*")].filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element)
          return animationName !== "none" || transitionDuration !== "0s"
        }).length
    )
    assert.strictEqual(moving, 0)
  })
})
