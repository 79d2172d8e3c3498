/** What vitest sees of a suite: run in a process of its own, because it is not green. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"

const vitest = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url))
const root = fileURLToPath(new URL("./fixtures", import.meta.url))

/** The tests of the fixture by name, each with what became of it. */
const ran = (): Promise<ReadonlyArray<readonly [name: string, status: string, message: string]>> =>
  new Promise((done, fail) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")))
    const parameters = [vitest, "run", "--root", root, "--config", "false", "--reporter", "json"]
    execFile(process.execPath, parameters, { env, maxBuffer: 16 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) return fail(new Error("the run is green"))
      try {
        const { testResults } = JSON.parse(stdout.slice(stdout.indexOf("{")))
        done(
          testResults[0].assertionResults.map(
            (each: { readonly fullName: string; readonly status: string; readonly failureMessages: ReadonlyArray<string> }) =>
              [each.fullName, each.status, each.failureMessages[0]?.split("\n")[0] ?? ""] as const
          )
        )
      } catch {
        fail(new Error(`${stdout}\n${stderr}`))
      }
    })
  })

it("a card is a test of its name: passed, failed with the reason, skipped with the reason, or not there by the capabilities", async () => {
  const suite = "a venue (by its capabilities without RS-11)"
  assert.deepStrictEqual(await ran(), [
    [`${suite} LC-1 a plan is pure and names every subscription once (skipped: its plans are made elsewhere)`, "skipped", ""],
    [`${suite} LC-2 open returns before anything is connected, and every connection becomes Active`, "passed", ""],
    [
      `${suite} RS-1 a killed connection comes back, and every trade is told or inside a gap`,
      "failed",
      'Error: the exchange cannot do "kill"; skip this card with the reason, if there is one'
    ]
  ])
})
