/**
 * The processes of a run, from the side of `main`: one load for a series, a fresh client for each run.
 *
 * Guarantees: no process outlives its series; a client that crashes, says nothing for `SILENT_AFTER_MS`, or comes to
 * something else than the load worked out makes its run fail with the reason.
 */
import { type ChildProcess, fork } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { ClientArguments, FromClient, FromLoad, LoadArguments, Plan, Result, ToLoad } from "./messages.ts"

/** Beyond the time that paced frames take. */
const SILENT_AFTER_MS = 60_000

export interface RunningLoad {
  readonly listening: FromLoad & { readonly type: "listening" }
  readonly process: ChildProcess
  readonly arguments: LoadArguments
}

export const startLoad = async (given: LoadArguments): Promise<RunningLoad> => {
  const process = start("load.ts", given, [])
  const listening = await next<FromLoad>(process, "load", given.plan)
  if (listening.type !== "listening") throw new Error(`the load failed: ${listening.reason}`)
  return { listening, process, arguments: given }
}

export const stopLoad = (load: RunningLoad): void => {
  load.process.kill()
}

/** Runs a client to its end. `flags` are for its Node. */
export const runClient = async (load: RunningLoad, file: string, flags: ReadonlyArray<string>): Promise<Result> => {
  const given: ClientArguments = { ...load.arguments, port: load.listening.port }
  const client = start(`clients/${file}`, given, flags)
  try {
    const ready = await next<FromClient>(client, file, given.plan)
    if (ready.type !== "ready") throw new Error(`${file}: a result before it was ready`)
    const go: ToLoad = { type: "go" }
    load.process.send(go)
    const result = await next<FromClient>(client, file, given.plan)
    if (result.type !== "result") throw new Error(`${file}: ready twice`)
    const { type: _, ...measured } = result
    const problems = [...measured.problems, ...disagreements(load, measured)]
    if (problems.length > 0) throw new Error(`${file}: ${problems.join("; ")}`)
    await ended(client)
    return measured
  } finally {
    client.kill()
  }
}

/** Where the client came to something else than the load. */
const disagreements = ({ listening }: RunningLoad, { consumed, top }: Result): ReadonlyArray<string> => {
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
    // standard output carries the table
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
    const silent = () => settle(() => reject(new Error(`${name} has gone silent`)))
    const timer = setTimeout(silent, SILENT_AFTER_MS + pacedMs)
    const onMessage = (message: unknown) => settle(() => resolve(message as Message))
    const onExit = (code: number | null) => settle(() => reject(new Error(`${name} ended early with ${code}`)))
    child.once("message", onMessage)
    child.once("exit", onExit)
  })

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve()
    child.once("exit", () => resolve())
  })
