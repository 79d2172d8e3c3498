import * as fs from "node:fs"
import * as path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import { fixtures, parseLines, start, tidewire } from "./tidewire.ts"

/** The repository: its package.json has an adapter among its dependencies. */
const root = path.resolve(fixtures, "../../../..")

const childrenOf = (pid: number): ReadonlyArray<number> =>
  fs
    .readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter((each) => each !== "")
    .map(Number)

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Looks again until it is so; the test's own time limit is the end of it. */
const eventually = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await wait(10)
}

/** A simulator that is ready, its URLs, and its end. */
const simulator = async (...args: ReadonlyArray<string>) => {
  const running = start(["sim", "--port", "0", "--log-level", "warn", ...args])
  let urls = { url: "", wsUrl: "" }
  await running.until((stdout) => {
    if (!stdout.includes("\n")) return false
    urls = JSON.parse(stdout) as typeof urls
    return true
  })
  return {
    ...urls,
    running,
    [Symbol.asyncDispose]: async () => {
      running.process.kill("SIGTERM")
      await running.ended
    }
  }
}

describe("run without a configuration", () => {
  it("streams four venues with their books from a simulator, and trades on paper, until its duration is over", async () => {
    const { code, stdout } = await tidewire(["run", "--duration", "5s"])
    const events = parseLines(stdout)
    const seen = (type: string) => new Set(events.filter((each) => each["type"] === type).map((each) => each["venue"]))
    assert.strictEqual(code, 0)
    for (const type of ["trade", "book", "quote"]) {
      assert.deepStrictEqual(seen(type), new Set(["binance", "binance-usdm", "bybit", "bybit-linear"]), type)
    }
    const orders = events.filter((each) => each["type"] === "order")
    const last = new Map(orders.map((order) => [order["clientOrderId"], order["status"]]))
    assert.deepStrictEqual([seen("order"), seen("strategy").size], [new Set(["binance-usdm"]), 1])
    assert.isTrue([...last.values()].every((status) => status === "cancelled" || status === "filled"))
    assert.deepStrictEqual(
      new Set(
        events.filter((each) => each["type"] === "bookState" && each["state"] === "live").map((each) => each["symbol"])
      ),
      new Set(["BTCUSDT", "ETHUSDT"])
    )
  })

  it("ends its simulator on a signal", async () => {
    const running = start(["run"])
    await running.until((stdout) => stdout.includes('"trade"'))
    const [pid] = childrenOf(running.process.pid!)
    running.process.kill("SIGINT")
    const { code } = await running.ended
    assert.strictEqual(code, 0)
    assert.isFalse(isAlive(pid!))
  })

  it("leaves no simulator behind when it is killed", async () => {
    const running = start(["run"])
    await running.until((stdout) => stdout.includes('"trade"'))
    const [pid] = childrenOf(running.process.pid!)
    assert.isTrue(isAlive(pid!))
    running.process.kill("SIGKILL")
    await running.exited
    await eventually(() => !isAlive(pid!))
  })
})

describe("sim", () => {
  it("prints its URLs as one JSON line when it is ready, and ends on a signal with 0", async () => {
    const sim = await simulator("--seed", "7", "--symbols", "BTCUSDT")
    const response = await fetch(`${sim.url}/api/v3/exchangeInfo`)
    const { symbols } = (await response.json()) as { symbols: ReadonlyArray<{ symbol: string }> }
    assert.deepStrictEqual(
      symbols.map((each) => each.symbol),
      ["BTCUSDT"]
    )
    sim.running.process.kill("SIGTERM")
    const { code, stdout } = await sim.running.ended
    assert.strictEqual(code, 0)
    assert.strictEqual(stdout, `${JSON.stringify({ url: sim.url, wsUrl: sim.wsUrl })}\n`)
  })

  it("on a port that is taken fails and says so", async () => {
    await using sim = await simulator()
    const { code, stderr, stdout } = await tidewire(["sim", "--port", new URL(sim.url).port])
    assert.deepStrictEqual({ code, stdout }, { code: 1, stdout: "" })
    assert.include(stderr, "EADDRINUSE")
  })
})

describe("S-B1 S-B2 a stream without a file, from a simulator", () => {
  it("finds the adapter among the dependencies, replaces the endpoints, takes symbols in any case", async () => {
    await using sim = await simulator("--seed", "7")
    const args = ["stream", "binance:btcusdt,ETH/USDT", "trades,quotes,book", "--limit", "40"]
    const endpoints = ["--endpoint", `stream=${sim.wsUrl}`, "--endpoint", `rest=${sim.url}`]
    const { code, stdout } = await tidewire([...args, ...endpoints], { cwd: root })
    const market = parseLines(stdout).filter((each) => ["trade", "quote", "book"].includes(String(each["type"])))
    assert.strictEqual(code, 0)
    assert.strictEqual(market.length, 40)
    assert.deepStrictEqual(new Set(market.map((each) => each["symbol"])), new Set(["BTCUSDT", "ETHUSDT"]))
  })

  it("S-A5 exits 1 and says why when the venue does not answer", async () => {
    const nobody = ["--endpoint", "stream=ws://127.0.0.1:9", "--endpoint", "rest=http://127.0.0.1:9"]
    const args = ["stream", "binance:BTCUSDT", "trades", "--start-within", "500ms", ...nobody]
    const { code, stderr, stdout } = await tidewire(args, { cwd: root })
    assert.strictEqual(code, 1)
    assert.deepStrictEqual(
      parseLines(stdout).filter((each) => each["type"] === "trade"),
      []
    )
    assert.match(stderr, /no connection was Active within 500ms; binance\/BTCUSDT \w+.*ECONNREFUSED/)
  })
})
