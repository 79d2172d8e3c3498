/** A running session with its API, on a simulator in this process, through the command line. */
import { createServer } from "node:net"
import { fileURLToPath } from "node:url"
import { Simulator, type SimulatorOptions } from "@tidewire/simulator"
import { folder, type Running, start } from "../../apps/runner/test/tidewire.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

export const TOKEN = "the-token-of-the-dashboards-tests"

export interface Instance {
  readonly url: string
  readonly simulator: Simulator.Simulator
  /** What the API answers to a GET. */
  readonly get: <A>(path: string) => Promise<A>
  /** Ends the session, and leaves the simulator. */
  readonly stop: () => Promise<void>
  /** Begins it anew, at the same place. */
  readonly restart: () => Promise<void>
  readonly end: () => Promise<void>
}

export interface InstanceOptions extends Omit<SimulatorOptions, "symbols"> {
  readonly symbols?: ReadonlyArray<string>
  readonly hasToken?: boolean
}

export const open = async ({
  hasToken = true,
  symbols = ["BTCUSDT", "ETHUSDT"],
  ...options
}: InstanceOptions = {}): Promise<Instance> => {
  const simulator = await Simulator.start({ seed: 11, ...options })
  const port = await freePort()
  const files = folder({ "tidewire.json": JSON.stringify(configuration(simulator, symbols, port, hasToken)) })
  const url = `http://127.0.0.1:${port}`
  let running: Running | undefined
  const begin = async () => {
    const args = ["run", "--config", `${files.path}/tidewire.json`]
    running = start(args, { cwd: root, env: { TIDEWIRE_TOKEN: TOKEN } })
    // every venue is being traded on: from here on nothing of the start is missing
    await running.until((stdout, stderr) => stderr.includes(url) && stdout.includes('"type":"order"'))
  }
  const stop = async () => {
    running?.process.kill("SIGTERM")
    await running?.ended
    running = undefined
  }
  await begin()
  return {
    url,
    simulator,
    get: async <A>(path: string) => (await fetch(url + path)).json() as A,
    stop,
    restart: begin,
    end: async () => {
      await stop()
      await simulator.stop()
      files[Symbol.dispose]()
    }
  }
}

const maker = fileURLToPath(new URL("../../apps/runner/demo/maker.js", import.meta.url))

const configuration = (
  simulator: Simulator.Simulator,
  symbols: ReadonlyArray<string>,
  port: number,
  hasToken: boolean
) => {
  const endpoints = { stream: simulator.wsUrl, rest: simulator.url }
  const venue = (name: string) => ({
    adapter: "@tidewire/adapter-binance",
    venue: name,
    endpoints,
    subscriptions: [{ symbols, channels: ["trades", "quotes", "book", "bars:1m"] }]
  })
  const strategy = { module: maker, options: { venue: "binance-usdm", symbol: "BTCUSDT", size: "0.01", most: "0.03" } }
  return {
    venues: [venue("binance"), venue("binance-usdm")],
    engine: { mode: "paper", strategies: [strategy], risk: { maxPosition: "10000" } },
    metrics: {},
    alerts: {},
    http: { port, ...(hasToken && { token: { env: "TIDEWIRE_TOKEN" } }) }
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject()))
    })
  })
