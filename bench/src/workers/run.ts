/**
 * One run of the workers' benchmark, in fresh processes.
 *
 * Guarantees: neither process outlives it; what the client came to is what was sent, symbol by symbol, or it fails.
 */
import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import type { Throughput } from "../messages.ts"
import type { ClientArguments, Consumed, FromClient, FromLoad, Plan, Result } from "./messages.ts"

const SILENT_AFTER_MS = 120_000

const start = (file: string, given: unknown): ChildProcess =>
  fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(given)], {
    execArgv: [],
    stdio: ["ignore", "ignore", "inherit", "ipc"]
  })

const next = async <Message>(child: ChildProcess, name: string): Promise<Message> => {
  const limit = AbortSignal.timeout(SILENT_AFTER_MS)
  const ended = once(child, "exit", { signal: limit }).then(([code]) => {
    throw new Error(`${name} ended with ${String(code)}`)
  })
  const [message] = (await Promise.race([once(child, "message", { signal: limit }), ended])) as [Message]
  return message
}

/** `workMicros` is what the handler does beside counting. */
export const run = async (plan: Plan, workMicros: number, workers: number): Promise<Throughput> => {
  const load = start("load.ts", { plan })
  let client: ChildProcess | undefined
  try {
    const { consumed, port } = await next<FromLoad>(load, "the load")
    client = start("client.ts", { plan, port, workers, workMicros } satisfies ClientArguments)
    await next<FromClient>(client, "the client")
    load.send("go")
    const result = (await next<FromClient>(client, "the client")) as FromClient & { type: "result" }
    check(consumed, result)
    return result.throughput
  } finally {
    client?.kill()
    load.kill()
  }
}

const check = (sent: Consumed, { consumed, problems }: Result): void => {
  if (problems.length > 0) throw new Error(problems.slice(0, 3).join("; "))
  for (const [symbol, { checksum, lastId }] of Object.entries(sent)) {
    const got = consumed[symbol]
    if (got?.lastId !== lastId || got.checksum !== checksum) {
      throw new Error(`${symbol}: what came is not what was sent`)
    }
  }
}
