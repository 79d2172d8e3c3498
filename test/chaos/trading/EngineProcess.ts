/**
 * An engine in a process of its own, as an operator has it: `tidewire run --live` with a configuration and a journal. It may be
 * killed and started again; what its strategy last told of itself is read from its log.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { STANDING, type Standing } from "./strategy.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))

export interface Place {
  readonly configuration: string
  readonly environment: Readonly<Record<string, string>>
}

/** As many lines of the log as a failure shows. */
const KEPT = 400

export class EngineProcess {
  readonly #place: Place
  #child: ChildProcess | undefined
  /** Of the process that runs. */
  standing: Standing | undefined
  /** The last lines of the log of all processes. */
  readonly log: Array<string> = []
  /** Events of accounts that were printed, by type. */
  readonly printed = new Map<string, number>()

  constructor(place: Place) {
    this.#place = place
  }

  start(): void {
    const args = ["apps/runner/src/bin.ts", "run", "--live", "--config", this.#place.configuration, "--drain", "10s"]
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...this.#place.environment },
      stdio: ["ignore", "pipe", "pipe"]
    })
    this.#child = child
    this.standing = undefined
    createInterface({ input: child.stderr }).on("line", (line) => this.#say(line))
    createInterface({ input: child.stdout }).on("line", (line) => {
      const type = /"type":"(\w+)"/.exec(line)?.[1] ?? "?"
      this.printed.set(type, (this.printed.get(type) ?? 0) + 1)
    })
  }

  get isRunning(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Ends at once, in the middle of whatever it does. */
  kill(): Promise<unknown> {
    return this.#end("SIGKILL")
  }

  /** Ends in order; gives the exit code. */
  async stop(): Promise<number | null> {
    await this.#end("SIGTERM")
    return this.#child?.exitCode ?? null
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === undefined || !this.isRunning) return
    const gone = once(child, "close")
    child.kill(signal)
    await gone
  }

  #say(line: string): void {
    if (line.includes(`"message":"${STANDING}"`)) {
      this.standing = (JSON.parse(line) as { readonly annotations: Standing }).annotations
      return
    }
    this.log.push(line)
    if (this.log.length > KEPT) this.log.shift()
  }
}
