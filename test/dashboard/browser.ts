/**
 * A real Chromium with the page in it. What a page must never do is watched from its first request on: errors on the console, and
 * requests to another host.
 */
import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from "playwright-core"
import { afterAll, afterEach, beforeAll } from "vitest"

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"]

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** `CHROMIUM` names it, else it is looked for by its names. */
export const executable: string | undefined =
  process.env["CHROMIUM"] ??
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find(isExecutable)

if (executable === undefined && process.env["CI"] === "true") {
  throw new Error("the dashboard's tests need a browser: apt-get install chromium, or CHROMIUM=/path/to/chromium")
}

/** For the title of what is skipped without it. */
export const needs = executable === undefined ? " (skipped: no chromium in PATH, and CHROMIUM is not set)" : ""

export interface Seen {
  readonly page: Page
  /** Errors and warnings of the console, exceptions that nobody caught. */
  readonly complaints: ReadonlyArray<string>
  /** Hosts that were asked for anything. */
  readonly hosts: ReadonlySet<string>
}

/** One browser for a file of tests. */
export const useBrowser = () => {
  let browser: Browser | undefined
  const open = new Set<BrowserContext>()
  beforeAll(async () => {
    if (executable === undefined) return
    const args = ["--js-flags=--expose-gc", ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])]
    browser = await chromium.launch({ executablePath: executable, args })
  }, 60_000)
  afterEach(async () => {
    for (const context of open) await context.close()
    open.clear()
  })
  afterAll(() => browser?.close())

  /** `hash` says which view, as in `#/market/binance/BTCUSDT`. */
  return async (url: string, hash = "", options: BrowserContextOptions = {}): Promise<Seen> => {
    const context = await browser!.newContext({ viewport: { width: 1440, height: 900 }, ...options })
    open.add(context)
    const page = await context.newPage()
    page.setDefaultTimeout(15_000)
    const complaints: Array<string> = []
    const hosts = new Set<string>()
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") complaints.push(message.text())
    })
    page.on("pageerror", ({ message }) => complaints.push(message))
    page.on("request", (request) => hosts.add(new URL(request.url()).host))
    page.on("websocket", (socket) => hosts.add(new URL(socket.url()).host))
    await page.goto(`${url}/${hash}`)
    await page.getByText("connected", { exact: true }).waitFor()
    return { page, complaints, hosts }
  }
}
