/** The command line while the venue's list changes under it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Simulator } from "@tidewire/simulator"
import { assert, describe, it } from "vitest"
import { tidewire } from "./tidewire.ts"

/** The venue's REST, its list cut down to these symbols. */
const listing = async (simulator: Simulator.Simulator, listed: Set<string>) => {
  const server = createServer((request, response) => {
    void fetch(`${simulator.url}${request.url}`).then(async (answer) => {
      const body = await answer.text()
      response.writeHead(answer.status, { "content-type": "application/json" })
      if (request.url?.includes("exchangeInfo") !== true) return response.end(body)
      const list = JSON.parse(body) as { symbols: Array<{ symbol: string }> }
      list.symbols = list.symbols.filter(({ symbol }) => listed.has(symbol))
      return response.end(JSON.stringify(list))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

describe("S-B2 symbols while a venue runs", () => {
  for (const workers of [0, 2]) {
    it(`workers ${workers}: a new listing is streamed, a symbol that is gone ends with the reason, the others are not touched`, async () => {
      const listed = new Set(["BTCUSDT", "ETHUSDT", "BNBUSDT"])
      const folder = mkdtempSync(join(tmpdir(), "tidewire-"))
      const simulator = await Simulator.start({ seed: 5, rates: { tradesPerSecond: 20 } })
      const { server, url } = await listing(simulator, listed)
      const file = join(folder, "tidewire.json")
      const entry = {
        adapter: "@tidewire/adapter-binance",
        venue: "binance",
        endpoints: { stream: simulator.wsUrl, rest: url },
        workers,
        refreshInstruments: "10s",
        subscriptions: [
          { symbols: ["*USDT"], channels: ["trades"] },
          { symbols: ["BNBUSDT"], channels: ["quotes"] }
        ]
      }
      writeFileSync(file, JSON.stringify({ venues: [entry] }))
      const command = tidewire("stream", "--config", file)
      try {
        const isTradeOf = (symbol: string) =>
          command.until((event) => event.type === "trade" && event.symbol === symbol)
        await Promise.all([...listed].map(isTradeOf))
        listed.delete("BNBUSDT")
        listed.add("SOLUSDT")
        await isTradeOf("SOLUSDT")
        assert.strictEqual(await command.stop(), 0)
        const ends = command.events.flatMap((event) =>
          event.type === "subscription" && event.state === "ended"
            ? [`${event.symbol} ${event.channel}: ${event.reason}`]
            : []
        )
        const gone = ends.findIndex((each) => each.startsWith("BNBUSDT"))
        assert.deepStrictEqual(
          ends.slice(gone, gone + 2),
          ["trades", "quotes"].map((channel) => `BNBUSDT ${channel}: delisted: no longer on the venue's list`)
        )
        // each symbol has a connection of its own, and only that of the one that went has stopped before the end
        const connections = command.events.flatMap((event) =>
          event.type === "connection" && (event.state === "Active" || event.state === "Stopped")
            ? [`${event.connection.replace(/@\d$/, "")} ${event.state}`]
            : []
        )
        assert.deepStrictEqual(connections.slice(3, 5).toSorted(), ["BNBUSDT Stopped", "SOLUSDT Active"])
        assert.deepStrictEqual(
          command.events.filter((event) => event.type === "gap" && event.symbol !== "BNBUSDT"),
          []
        )
        assert.match(command.errors(), /symbols ended.*BNBUSDT \(delisted: no longer on the venue's list\)/)
        assert.match(command.errors(), /symbols added.*SOLUSDT/)
      } finally {
        await command.stop("SIGKILL")
        server.closeAllConnections()
        server.close()
        await simulator.stop()
        rmSync(folder, { recursive: true })
      }
    }, 60_000)
  }
})
