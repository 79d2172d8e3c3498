/** Each view shows what the API says, and nothing else is asked of anybody. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { executable, needs, useBrowser } from "./browser.ts"
import { type Instance, open } from "./instance.ts"
import { answered, rowsOf, tableOf } from "./shown.ts"

interface Venue {
  readonly name: string
  readonly connections: { readonly active: number; readonly total: number }
  readonly counts: { readonly delivered: number; readonly dropped: number }
  readonly gaps: number
  readonly gapsRepaired: number
}

const grouped = (value: number) => value.toLocaleString("en-GB")

describe.skipIf(executable === undefined)(`the dashboard's views${needs}`, { timeout: 60_000 }, () => {
  const show = useBrowser()
  let instance: Instance
  beforeAll(async () => void (instance = await open()), 60_000)
  afterAll(() => instance?.end())

  it("S-C8 S-A7 the overview shows four levels of health, the totals and each venue", async () => {
    const { complaints, hosts, page } = await show(instance.url)
    const levels = await answered(
      page,
      "/health",
      ({
        levels
      }: {
        levels: Record<"application" | "connections" | "data", { status: string }> & {
          collectors: Array<{ status: string }>
        }
      }) => [
        ["Application", levels.application.status],
        ["Collectors", levels.collectors[0]!.status],
        ["Connections", levels.connections.status],
        ["Data", levels.data.status]
      ],
      () =>
        page
          .locator(".level")
          .evaluateAll((all) =>
            all.map((each) => [
              each.querySelector("h2")!.innerText,
              each.querySelector<HTMLElement>(".state")!.innerText
            ])
          )
    )
    assert.deepStrictEqual(
      levels.map(([, status]) => status),
      ["ok", "ok", "ok", "ok"]
    )
    await answered(
      page,
      "/api/status",
      ({ venues }: { venues: ReadonlyArray<Venue> }) =>
        venues.map(({ connections, counts, gaps, gapsRepaired, name }) => [
          name,
          `${connections.active} of ${connections.total}`,
          grouped(counts.delivered),
          grouped(counts.dropped),
          grouped(gaps),
          grouped(gaps - gapsRepaired)
        ]),
      async () => (await rowsOf(tableOf(page, "Venues"))).map((row) => row.toSpliced(2, 1))
    )
    const rate = page.locator(".figure", { hasText: "Events a second" }).locator("b")
    assert.isAbove(Number((await rate.innerText()).replaceAll(",", "")), 10)
    assert.deepStrictEqual([complaints, [...hosts]], [[], [new URL(instance.url).host]])
  })

  it("S-A7 connections are shown with their state, attempts and counts, and the changes that led there", async () => {
    const { complaints, page } = await show(instance.url, "#/connections")
    await answered(
      page,
      "/api/connections",
      (
        all: ReadonlyArray<{
          venue: string
          name: string
          state: string
          attempt: number
          reconnects: number
          rotations: number
        }>
      ) =>
        all.map(({ attempt, name, reconnects, rotations, state, venue }) => [
          `${venue}/${name}`,
          state,
          String(attempt),
          String(reconnects),
          String(rotations)
        ]),
      async () =>
        (await rowsOf(tableOf(page, "Connections"))).map(
          ([name = "", state = "", , attempt = "", , reconnects = "", rotations = ""]) => [
            name,
            state,
            attempt,
            reconnects,
            rotations
          ]
        )
    )
    const changes =
      await instance.get<ReadonlyArray<{ venue: string; connection: string; state: string }>>(
        "/api/connections/history"
      )
    const shown = await rowsOf(tableOf(page, "Changes of connections"))
    assert.deepStrictEqual(
      shown.map(([, name, state]) => [name, state]),
      changes.toReversed().map(({ connection, state, venue }) => [`${venue}/${connection}`, state])
    )
    assert.deepStrictEqual(complaints, [])
  })

  it("streams are shown with their rates and counts, are ordered by a column, and filtered", async () => {
    const { complaints, page } = await show(instance.url, "#/streams")
    const table = tableOf(page, "Streams")
    await answered(
      page,
      "/api/streams",
      (
        all: ReadonlyArray<{
          venue: string
          symbol: string
          channel: string
          state: string
          delivered: number
          dropped: number
          gaps: number
        }>
      ) =>
        all.map(({ channel, delivered, dropped, gaps, state, symbol, venue }) => [
          venue,
          symbol,
          channel,
          state,
          grouped(delivered),
          grouped(dropped),
          grouped(gaps)
        ]),
      async () => (await rowsOf(table)).map((row) => [...row.slice(0, 4), row[7] ?? "", row[9] ?? "", row[11] ?? ""])
    )
    await page.getByRole("button", { name: "Events/s" }).click()
    const rates = (await rowsOf(table)).map((row) => Number(row[5]))
    assert.deepStrictEqual(
      rates,
      rates.toSorted((one, other) => other - one)
    )
    assert.strictEqual(await page.locator("th[aria-sort=descending]").innerText(), "Events/s▾")
    await page.getByRole("searchbox").fill("usdm eth book")
    assert.deepStrictEqual(
      (await rowsOf(table)).map((row) => row.slice(0, 3)),
      [["binance-usdm", "ETHUSDT", "book"]]
    )
    await page.getByRole("searchbox").fill("nothing like it")
    await page.getByText("No stream is like that.").waitFor()
    assert.deepStrictEqual(complaints, [])
  })

  it("what trades is shown to the last digit: strategies, orders, positions, balances, fills", async () => {
    const { complaints, page } = await show(instance.url, "#/trading")
    interface Engine {
      readonly orders: ReadonlyArray<{
        venue: string
        symbol: string
        side: string
        size: string
        price: string
        filled: string
        status: string
      }>
      readonly venues: ReadonlyArray<{ balances: ReadonlyArray<{ venue: string; asset: string; total: string }> }>
      readonly strategies: ReadonlyArray<{ name: string; state: string }>
    }
    const plain = (text: string) => text.replaceAll(",", "").replace(/^[▲▼] /, "")
    const cut = (rows: ReadonlyArray<ReadonlyArray<string>>, columns: number) =>
      rows.map((row) => row.slice(0, columns).map(plain))
    await answered(
      page,
      "/api/engine",
      ({ orders, strategies, venues }: Engine) => ({
        orders: orders.map(({ filled, price, side, size, status, symbol, venue }) => [
          `${venue} ${symbol}`,
          side,
          size,
          price,
          filled,
          status
        ]),
        balances: venues.flatMap(({ balances }) => balances.map(({ asset, total, venue }) => [venue, asset, total])),
        strategies: strategies.map(({ name, state }) => [name, state])
      }),
      async () => ({
        orders:
          (await tableOf(page, "Open orders").count()) === 0 ? [] : cut(await rowsOf(tableOf(page, "Open orders")), 6),
        balances: cut(await rowsOf(tableOf(page, "Balances")), 3),
        strategies: cut(await rowsOf(tableOf(page, "Strategies")), 2)
      }),
      20
    )
    const fills = await instance.get<ReadonlyArray<unknown>>("/api/fills?limit=100")
    if (fills.length > 0) await tableOf(page, "Latest fills").waitFor()
    assert.deepStrictEqual(complaints, [])
  })

  it("S-D4 latency is shown hop by hop", async () => {
    const { complaints, page } = await show(instance.url, "#/latency")
    await answered(
      page,
      "/api/latency",
      (all: ReadonlyArray<{ hop: string; venue: string; count: number }>) =>
        all.map(({ count, hop, venue }) => [hop, venue, grouped(count)]),
      async () =>
        (await rowsOf(tableOf(page, "Latency by hop"))).map(([hop = "", venue = "", ...row]) => [
          hop,
          venue,
          row.at(-1)
        ])
    )
    assert.isAbove((await rowsOf(tableOf(page, "Latency by hop"))).length, 2)
    assert.deepStrictEqual(complaints, [])
  })

  it("views without anything to show say so", async () => {
    const { complaints, page } = await show(instance.url, "#/gaps")
    await page.getByText("No gap was told.").waitFor()
    await page.getByRole("tab", { name: "Alerts" }).click()
    await page.getByText("No alert is active.").waitFor()
    assert.deepStrictEqual(complaints, [])
  })
})
