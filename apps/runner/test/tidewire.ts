/** Runs the command as a user does: a process with arguments, standard streams and signals. */
import { type ChildProcess, spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { fileURLToPath } from "node:url"

const bin = fileURLToPath(new URL("../src/bin.ts", import.meta.url))

export const fixtures = fileURLToPath(new URL("./fixtures", import.meta.url))
export const fakeAdapter = path.join(fixtures, "fake-adapter")

export interface Ended {
  /** The exit code, or the signal that ended it. */
  readonly code: number | string
  readonly stdout: string
  readonly stderr: string
}

export interface Running {
  readonly process: ChildProcess
  /** The process and its output have ended. */
  readonly ended: Promise<Ended>
  /** The process has ended; its output may not have been read. */
  readonly exited: Promise<number | string>
  /** Resolves when standard output so far satisfies the condition; rejects when the process ends before. */
  readonly until: (condition: (stdout: string, stderr: string) => boolean) => Promise<void>
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Whether standard output is read from the start; true unless said otherwise. */
  readonly reads?: boolean
}

export const start = (args: ReadonlyArray<string>, options: RunOptions = {}): Running => {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? fixtures,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"]
  })
  let stdout = ""
  let stderr = ""
  const waiting = new Set<() => void>()
  const check = () => waiting.forEach((each) => each())
  child.stdout.on("data", (data: Buffer) => {
    stdout += data.toString()
    check()
  })
  if (options.reads === false) child.stdout.pause()
  child.stderr.on("data", (data: Buffer) => {
    stderr += data.toString()
    check()
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ code: code ?? signal ?? "?", stdout, stderr }))
  })
  const until: Running["until"] = (condition) =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (!condition(stdout, stderr)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      void ended.then((end) => reject(new Error(`ended with ${end.code} before:\n${end.stdout}\n${end.stderr}`)))
    })
  const exited = new Promise<number | string>((resolve) => {
    child.on("exit", (code, signal) => resolve(code ?? signal ?? "?"))
  })
  return { process: child, ended, exited, until }
}

export const tidewire = (args: ReadonlyArray<string>, options?: RunOptions): Promise<Ended> =>
  start(args, options).ended

/** The JSON objects of NDJSON text. */
export const parseLines = (text: string): ReadonlyArray<Record<string, unknown>> =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>)

/** A folder of its own with these files, removed when the test is over (`await using`). */
export const folder = (files: Readonly<Record<string, string>>) => {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "tidewire-")))
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    fs.writeFileSync(path.join(root, name), text)
  }
  return { path: root, [Symbol.dispose]: () => fs.rmSync(root, { recursive: true, force: true }) }
}

/** A configuration of one venue of the fake adapter. */
export const fakeVenue = (over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  adapter: fakeAdapter,
  venue: "fake",
  subscriptions: [{ symbols: ["BTCUSDT"], channels: ["trades"] }],
  ...over
})
