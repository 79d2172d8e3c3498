/**
 * The API under a load of 50 streaming clients, one of them stuck: what it costs the engine. Seconds without and with them take
 * turns, so that what else the machine does is in both.
 */
import { spawn } from "node:child_process"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { setTimeout as wait } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import { fixtures, parseLines } from "../tidewire.ts"
import { binance, serve } from "./served.ts"

const CLIENTS = 50
const TURNS = 4
const SECONDS = 4

/** What seconds differ by on a quiet machine, too, µs. */
const LEAST_NOISE = 500

/** One second as the stopwatch has it, µs. */
interface Second {
  readonly time: number
  readonly count: number
  readonly p50: number
  readonly p90: number
  readonly p99: number
}

const listeners = (url: string) => {
  const program = fileURLToPath(new URL("listeners.ts", import.meta.url))
  const child = spawn(process.execPath, [program, new URL(url).port, String(CLIENTS)], {
    stdio: ["pipe", "pipe", "inherit"]
  })
  let printed = ""
  child.stdout.on("data", (data: Buffer) => (printed += data.toString()))
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()))
  return async () => {
    child.stdin.end()
    await ended
    return JSON.parse(printed) as ReadonlyArray<number>
  }
}

const seconds = (log: string): ReadonlyArray<Second> =>
  parseLines(log.slice(0, log.lastIndexOf("\n"))).flatMap(({ annotations, message, timestamp }) =>
    message === "measured" ? [{ ...(annotations as Second), time: Date.parse(String(timestamp)) }] : []
  )

const median = (values: ReadonlyArray<number>): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Of the middle half. */
const spread = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.75)]! - sorted[Math.floor(sorted.length * 0.25)]!
}

type Status = {
  readonly clients: { readonly sse: number; readonly ws: number; readonly lost: number }
  readonly process: { readonly rssBytes: number; readonly cpuPercent: number }
}

describe("S-A9 fifty clients, one of them stuck", () => {
  it("leave the time from the socket to the handler as it was, and memory bounded", { timeout: 120_000 }, async () => {
    const symbols = ["BTCUSDT", "ETHUSDT"]
    const served = await serve({
      simulator: { seed: 7, rates: { tradesPerSecond: 100, ordersPerSecond: 200 } },
      venues: (simulator) => [binance(simulator, { subscriptions: [{ symbols, channels: ["bars:1m"] }] })],
      rest: {
        engine: {
          mode: "paper",
          strategies: [
            { module: path.join(fixtures, "strategies/stopwatch.ts"), options: { venue: "binance", symbols } }
          ]
        }
      }
    })
    await using _ = served
    await wait(2_000)
    const [without, withClients]: [Array<Second>, Array<Second>] = [[], []]
    let bytes: ReadonlyArray<number> = []
    let busy: Status | undefined
    const memory: Array<number> = []
    for (let turn = 0; turn < TURNS * 2; turn++) {
      const isBusy = turn % 2 === 1
      const end = isBusy ? listeners(served.url) : undefined
      if (isBusy) await served.until<Status>("/api/status", ({ clients }) => clients.sse + clients.ws === CLIENTS)
      // the second in which they come is of neither
      await wait(1_000)
      const from = Date.now()
      await wait(SECONDS * 1_000)
      const to = Date.now()
      const measured = seconds(served.log()).filter(({ time }) => time - 1_000 >= from && time <= to)
      ;(isBusy ? withClients : without).push(...measured)
      if (end === undefined) continue
      busy = (await served.get("/api/status")).body as Status
      const { rssBytes } = busy.process
      memory.push(rssBytes)
      bytes = await end()
      await served.until<Status>("/api/status", ({ clients }) => clients.sse + clients.ws === 0)
    }
    const figures = (all: ReadonlyArray<Second>) => ({
      events: median(all.map(({ count }) => count)),
      p50: median(all.map(({ p50 }) => p50)),
      p90: median(all.map(({ p90 }) => p90)),
      p99: median(all.map(({ p99 }) => p99))
    })
    const [alone, loaded] = [figures(without), figures(withClients)]
    const noise = spread(without.map(({ p99 }) => p99))
    process.stdout.write(
      `socket to handler, us: alone ${JSON.stringify(alone)}, with ${CLIENTS} clients ${JSON.stringify(loaded)}, noise of p99 ${noise}, ${String(busy?.process.cpuPercent)} % of a core\n`
    )
    assert.isAtLeast(Math.min(without.length, withClients.length), TURNS * 2)
    assert.isAbove(loaded.events, alone.events * 0.7)
    // what 49 of them read is what all of them were sent
    assert.isAbove(Math.min(...bytes.slice(0, -1)), 100_000)
    assert.isBelow(bytes.at(-1)!, 2_000)
    assert.isBelow(Math.max(...memory) - memory[0]!, 64 * 1024 * 1024)
    // within what a second differs from another without anybody
    assert.isAtMost(loaded.p99, alone.p99 + Math.max(noise, LEAST_NOISE))
  })
})
