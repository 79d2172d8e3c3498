/** The command line through real proxies, in front of the simulated venue. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Simulator } from "@tidewire/simulator"
import { afterEach, assert, beforeEach, describe, it } from "vitest"
import * as Proxies from "./proxies.ts"
import { type Command, tidewire } from "./tidewire.ts"

const login = { user: "me", password: "hush-hush" }

let simulator: Simulator.Simulator
let folder: string
let ends: Array<() => unknown>

beforeEach(async () => {
  simulator = await Simulator.start({ seed: 3, rates: { tradesPerSecond: 20 } })
  folder = mkdtempSync(join(tmpdir(), "tidewire-"))
  ends = [() => simulator.stop(), () => rmSync(folder, { recursive: true })]
})

afterEach(async () => {
  for (const end of ends.toReversed()) await end()
})

const stream = (
  venues: ReadonlyArray<Record<string, unknown>>,
  secret: string,
  ...flags: ReadonlyArray<string>
): Command => {
  const file = join(folder, "tidewire.json")
  const subscriptions = [{ symbols: ["BTCUSDT"], channels: ["trades", "book"] }]
  const entries = venues.map((each) => ({ adapter: "@tidewire/adapter-binance", subscriptions, ...each }))
  writeFileSync(file, JSON.stringify({ venues: entries }))
  process.env["TEST_PROXY"] = secret
  const command = tidewire("stream", "--config", file, ...flags)
  ends.push(() => command.stop("SIGKILL"))
  return command
}

/** There is no such host: only a proxy can get there. */
const beyond = { stream: "ws://venue.invalid:9", rest: "http://venue.invalid:9" }

const isTrade = (venue: string) => (event: { readonly type: string; readonly venue: string }) =>
  event.type === "trade" && event.venue === venue

for (const [name, scheme, make] of [
  ["an HTTP proxy", "http", Proxies.http],
  ["a SOCKS proxy", "socks5h", Proxies.socks]
] as const) {
  describe(name, () => {
    let proxy: Proxies.Proxy
    beforeEach(async () => {
      proxy = await make(Number(new URL(simulator.url).port), login)
      ends.push(proxy.stop)
    })
    const url = (password: string) => `${scheme}://${login.user}:${password}@127.0.0.1:${proxy.port}`
    const through = { venue: "binance", endpoints: beyond, proxy: { env: "TEST_PROXY" } }

    it("carries the sockets and the requests of its venue, and of no other", async () => {
      const direct = { venue: "binance-usdm", endpoints: { stream: simulator.wsUrl, rest: simulator.url } }
      const command = stream([through, direct], url(login.password))
      const isLive = (venue: string) =>
        command.until((event) => event.type === "bookState" && event.venue === venue && event.state === "live")
      await Promise.all([isLive("binance"), isLive("binance-usdm"), command.until(isTrade("binance"))])
      assert.strictEqual(await command.stop(), 0)
      assert.deepStrictEqual(
        new Set(proxy.tunnels),
        new Set(
          ["exchangeInfo", "depth"]
            .map((each) => `venue.invalid:9 GET /api/v3/${each}`)
            .concat("venue.invalid:9 GET /stream")
        )
      )
      assert.notInclude(command.errors() + JSON.stringify(command.events), login.password)
    }, 60_000)

    it("that cuts a connection is gone through again", async () => {
      const command = stream([through], url(login.password))
      await command.until(isTrade("binance"))
      proxy.cut()
      await command.until((event) => event.type === "connection" && event.state === "Reconnecting")
      const before = command.events.length
      await command.until(
        (event) => command.events.length > before && isTrade("binance")(event) && command.events.indexOf(event) > before
      )
      assert.strictEqual(await command.stop(), 0)
      assert.strictEqual(proxy.tunnels.filter((each) => each.endsWith("GET /stream")).length, 2)
    }, 60_000)

    it("that refuses is named, without the password", async () => {
      const command = stream([through], url("wrong-hush"), "--start-within", "2s")
      assert.strictEqual(await command.exit, 1)
      const why = scheme === "http" ? "it answered with HTTP 407" : "Socks5 Authentication failed"
      assert.include(command.errors(), `ConnectionFailed: the proxy ${scheme}://127.0.0.1:${proxy.port}: ${why}`)
      assert.include(command.errors(), "the list of instruments did not come")
      assert.notInclude(command.errors() + JSON.stringify(command.events), "wrong-hush")
      assert.deepStrictEqual(proxy.tunnels, [])
    }, 60_000)

    it("that is not there is named", async () => {
      const secret = url(login.password)
      await proxy.stop()
      const command = stream([through], secret, "--start-within", "2s")
      assert.strictEqual(await command.exit, 1)
      const why = `connect ECONNREFUSED 127.0.0.1:${proxy.port}`
      assert.include(command.errors(), `ConnectionFailed: the proxy ${scheme}://127.0.0.1:${proxy.port}: ${why}`)
      assert.notInclude(command.errors(), login.password)
    }, 60_000)
  })
}
