/**
 * The processes of a run, from the side of `main`: one load for a series, a fresh client for each run.
 *
 * Guarantees: no process outlives its series; a client that crashes, says nothing for `SILENT_AFTER_MS`, or comes to
 * something else than the load worked out makes its run fail with the reason.
 */
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { Client } from "./clients.ts"
import type {
  ClientArguments,
  FromClient,
  FromLoad,
  Listening,
  LoadArguments,
  Plan,
  Result,
  ToLoad
} from "./messages.ts"

/** Beyond the time that paced frames take. */
const SILENT_AFTER_MS = 60_000

export interface RunningLoad {
  readonly listening: Listening
  readonly process: ChildProcess
  readonly arguments: LoadArguments
}

export const startLoad = async (given: LoadArguments): Promise<RunningLoad> => {
  const process = start("load/process.ts", given, [])
  const listening = await next<FromLoad>(process, "the load", given.plan)
  // what nobody listens to would be kept for the next who does
  process.on("message", () => {})
  if (listening.type === "listening") return { listening, process, arguments: given }
  process.kill()
  throw new Error(`the load failed: ${listening.type === "failed" ? listening.reason : listening.type}`)
}

export const stopLoad = (load: RunningLoad): void => {
  load.process.kill()
}

/** Runs a client to its end. `flags` are for its Node. */
export const runClient = async (
  load: RunningLoad,
  { announcedBy, file, name }: Client,
  flags: ReadonlyArray<string>
): Promise<Result> => {
  const { plan } = load.arguments
  const given: ClientArguments = { ...load.arguments, port: load.listening.port }
  const client = start(`clients/${file}`, given, flags)
  try {
    await (announcedBy === "load" ? subscribed(load, client, name) : ready(client, name, plan))
    const go: ToLoad = { type: "go" }
    load.process.send(go)
    const result = await Promise.race([next<FromClient>(client, name, plan), failed(load)])
    if (result.type !== "result") throw new Error(`${name}: ready twice`)
    const { type: _, ...measured } = result
    const problems = [...measured.problems, ...disagreements(load.listening, measured)]
    if (problems.length > 0) throw new Error(`${name}: ${problems.join("; ")}`)
    await ended(client)
    return measured
  } finally {
    client.kill()
  }
}

const ready = async (client: ChildProcess, name: string, plan: Plan): Promise<void> => {
  const { type } = await next<FromClient>(client, name, plan)
  if (type !== "ready") throw new Error(`${name}: a result before it was ready`)
}

/** Resolves when the load has a subscription, unless the client ends before. */
const subscribed = async (load: RunningLoad, client: ChildProcess, name: string): Promise<void> => {
  const { plan } = load.arguments
  const heard = next<FromLoad>(load.process, `the load, which waits for ${name} to subscribe,`, plan)
  await Promise.race([heard, next<never>(client, name, plan)])
}

/** Rejects when the load says that it failed; it says nothing else while frames flow. */
const failed = (load: RunningLoad): Promise<never> =>
  new Promise((_, reject) => {
    load.process.once("message", (message: FromLoad) => {
      if (message.type === "failed") reject(new Error(`the load failed: ${message.reason}`))
    })
  })

/** Where the client came to something else than the load. */
const disagreements = (listening: Listening, { consumed, top }: Result): ReadonlyArray<string> => {
  const expected = JSON.stringify(listening.consumed)
  const got = JSON.stringify(consumed)
  const tops = top !== undefined && JSON.stringify(top) !== JSON.stringify(listening.top)
  return [
    ...(expected === got ? [] : [`read ${got} where ${expected} was sent`]),
    ...(tops ? [`best prices ${JSON.stringify(top)} where ${JSON.stringify(listening.top)} is right`] : [])
  ]
}

const start = (file: string, given: LoadArguments, flags: ReadonlyArray<string>): ChildProcess =>
  fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(given)], {
    execArgv: [...flags],
    // standard output carries the tables
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  })

const next = <Message>(child: ChildProcess, name: string, plan: Plan): Promise<Message> =>
  new Promise((resolve, reject) => {
    const settle = (settled: () => void) => {
      clearTimeout(timer)
      child.off("message", onMessage)
      child.off("exit", onExit)
      settled()
    }
    const pacedMs = plan.kind === "latency" ? (plan.lead + plan.frames) / plan.framesPerBurst : 0
    const silent = () => settle(() => reject(new Error(`${name} said nothing for a minute`)))
    const timer = setTimeout(silent, SILENT_AFTER_MS + pacedMs)
    const onMessage = (message: unknown) => settle(() => resolve(message as Message))
    const onExit = (code: number | null) =>
      settle(() => reject(new Error(`${name} ended early with ${code}; what it said is above`)))
    child.once("message", onMessage)
    child.once("exit", onExit)
  })

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once("exit", () => resolve())
  })
