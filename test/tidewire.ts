/** The command line as a user has it: a process, its lines, its end. */
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { createInterface } from "node:readline"
import type { Event } from "@tidewire/core"

const root = fileURLToPath(new URL("..", import.meta.url))

export interface Command {
  readonly events: Array<Event.Event>
  readonly errors: () => string
  /** Resolves once an event has come, or comes, for which the condition holds. */
  readonly until: (condition: (event: Event.Event) => boolean) => Promise<void>
  readonly signal: (name: NodeJS.Signals) => void
  /** Asks it to stop, and gives its exit code. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>
  readonly exit: Promise<number | null>
}

export const tidewire = (...parameters: ReadonlyArray<string>): Command => {
  const child = spawn(process.execPath, [`${root}apps/runner/src/bin.ts`, ...parameters], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"]
  })
  const events: Array<Event.Event> = []
  let errors = ""
  let waiting: Array<(event: Event.Event) => void> = []
  const lines = createInterface({ input: child.stdout })
  lines.on("line", (line) => {
    const event: Event.Event = JSON.parse(line)
    events.push(event)
    for (const each of waiting) each(event)
  })
  child.stderr.on("data", (chunk) => (errors += chunk))
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve))
  return {
    events,
    errors: () => errors,
    exit,
    until: (condition) =>
      new Promise((resolve, reject) => {
        if (events.some(condition)) return resolve()
        const look = (event: Event.Event): void => {
          if (!condition(event)) return
          waiting = waiting.filter((each) => each !== look)
          resolve()
        }
        waiting.push(look)
        void exit.then((code) => reject(new Error(`it ended with ${code} before that: ${errors.slice(-2_000)}`)))
      }),
    signal: (name) => void child.kill(name),
    stop: (signal = "SIGTERM") => {
      child.kill(signal)
      return exit
    }
  }
}
