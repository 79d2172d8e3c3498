/**
 * Live trading on the simulator, through the command line: orders are really there, a stop takes them back, and what is secret
 * is nowhere that anybody could read it, whatever goes wrong.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { type AccountDefinition, type Fault, Simulator } from "@tidewire/simulator"
import { fixtures, folder, parseLines, start } from "./tidewire.ts"

/** The repository: its package.json has the adapter among its dependencies. */
const root = path.resolve(fixtures, "../../../..")

const account = { key: "keykeykeykey0123456789", secret: "secretsecret9876543210" }

const exchange = async () => {
  const accounts: ReadonlyArray<AccountDefinition> = [account]
  const simulator = await Simulator.start({ seed: 3, accounts })
  return { simulator, [Symbol.asyncDispose]: () => simulator.stop() }
}

const configuration = (venue: string, { url, wsUrl }: Simulator.Simulator) => ({
  venues: [
    {
      adapter: "@tidewire/adapter-binance",
      venue,
      endpoints: { stream: wsUrl, rest: url, api: wsUrl },
      options: { apiKey: { env: "VENUE_KEY" }, apiSecret: { env: "VENUE_SECRET" } }
    }
  ],
  engine: {
    mode: "live",
    journal: "journal.sqlite",
    // the account has a coin from the beginning
    risk: { maxPosition: "100000" },
    strategies: [
      {
        module: path.join(fixtures, "strategies/restingBid.ts"),
        options: { venue, symbol: "BTCUSDT", price: "60000", size: "0.01" }
      }
    ]
  }
})

/** A run in a folder of its own, which is still there to be read. */
const live = (value: unknown, secret = account.secret) => {
  const made = folder({ "package.json": "{}", "a.json": JSON.stringify(value) })
  const args = ["run", "--config", path.join(made.path, "a.json"), "--live", "--drain", "5s", "--log-level", "trace"]
  const env = { VENUE_KEY: account.key, VENUE_SECRET: secret }
  const running = start(args, { cwd: root, env })
  return { running, made, [Symbol.dispose]: () => made[Symbol.dispose]() }
}

/** Every byte that a run has left in its folder. */
const filesOf = (folder: string): string =>
  fs
    .readdirSync(folder)
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile())
    .map((file) => fs.readFileSync(file, "latin1"))
    .join("\n")

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

describe("run --live on the simulator", () => {
  for (const venue of ["binance", "binance-usdm"]) {
    it(`${venue}: an order is at the venue, a signal cancels it, and nothing secret is told`, async () => {
      await using sim = await exchange()
      const truth = () => sim.simulator.truth.account(account.key)
      using run = live(configuration(venue, sim.simulator))
      await run.running.until((stdout) => stdout.includes('"status":"open"'))
      const [order] = truth().orders
      run.running.process.kill("SIGINT")
      const { code, stderr, stdout } = await run.running.ended
      const told = parseLines(stdout).filter((each) => each["type"] === "order")
      assert.strictEqual(code, 0, stderr)
      assert.deepStrictEqual([order?.price, order?.size, order?.status], ["60000", "0.01", "open"])
      assert.deepStrictEqual([...new Set(told.map((each) => each["status"]))], ["sent", "open", "cancelled"])
      assert.deepStrictEqual(
        truth().orders.map(({ clientId, status }) => [clientId, status]),
        [[told[0]?.["clientOrderId"], "cancelled"]]
      )
      const texts = { stdout, stderr, files: filesOf(run.made.path).replace(JSON.stringify({ env: "VENUE_KEY" }), "") }
      assert.deepStrictEqual(leaks(texts, secretsOf()), [])
    }, 40_000)
  }

  const provoked: ReadonlyArray<readonly [string, ReadonlyArray<Fault>, string | undefined]> = [
    ["a wrong secret", [], "anotheranother9876543210"],
    [
      "orders that the venue refuses",
      [{ kind: "rejectOrder", code: -1022, msg: "Signature for this request is not valid." }],
      undefined
    ],
    ["HTTP errors", [{ kind: "rest", status: 503, count: 20 }], undefined]
  ]
  for (const [title, faults, secret] of provoked) {
    it(`nothing secret is told of ${title}`, async () => {
      await using sim = await exchange()
      for (const fault of faults) sim.simulator.control.inject(fault)
      using run = live(configuration("binance-usdm", sim.simulator), secret)
      await run.running.until((_, stderr) => /"level":"(?:WARN|ERROR)"/.test(stderr))
      run.running.process.kill("SIGINT")
      const { stderr, stdout } = await run.running.ended
      const texts = { stdout, stderr, files: filesOf(run.made.path) }
      assert.deepStrictEqual(leaks(texts, secretsOf(secret === undefined ? {} : { wrong: secret })), [])
    }, 40_000)
  }
})
