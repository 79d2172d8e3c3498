/** What the page shows, held against what the API said: each time the API answers, until the page is drawn with it. */
import { setTimeout as wait } from "node:timers/promises"
import type { Locator, Page } from "playwright-core"

/** How long a drawing may take. */
const DRAWN_MS = 300

/**
 * Waits for an answer to `path` that the page shows as `expected` says; fails with the last two that differed. `read` gives what the
 * page shows.
 */
export const answered = async <A, B>(
  page: Page,
  path: string,
  expected: (answer: A) => B,
  read: () => Promise<B>,
  tries = 8
): Promise<B> => {
  let last = ""
  for (let index = 0; index < tries; index++) {
    const response = await page.waitForResponse((each) => new URL(each.url()).pathname === path && each.status() < 500)
    const wanted = expected((await response.json()) as A)
    const end = performance.now() + DRAWN_MS
    while (performance.now() < end) {
      const seen = await read()
      if (JSON.stringify(seen) === JSON.stringify(wanted)) return seen
      last = `the page shows ${JSON.stringify(seen)}, the API said ${JSON.stringify(wanted)}`
      await wait(20)
    }
  }
  throw new Error(`${path}: ${last}`)
}

/** The cells of a table, row by row, without those that there is no room for. */
export const rowsOf = (table: Locator): Promise<ReadonlyArray<ReadonlyArray<string>>> =>
  table
    .locator("tbody tr:not(.spacer)")
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll<HTMLElement>("td, th")]
          .filter((cell) => cell.offsetParent !== null)
          .map((cell) => cell.innerText.trim())
      )
    )

/** A table by its caption. */
export const tableOf = (page: Page, caption: string): Locator =>
  page.locator("table").filter({ has: page.locator("caption", { hasText: new RegExp(`^${caption}$`) }) })

export const until = async (
  holds: () => Promise<boolean> | boolean,
  what: string,
  withinMs = 20_000
): Promise<void> => {
  const end = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms: ${what}`)
    await wait(50)
  }
}
