/** SIGUSR2 while the command line streams from the simulated venue. */
import { Simulator } from "@tidewire/simulator"
import { assert, describe, it } from "vitest"
import { tidewire } from "./tidewire.ts"

const symbols = ["BTCUSDT", "ETHUSDT"]

describe.skipIf(process.platform === "win32")("SIGUSR2", () => {
  it("replaces every connection, and nothing is lost or told twice by it", async () => {
    const simulator = await Simulator.start({ seed: 8, rates: { tradesPerSecond: 50 } })
    const endpoints = ["--endpoint", `stream=${simulator.wsUrl}`, "--endpoint", `rest=${simulator.url}`]
    const command = tidewire("stream", `binance:${symbols.join(",")}`, "trades,book", ...endpoints)
    const idsOf = (symbol: string) =>
      command.events.flatMap((event) => (event.type === "trade" && event.symbol === symbol ? [Number(event.id)] : []))
    const furtherTrades = (count: number) =>
      Promise.all(
        symbols.map((symbol) => {
          const wanted = idsOf(symbol).length + count
          let seen = 0
          return command.until((event) => event.type === "trade" && event.symbol === symbol && ++seen >= wanted)
        })
      )
    try {
      await furtherTrades(20)
      const before = simulator.stats().connections.map(({ id }) => id)
      command.signal("SIGUSR2")
      while (simulator.stats().connections.some(({ id }) => before.includes(id))) await furtherTrades(1)
      await furtherTrades(20)
      assert.strictEqual(await command.stop(), 0)
      const gaps = command.events.filter((event) => event.type === "gap")
      for (const symbol of symbols) {
        const ids = idsOf(symbol)
        assert.deepStrictEqual(
          ids,
          Array.from({ length: ids.length }, (_, index) => ids[0]! + index)
        )
      }
      assert.deepStrictEqual(gaps, [])
      const account = /\{"message":"stopped".*/.exec(command.errors())?.[0]
      const { reconnects, rotations } = JSON.parse(account!).annotations
      assert.deepStrictEqual([before.length, reconnects, rotations], [2, 0, 2])
      assert.match(command.errors(), /"triedAgain":"none","replaced":"binance\/BTCUSDT, binance\/ETHUSDT"/)
    } finally {
      await command.stop("SIGKILL")
      await simulator.stop()
    }
  }, 60_000)
})
