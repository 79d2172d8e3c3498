/**
 * Live trading on the simulator, through the command line: orders are really there, a stop takes them back, and what is secret
 * is nowhere that anybody could read it, whatever goes wrong.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import type { Fault } from "@tidewire/simulator"
import * as TapeReader from "../src/record/TapeReader.ts"
import { account, configuration, exchange, place } from "./live.ts"
import { parseLines } from "./tidewire.ts"

const flags = (folder: string): ReadonlyArray<string> => [
  "--live",
  "--drain",
  "5s",
  "--log-level",
  "trace",
  "--record",
  path.join(folder, "tape")
]

/** Every byte that a run has left in its folder. */
const filesOf = (folder: string): string =>
  fs
    .readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => fs.readFileSync(file, "latin1"))
    .join("\n")

/** Everything that a run has recorded. */
const recordingOf = (folder: string): string => {
  const text = [...TapeReader.read(path.join(folder, "tape"))].map(({ payload }) =>
    Buffer.from(payload).toString("latin1")
  )
  // it did record
  assert.isAbove(text.length, 10)
  return text.join("\n")
}

/** What must be nowhere, and where it was found. */
const leaks = (texts: Readonly<Record<string, string>>, secrets: Readonly<Record<string, string>>) =>
  Object.entries(texts).flatMap(([place, text]) =>
    Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [`${name} in ${place}`] : []))
  )

const secretsOf = (more: Readonly<Record<string, string>> = {}) => ({
  key: account.key,
  secret: account.secret,
  signature: "signature=",
  header: "X-MBX-APIKEY",
  ...more
})

/** The account's, which stays the same for as long as it is alive. */
const listenKeyOf = async (url: string): Promise<string> => {
  const headers = { "X-MBX-APIKEY": account.key }
  const response = await fetch(`${url}/fapi/v1/listenKey`, { method: "POST", headers })
  const { listenKey } = (await response.json()) as { readonly listenKey: string }
  assert.isAbove(listenKey.length, 32)
  return listenKey
}

describe("run --live on the simulator", () => {
  for (const venue of ["binance", "binance-usdm"]) {
    it(`${venue}: an order is at the venue, a signal cancels it, and nothing secret is told`, async () => {
      await using sim = await exchange()
      using made = place(configuration(venue, sim.simulator))
      const running = made.run(...flags(made.path))
      await running.until((stdout) => stdout.includes('"status":"open"'))
      const [order] = sim.truth().orders
      running.process.kill("SIGINT")
      const { code, stderr, stdout } = await running.ended
      const told = parseLines(stdout).filter((each) => each["type"] === "order")
      assert.strictEqual(code, 0, stderr)
      assert.deepStrictEqual([order?.price, order?.size, order?.status], ["60000", "0.01", "open"])
      assert.deepStrictEqual([...new Set(told.map((each) => each["status"]))], ["sent", "open", "cancelled"])
      assert.deepStrictEqual(
        sim.truth().orders.map(({ clientId, status }) => [clientId, status]),
        [[told[0]?.["clientOrderId"], "cancelled"]]
      )
      const texts = { stdout, stderr, files: filesOf(made.path), recording: recordingOf(made.path) }
      const listenKey = venue === "binance" ? account.key : await listenKeyOf(sim.simulator.url)
      assert.deepStrictEqual(leaks(texts, secretsOf({ listenKey })), [])
    }, 40_000)
  }

  const isRefused = (stdout: string): boolean => stdout.includes("-1022") && stdout.includes('"status":"rejected"')
  const provoked: ReadonlyArray<{
    readonly title: string
    readonly faults: ReadonlyArray<Fault>
    readonly secret?: string
    /** What it is known by. */
    readonly isThere: (stdout: string, stderr: string) => boolean
  }> = [
    {
      title: "a wrong secret",
      faults: [],
      secret: "anotheranother9876543210",
      // market data too, so that there is something to record
      isThere: (stdout, stderr) => stderr.includes('"ReconciliationFailed"') && stdout.split("\n").length > 50
    },
    {
      title: "an order that the venue refuses for its signature",
      faults: [
        {
          kind: "rejectOrder",
          request: "place",
          code: -1022,
          msg: "Signature for this request is not valid.",
          count: 1
        }
      ],
      isThere: isRefused
    },
    {
      title: "HTTP errors",
      faults: [{ kind: "rest", status: 503, path: "/fapi/v1/listenKey", count: 3 }],
      isThere: (stdout, stderr) => stderr.includes("503") && stdout.includes('"status":"open"')
    }
  ]
  for (const { faults, isThere, secret, title } of provoked) {
    it(`nothing secret is told of ${title}`, async () => {
      await using sim = await exchange()
      for (const fault of faults) sim.simulator.control.inject(fault)
      using made = place(configuration("binance-usdm", sim.simulator), secret)
      const running = made.run(...flags(made.path))
      await running.until(isThere)
      running.process.kill("SIGINT")
      const { stderr, stdout } = await running.ended
      const texts = { stdout, stderr, files: filesOf(made.path), recording: recordingOf(made.path) }
      const listenKey = await listenKeyOf(sim.simulator.url)
      assert.deepStrictEqual(leaks(texts, secretsOf({ listenKey, ...(secret !== undefined && { wrong: secret }) })), [])
    }, 40_000)
  }
})
