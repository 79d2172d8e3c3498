/** A page that does not hear from the instance says so, and how old everything is that it shows. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { executable, needs, useBrowser } from "./browser.ts"
import { type Instance, open } from "./instance.ts"
import { tableOf, until } from "./shown.ts"

describe.skipIf(executable === undefined)(`a lost instance${needs}`, { timeout: 90_000 }, () => {
  const show = useBrowser()
  let instance: Instance
  beforeAll(async () => void (instance = await open()), 60_000)
  afterAll(() => instance?.end())

  it("one that has stopped is told with the age of what is shown, and is live again when it is", async () => {
    const { page } = await show(instance.url, "#/market/binance/BTCUSDT")
    await page.locator("table.ladder").waitFor()
    await instance.stop()
    const banner = page.locator(".banner.lost")
    await banner.waitFor()
    assert.match(await banner.innerText(), /Not connected for \d+ s\. What you see is as of \d\d:\d\d:\d\d UTC/)
    await page.getByText("no book is shown that may be old").waitFor()
    assert.strictEqual(await page.locator("table.ladder").count(), 0)
    const age = async () => Number(/for (\d+) s/.exec(await banner.innerText())?.[1])
    const before = await age()
    await until(async () => (await age()) > before, "the age does not grow")
    assert.match(await page.getByRole("status").first().innerText(), /Not connected/)

    await instance.restart()
    await banner.waitFor({ state: "detached" })
    await page.locator("table.ladder").waitFor()
    await page.getByText("connected", { exact: true }).waitFor()
  })

  it("one that answers nothing is lost as well, and what it showed stays", async () => {
    const { page } = await show(instance.url, "#/connections")
    await page.getByText("6 of 6 active").waitFor()
    await page.route(/\/(api|health)/, () => undefined)
    await page.locator(".banner.lost").waitFor()
    await page
      .locator(".panel header .state.warn", { hasText: /as of \d+ s ago/ })
      .first()
      .waitFor()
    assert.strictEqual(await tableOf(page, "Connections").locator("tbody tr").count(), 6)
    await page.unrouteAll({ behavior: "ignoreErrors" })
    await page.locator(".banner.lost").waitFor({ state: "detached" })
  })

  it("a page that nobody sees asks for nothing, and goes on when it is seen", async () => {
    const { page } = await show(instance.url, "#/market/binance/BTCUSDT")
    await page.locator("table.ladder").waitFor()
    const hide = (isHidden: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden })
        document.dispatchEvent(new Event("visibilitychange"))
      }, isHidden)
    await hide(true)
    const clients = async () => (await instance.get<{ clients: { ws: number } }>("/api/status")).clients.ws
    await until(async () => (await clients()) === 0, "the socket is open")
    let asked = 0
    page.on("request", () => asked++)
    await page.waitForTimeout(2_500)
    assert.strictEqual(asked, 0)
    await hide(false)
    await page.locator("table.ladder").waitFor()
    await until(async () => (await clients()) === 1, "the socket is not open again")
    assert.isAbove(asked, 0)
  })
})
