/** A run with an API on the simulator, through the command line. */
import * as path from "node:path"
import { Simulator } from "@tidewire/simulator"
import { type Ended, fixtures, folder, start } from "../tidewire.ts"

/** The repository: its package.json has the adapters among its dependencies. */
const root = path.resolve(fixtures, "../../../..")

export const TOKEN = "a-token-for-tests-0123456789"

export interface Served {
  /** `http://127.0.0.1:43210` */
  readonly url: string
  readonly pid: number
  readonly simulator: Simulator.Simulator
  /** Standard error so far. */
  readonly log: () => string
  /** Standard output so far. */
  readonly output: () => string
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>
  /** With the token, unless other headers are given. */
  readonly send: (
    method: string,
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>
  ) => Promise<Answer>
  /** Asks again until the answer is so; the test's own time limit is the end of it. */
  readonly until: <A>(path: string, condition: (body: A) => boolean) => Promise<A>
  readonly stop: () => Promise<Ended>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  // whatever a route answers with; each test says what it expects
  readonly body: unknown
}

export interface Options {
  /** Beside `port: 0` and the token. */
  readonly http?: Readonly<Record<string, unknown>>
  readonly venues?: (simulator: Simulator.Simulator) => ReadonlyArray<unknown>
  /** Of the whole configuration, beside venues and http. */
  readonly rest?: Readonly<Record<string, unknown>>
  readonly simulator?: Parameters<typeof Simulator.start>[0]
  readonly args?: ReadonlyArray<string>
}

export const binance = ({ url, wsUrl }: Simulator.Simulator, over: Readonly<Record<string, unknown>> = {}) => ({
  adapter: "@tidewire/adapter-binance",
  venue: "binance",
  endpoints: { stream: wsUrl, rest: url },
  subscriptions: [{ symbols: ["BTCUSDT", "ETHUSDT"], channels: ["trades", "quotes", "book", "bars:1m", "ticker"] }],
  ...over
})

export const serve = async (options: Options = {}): Promise<Served> => {
  const simulator = await Simulator.start(options.simulator ?? { seed: 7 })
  const configuration = {
    venues: (options.venues ?? ((each) => [binance(each)]))(simulator),
    http: { port: 0, token: { env: "API_TOKEN" }, requestsPerSecond: 100_000, ...options.http },
    ...options.rest
  }
  const made = folder({ "package.json": "{}", "a.json": JSON.stringify(configuration) })
  const running = start(
    ["run", "--config", path.join(made.path, "a.json"), "--format", "ndjson", ...(options.args ?? [])],
    {
      cwd: root,
      env: { API_TOKEN: TOKEN }
    }
  )
  let [output, log] = ["", ""]
  running.process.stdout?.on("data", (data: Buffer) => (output += data.toString()))
  running.process.stderr?.on("data", (data: Buffer) => (log += data.toString()))
  const end = async () => {
    await simulator.stop()
    made[Symbol.dispose]()
  }
  try {
    await running.until((_, stderr) => stderr.includes('"started"') && stderr.includes("the dashboard are served"))
  } catch (error) {
    await end()
    throw error
  }
  const url = /"url":"([^"]+)"/.exec(log)![1]!
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, init)
    const text = await response.text()
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true
    return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as unknown) : text }
  }
  const get: Served["get"] = (path, headers = {}) => ask(path, { headers })
  const stop = () => {
    running.process.kill("SIGTERM")
    return running.ended
  }
  return {
    url,
    pid: running.process.pid!,
    simulator,
    log: () => log,
    output: () => output,
    get,
    send: (method, path, body, headers = { authorization: `Bearer ${TOKEN}` }) =>
      ask(path, { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) }),
    until: async <A>(path: string, condition: (body: A) => boolean) => {
      for (;;) {
        const { body } = await get(path)
        if (condition(body as A)) return body as A
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
      await end()
    }
  }
}

/** What `error.tag` an answer has, with its status. */
export const refusal = ({ body, status }: Answer): readonly [number, string | undefined] => [
  status,
  (body as { readonly error?: { readonly tag: string } }).error?.tag
]
