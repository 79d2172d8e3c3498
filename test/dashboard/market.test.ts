/** One market live: the book, the bars and the trades are the venue's own. */
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { executable, needs, useBrowser } from "./browser.ts"
import { type Instance, open } from "./instance.ts"
import { rowsOf, tableOf, until } from "./shown.ts"

type Level = readonly [price: number, size: number]

interface Book {
  readonly sequence: number
  readonly bids: ReadonlyArray<Level>
  readonly asks: ReadonlyArray<Level>
}

const DEPTH = 14

describe.skipIf(executable === undefined)(`a market on the dashboard${needs}`, { timeout: 60_000 }, () => {
  const show = useBrowser()
  let instance: Instance
  beforeAll(async () => void (instance = await open({ rates: { tradesPerSecond: 10, ordersPerSecond: 40 } })), 60_000)
  afterAll(() => instance?.end())

  it("the ladder is the book, level by level, at the same sequence", async () => {
    const { complaints, page } = await show(instance.url, "#/market/binance/BTCUSDT")
    const ladder = page.locator("table.ladder")
    await ladder.waitFor()
    const first = Number(await ladder.getAttribute("data-sequence"))
    await until(async () => Number(await ladder.getAttribute("data-sequence")) > first + 50, "the book does not move")
    let same = 0
    await until(async () => {
      const answer = await instance.get<Book>(`/api/books/binance/BTCUSDT?depth=${DEPTH}`)
      const shown = await ladder.evaluate((table) => ({
        sequence: Number(table.dataset["sequence"]),
        levels: [...table.querySelectorAll("tr.ask, tr.bid")].map((row) =>
          [...row.querySelectorAll("td")].slice(0, 2).map((cell) => Number(cell.innerText.replaceAll(",", "")))
        )
      }))
      if (shown.sequence !== answer.sequence) return false
      assert.deepStrictEqual(shown.levels, [...answer.asks.toReversed(), ...answer.bids] as unknown as Array<
        Array<number>
      >)
      return ++same >= 3
    }, "the page and the API never were at the same sequence")
    assert.deepStrictEqual(complaints, [])
  })

  it("trades are those of the venue, newest first, and bars are its bars", async () => {
    const { complaints, page } = await show(instance.url, "#/market/binance-usdm/ETHUSDT")
    const tape = tableOf(page, "Latest trades, newest first")
    await tape.waitFor()
    await until(async () => (await rowsOf(tape)).length >= 20, "no twenty trades")
    const shown = (await rowsOf(tape)).slice(0, 20)
    const events = await instance.get<
      ReadonlyArray<{ price: number; size: number; side: string; exchangeTime: number }>
    >("/api/events?venue=binance-usdm&symbol=ETHUSDT&channel=trades&limit=200")
    const known = new Set(
      events.map(({ exchangeTime, price, side, size }) =>
        JSON.stringify([new Date(exchangeTime).toISOString().slice(11, 23), side, price, size])
      )
    )
    const unknown = shown
      .map(([time, side = "", price = "", size = ""]) =>
        JSON.stringify([time, side.slice(2), Number(price.replaceAll(",", "")), Number(size.replaceAll(",", ""))])
      )
      .filter((each) => !known.has(each))
    assert.deepStrictEqual(unknown, [])
    const times = shown.map(([time]) => time!)
    assert.deepStrictEqual(times, times.toSorted().toReversed())
    await until(async () => {
      const bars = await instance.get<ReadonlyArray<{ open: number }>>("/api/bars/binance-usdm/ETHUSDT/1m?limit=1")
      const text = (await page.locator(".last").innerText()).replaceAll(",", "")
      return Number(/open ([\d.]+)/.exec(text)?.[1]) === bars[0]!.open
    }, "the last bar is another one")
    assert.deepStrictEqual(complaints, [])
  })

  it("another symbol and another interval are chosen, and only what is shown is subscribed", async () => {
    const { complaints, page } = await show(instance.url, "#/market/binance/BTCUSDT")
    const sent: Array<string> = []
    page.on("websocket", (socket) => socket.on("framesent", ({ payload }) => sent.push(String(payload))))
    await page.reload()
    await page.locator("table.ladder").waitFor()
    await page.getByLabel("Symbol").selectOption("ETHUSDT")
    await until(() => sent.some((each) => each.includes('"unsubscribe"')), "nothing was unsubscribed")
    await until(
      async () => Number((await rowsOf(page.locator("table.ladder")))[0]?.[0]?.replaceAll(",", "")) < 10_000,
      "no ETH book"
    )
    await page.getByRole("button", { name: "5m", exact: true }).click()
    await page.locator(".last", { hasText: "5m: open" }).waitFor()
    assert.strictEqual(new URL(page.url()).hash, "#/market/binance/ETHUSDT")
    const wanted = new Set<string>()
    for (const each of sent.map((text) => JSON.parse(text) as { op: string; symbol: string; type: string })) {
      if (each.op === "subscribe") wanted.add(`${each.symbol} ${each.type}`)
      else wanted.delete(`${each.symbol} ${each.type}`)
    }
    assert.deepStrictEqual([...wanted].toSorted(), [
      "ETHUSDT bar",
      "ETHUSDT book",
      "ETHUSDT bookState",
      "ETHUSDT trade"
    ])
    await page.getByRole("tab", { name: "Overview" }).click()
    await until(
      async () => (await instance.get<{ clients: { ws: number } }>("/api/status")).clients.ws === 0,
      "the socket stays"
    )
    assert.deepStrictEqual(complaints, [])
  })
})
