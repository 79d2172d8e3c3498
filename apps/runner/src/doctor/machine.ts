/**
 * What this machine has for a run: open files, memory, a clock that is kept right. What a run needs is estimated from its plan,
 * by the figures of docs/benchmarks.md.
 */
import { execFile } from "node:child_process"
import { readFileSync } from "node:fs"
import * as os from "node:os"
import * as Effect from "effect/Effect"
import type { Verdicts } from "./Checks.ts"
import { ok, problem, unknown, type Verdict, warning } from "./Finding.ts"

/** What a run needs. */
export interface Needs {
  readonly connections: number
  readonly streams: number
  /** Whether events go to Parquet files, which are made in memory beside. */
  readonly hasParquet: boolean
}

/** Clients of the API, files, pipes and what a runtime opens for itself. */
const OTHER_FILES = 200

/** A whole process with few streams, and what each further one adds, MB: 202 MB with 50 streams, 260 MB with 3000. */
const BASE_MB = 200
const STREAM_MB = 0.02

/** What making Parquet files may take at the most. */
const PARQUET_MB = 1_000

const MB = 1_024 * 1_024

export const openFiles = ({ connections }: Needs): Verdicts =>
  Effect.sync((): ReadonlyArray<Verdict> => {
    const most = fileLimit()
    if (most === undefined) return [unknown("the limit of open files cannot be read on this system")]
    // while a connection is replaced there are two
    const needed = connections * 2 + OTHER_FILES
    const found = `${most === Infinity ? "no limit" : `a limit of ${most}`}; this configuration needs about ${needed}`
    return [
      most < needed
        ? problem(found, `raise it: LimitNOFILE=${needed * 2} of the systemd unit, or ulimit -n`)
        : ok(found)
    ]
  })

const fileLimit = (): number | undefined => {
  try {
    const line = /^Max open files\s+(\S+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]
    return line === undefined ? undefined : line === "unlimited" ? Infinity : Number(line)
  } catch {
    return undefined
  }
}

export const memory = ({ hasParquet, streams }: Needs): Verdicts =>
  Effect.sync((): ReadonlyArray<Verdict> => {
    const needed = Math.ceil(BASE_MB + streams * STREAM_MB + (hasParquet ? PARQUET_MB : 0))
    // within a container this knows its limit; other runtimes do not have it
    const available = Math.floor((process.availableMemory?.() ?? os.freemem()) / MB)
    const total = Math.floor(os.totalmem() / MB)
    const found = `${available} of ${total} MB are available; this configuration needs about ${needed}`
    if (available < needed) return [problem(found, "give it more memory, or fewer streams")]
    return [available < 2 * needed ? warning(found, "leave as much again for bursts and for the store") : ok(found)]
  })

const TIMEDATECTL = ["show", "--property=NTPSynchronized", "--value"]

/** Whether the system keeps its clock right; how far it is from a venue's, each venue tells. */
export const clock: Verdicts = Effect.map(
  Effect.callback<string | undefined>((resume) => {
    const child = execFile("timedatectl", TIMEDATECTL, (error, stdout) =>
      resume(Effect.succeed(error === null ? stdout.trim() : undefined))
    )
    return Effect.sync(() => child.kill())
  }),
  (said): ReadonlyArray<Verdict> => {
    if (said === "yes") return [ok("kept in step by the system (timedatectl)")]
    if (said === "no") {
      return [warning("not kept in step (timedatectl)", "turn it on: `timedatectl set-ntp true`, or run chrony")]
    }
    return [unknown("whether it is kept in step cannot be told here; see the clock of each venue")]
  }
)
