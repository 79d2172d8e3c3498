/**
 * The simulator in a process of its own: this same command with `sim`, on a free port. It is ready when it has printed
 * its URLs, ends with the scope, and ends by itself when this process is gone, however that went: its standard input is
 * a pipe from here.
 */
import { spawn, type ChildProcess } from "node:child_process"
import { extname } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { Failed } from "./exit.ts"
import { runtimeArguments } from "./runtimeArguments.ts"

export interface Urls {
  /** Of its HTTP servers. */
  readonly url: string
  /** Of its sockets. */
  readonly wsUrl: string
}

const READY_WITHIN = "20 seconds"

/** The command beside this file, built or not. */
const bin = fileURLToPath(new URL(`../bin${extname(import.meta.url)}`, import.meta.url))

export const start = (args: ReadonlyArray<string>) =>
  Effect.gen(function* () {
    const child = yield* Effect.acquireRelease(
      Effect.sync(() =>
        spawn(
          process.execPath,
          [...runtimeArguments, bin, "sim", "--until-stdin-ends", "--log-level", "warn", ...args],
          {
            stdio: ["pipe", "pipe", "inherit"],
            // a signal for the terminal's foreground group is for us; we end it when we have drained
            detached: true
          }
        )
      ),
      end
    )
    return yield* Effect.timeoutOrElse(ready(child), {
      duration: READY_WITHIN,
      orElse: () => Effect.fail(new Failed({ message: `the simulator was not ready within ${READY_WITHIN}` }))
    })
  })

/** Its first line. */
const ready = (child: ChildProcess) =>
  Effect.callback<Urls, Failed>((resume) => {
    const fail = (message: string, cause?: unknown) =>
      resume(Effect.fail(new Failed({ message: `the simulator did not start: ${message}`, cause })))
    child.once("error", (cause) => fail(cause.message, cause))
    child.once("exit", (code) => fail(`it ended with ${code ?? "a signal"}`))
    createInterface({ input: child.stdout! }).once("line", (line) => {
      try {
        resume(Effect.succeed(JSON.parse(line) as Urls))
      } catch (cause) {
        fail(`it said ${line}`, cause)
      }
    })
  })

const end = (child: ChildProcess) =>
  Effect.callback<void>((resume) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resume(Effect.void)
      return
    }
    child.once("exit", () => resume(Effect.void))
    child.kill("SIGTERM")
  }).pipe(Effect.timeoutOption("3 seconds"), Effect.andThen(Effect.sync(() => child.kill("SIGKILL"))))
