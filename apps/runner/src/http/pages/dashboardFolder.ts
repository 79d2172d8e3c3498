/**
 * Where the dashboard's files are. The published package has them beside its code; in the repository they are made when somebody asks
 * for the page and they are absent or old, so that a fresh clone shows it without a step of its own (ADR 0027).
 */
import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import { runtimeArguments } from "../../process/runtimeArguments.ts"

/** `dist/ui`, of a built package. */
const shipped = fileURLToPath(new URL("../../ui", import.meta.url))

/** In the repository. */
const builder = fileURLToPath(new URL("../../../../dashboard/build.ts", import.meta.url))

const BUILT_WITHIN = "60 seconds"

/** Fails with why there are none. */
export const find: Effect.Effect<string, string> = Effect.suspend(() => {
  if (existsSync(`${shipped}/index.html`)) return Effect.succeed(shipped)
  if (!existsSync(builder)) return Effect.fail("its files are not in this installation")
  return Effect.timeoutOrElse(built, {
    duration: BUILT_WITHIN,
    orElse: () => Effect.fail(`its build did not end within ${BUILT_WITHIN}`)
  })
})

/** The builder's last line is the folder. */
const built = Effect.callback<string, string>((resume) => {
  const child = spawn(process.execPath, [...runtimeArguments, builder], { stdio: ["ignore", "pipe", "pipe"] })
  let [said, complained] = ["", ""]
  child.stdout.on("data", (data: Buffer) => (said += data.toString()))
  child.stderr.on("data", (data: Buffer) => (complained = (complained + data.toString()).slice(-2_000)))
  child.once("error", ({ message }) => resume(Effect.fail(message)))
  child.once("close", (code) => {
    const folder = said.trim().split("\n").at(-1)
    resume(code === 0 && folder !== undefined ? Effect.succeed(folder) : Effect.fail(`its build failed: ${complained}`))
  })
  return Effect.sync(() => child.kill())
})
