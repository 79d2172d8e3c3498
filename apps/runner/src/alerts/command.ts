/**
 * Runs a program for each announcement, without a shell: it reads JSON on its standard input, as a webhook gets it. What it writes
 * is not looked at, but for the end of its standard error when it fails.
 */
import { spawn } from "node:child_process"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Announcement } from "./Announcement.ts"

const ENDS_WITHIN = Duration.seconds(30)

/** As much of what it says about its failure, in characters. */
const SAID_LENGTH = 300

export const send =
  ([program, ...args]: readonly [string, ...Array<string>]) =>
  ({ ended, raised, repeated, text }: Announcement): Effect.Effect<void, string> =>
    Effect.callback<void, string>((resume) => {
      let said = ""
      const child = spawn(program, args, { stdio: ["pipe", "ignore", "pipe"] })
      child.once("error", ({ message }) => resume(Effect.fail(message)))
      child.stdin.on("error", () => {
        // it may end without having read
      })
      child.stderr.setEncoding("utf8")
      child.stderr.on("data", (chunk: string) => (said = `${said}${chunk}`.slice(-SAID_LENGTH)))
      child.once("close", (code, signal) =>
        resume(code === 0 ? Effect.void : Effect.fail(`it ended with ${code ?? signal}: ${said.trim()}`))
      )
      child.stdin.end(`${JSON.stringify({ text, raised, ended, repeated })}\n`)
      return Effect.sync(() => void child.kill("SIGKILL"))
    }).pipe(
      Effect.timeoutOrElse({
        duration: ENDS_WITHIN,
        orElse: () => Effect.fail(`it had not ended within ${Duration.format(ENDS_WITHIN)}`)
      })
    )
