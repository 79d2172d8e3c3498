/** What an operator does on the page: only with the token, only after it was said what will happen, and told how it went. */
import type { Page } from "playwright-core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { executable, needs, useBrowser } from "./browser.ts"
import { type Instance, open, TOKEN } from "./instance.ts"
import { until } from "./shown.ts"

const give = async (page: Page, token: string): Promise<void> => {
  await page.getByRole("dialog", { name: "Token" }).getByLabel("Token").fill(token)
  await page.getByRole("button", { name: "Go on" }).click()
}

describe.skipIf(executable === undefined)(`actions on the dashboard${needs}`, { timeout: 60_000 }, () => {
  const show = useBrowser()
  let instance: Instance
  beforeAll(async () => void (instance = await open()), 60_000)
  afterAll(() => instance?.end())

  const halted = async () => (await instance.get<{ halted?: string }>("/api/status")).halted

  it("the kill switch asks for the token, says what it does, halts trading, and resumes it", async () => {
    const { page } = await show(instance.url, "#/trading")
    const asked: Array<string> = []
    page.on("request", (request) => asked.push(request.url()))
    await page.getByRole("button", { name: "Kill trading" }).click()
    await give(page, TOKEN)
    const dialog = page.getByRole("dialog", { name: "Kill trading" })
    await dialog.getByText("All trading is halted at once").waitFor()
    assert.isUndefined(await halted())
    await dialog.getByLabel("Reason").fill("the test says so")
    await dialog.getByRole("button", { name: "Kill trading" }).click()
    await dialog.getByText("trading is halted; ").waitFor()
    assert.strictEqual(await halted(), "the test says so")
    await dialog.getByRole("button", { name: "Close" }).click()
    await page.locator(".banner", { hasText: "Trading is halted. the test says so" }).waitFor()
    await until(
      async () => (await instance.get<ReadonlyArray<unknown>>("/api/orders")).length === 0,
      "orders are open after the halt"
    )
    await page.getByText("No order is open.").waitFor()

    await page.getByRole("button", { name: "Resume trading" }).click()
    const resume = page.getByRole("dialog", { name: "Resume trading" })
    await resume.getByLabel("Reason").fill("it is over")
    await resume.getByRole("button", { name: "Resume trading" }).click()
    await resume.getByText("trading is allowed again").waitFor()
    await resume.getByRole("button", { name: "Close" }).click()
    await page.locator(".banner").waitFor({ state: "detached" })
    assert.isUndefined(await halted())

    const kept = await page.evaluate(() => ({
      session: sessionStorage.getItem("tidewire.token"),
      local: JSON.stringify(localStorage),
      address: location.href,
      cookies: document.cookie,
      text: document.body.innerText
    }))
    assert.strictEqual(kept.session, TOKEN)
    assert.notInclude(`${kept.local}${kept.address}${kept.cookies}${kept.text}${asked.join(" ")}`, TOKEN)
    await page.getByRole("button", { name: "Forget token" }).click()
    assert.isNull(await page.evaluate(() => sessionStorage.getItem("tidewire.token")))
  })

  it("a token that is not the token changes nothing, is told, and forgotten", async () => {
    const { page } = await show(instance.url, "#/trading")
    await page.getByRole("button", { name: "Kill trading" }).click()
    await give(page, "some-other-token-of-somebody")
    const dialog = page.getByRole("dialog", { name: "Kill trading" })
    await dialog.getByLabel("Reason").fill("no")
    await dialog.getByRole("button", { name: "Kill trading" }).click()
    await dialog.getByRole("alert").getByText("this is not the token").waitFor()
    assert.isUndefined(await halted())
    assert.isNull(await page.evaluate(() => sessionStorage.getItem("tidewire.token")))
  })

  it("without a token, or with a dialog that is cancelled, nothing is asked of the instance", async () => {
    const { page } = await show(instance.url, "#/trading")
    const changes: Array<string> = []
    page.on("request", (request) => request.method() !== "GET" && changes.push(request.url()))
    await page.getByRole("button", { name: "Kill trading" }).click()
    await page.getByRole("dialog").waitFor()
    await page.keyboard.press("Escape")
    await page.getByRole("dialog").waitFor({ state: "detached" })
    await page.getByRole("button", { name: "Kill trading" }).click()
    await give(page, TOKEN)
    await page.getByRole("dialog", { name: "Kill trading" }).getByRole("button", { name: "Cancel" }).click()
    await page.getByRole("dialog").waitFor({ state: "detached" })
    assert.deepStrictEqual(changes, [])
  })

  it("a connection is rotated, and the one that was meant", async () => {
    const { page } = await show(instance.url, "#/connections")
    await page.getByRole("button", { name: "Manage binance/ETHUSDT" }).click()
    await give(page, TOKEN)
    const dialog = page.getByRole("dialog", { name: "Manage binance/ETHUSDT" })
    await dialog.getByText("nothing is lost").waitFor()
    await dialog.getByRole("button", { name: "Rotate" }).click()
    await dialog.getByText("Asked for: binance/ETHUSDT.").waitFor()
    await until(async () => {
      const all =
        await instance.get<ReadonlyArray<{ venue: string; name: string; rotations: number }>>("/api/connections")
      return (
        all
          .filter(({ rotations }) => rotations > 0)
          .map(({ name, venue }) => `${venue}/${name}`)
          .join() === "binance/ETHUSDT"
      )
    }, "it was not rotated")
  })
})

describe.skipIf(executable === undefined)(`an instance without a token${needs}`, { timeout: 60_000 }, () => {
  const show = useBrowser()
  let instance: Instance
  beforeAll(async () => void (instance = await open({ hasToken: false })), 60_000)
  afterAll(() => instance?.end())

  it("refuses every change, and the page says how to allow it", async () => {
    const { page } = await show(instance.url, "#/trading")
    await page.getByRole("button", { name: "Kill trading" }).click()
    await give(page, TOKEN)
    const dialog = page.getByRole("dialog", { name: "Kill trading" })
    await dialog.getByLabel("Reason").fill("no")
    await dialog.getByRole("button", { name: "Kill trading" }).click()
    await dialog
      .getByRole("alert")
      .getByText(/none is configured; set http.token/)
      .waitFor()
  })
})
