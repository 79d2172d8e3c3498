/** A demo of its own, and the commands of docs/api.md run on it. */
import { execFile, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { document } from "../../apps/runner/src/http/api/document.ts"
import { commandOf, type Example, examples, URL as SHOWN } from "./examples.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const TOKEN = "a-token-for-the-document"

export interface Route {
  readonly id: string
  readonly method: string
  readonly group: string
  readonly path: string
  readonly description: string
  readonly example: Example
}

/** Every route, in the order of the document; throws where one has no example. */
export const routes = (): ReadonlyArray<Route> =>
  Object.entries(document().paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => {
      const {
        description = "",
        operationId: id,
        tags
      } = route as {
        readonly operationId: string
        readonly tags: ReadonlyArray<string>
        readonly description?: string
      }
      const example = examples[id]
      if (example === undefined) throw new RangeError(`the route ${id} has no example in scripts/api/examples.ts`)
      return { id, method, group: tags[0] ?? "", path, description, example }
    })
  )

export interface Demo {
  /** What a command prints. */
  readonly answer: (route: Route) => Promise<string>
  readonly stop: () => Promise<void>
}

/** How long fills and a point of the profit may take to be there. */
const WARM_UP_MS = 15_000

export const start = async (): Promise<Demo> => {
  const child = spawn("node", ["apps/runner/src/bin.ts", "run", "--format", "ndjson"], {
    cwd: root,
    env: { ...process.env, TIDEWIRE_TOKEN: TOKEN },
    stdio: ["ignore", "ignore", "pipe"]
  })
  let log = ""
  child.stderr.on("data", (data: Buffer) => (log += data.toString()))
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()))
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    const deadline = performance.now() + WARM_UP_MS
    while (!(await condition())) {
      if (performance.now() > deadline || child.exitCode !== null) throw new Error(`the demo is not ready:\n${log}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  await until(() => log.includes('"started"') && log.includes("the dashboard are served"))
  const url = /"url":"(http:[^"]+)"/.exec(log)![1]!
  const fetched = async (path: string): Promise<unknown> => (await fetch(`${url}${path}`)).json()
  await until(async () => ((await fetched("/health")) as { status: string }).status === "ok")
  await until(async () => ((await fetched("/api/fills")) as ReadonlyArray<unknown>).length > 0)
  return {
    answer: ({ example, method }) =>
      new Promise((resolve, reject) => {
        const command = commandOf(method, example).replaceAll(SHOWN.slice("http:".length), url.slice("http:".length))
        const options = { env: { ...process.env, TIDEWIRE_TOKEN: TOKEN }, maxBuffer: 64 * 1024 * 1024, timeout: 20_000 }
        execFile("sh", ["-c", command], options, (error, stdout) =>
          error === null ? resolve(stdout) : reject(new Error(`${command}\nfailed: ${error.message}`))
        )
      }),
    stop: async () => {
      child.kill("SIGTERM")
      await ended
    }
  }
}
