/** What vitest sees of a suite: run in a process of its own, because it is not green. */
import { execFile } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { fileURLToPath } from "node:url"
import { assert, it } from "vitest"

interface Seen {
  readonly fullName: string
  readonly status: string
  readonly failureMessages: ReadonlyArray<string>
}

const vitest = fileURLToPath(new URL("../../../node_modules/vitest/vitest.mjs", import.meta.url))
const root = fileURLToPath(new URL("./fixtures", import.meta.url))

/** The tests of the fixture, and the exit code of their run. */
const ran = (file: string): Promise<{ readonly code: unknown; readonly seen: ReadonlyArray<Seen> }> =>
  new Promise((done) => {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITEST|TIDEWIRE_CARDS)/.test(name))
    )
    const parameters = [vitest, "run", "--root", root, "--reporter", "json", "--outputFile", file]
    execFile(process.execPath, parameters, { env }, (error) => {
      const report = JSON.parse(readFileSync(file, "utf8")) as {
        testResults: ReadonlyArray<{ assertionResults: ReadonlyArray<Seen> }>
      }
      done({ code: error?.code ?? 0, seen: report.testResults.flatMap(({ assertionResults }) => assertionResults) })
    })
  })

it("a card is a test of its name: passed, failed or skipped with the reason, or not there by the capabilities", async () => {
  const place = mkdtempSync(`${tmpdir()}/tidewire-suite-`)
  try {
    const { code, seen } = await ran(`${place}/report.json`)
    const suite = "a venue (by its capabilities without RS-11)"
    assert.deepStrictEqual(
      [
        code,
        ...seen.map(({ failureMessages: [message = ""], fullName, status }) => [
          fullName,
          status,
          message.split("\n")[0]
        ])
      ],
      [
        1,
        [
          `${suite} LC-1 a plan is pure and names every subscription once (skipped: its plans are made elsewhere)`,
          "skipped",
          ""
        ],
        [`${suite} LC-2 open returns before anything is connected, and every connection becomes Active`, "passed", ""],
        [
          `${suite} RS-1 a killed connection comes back, and every trade is told or inside a gap`,
          "failed",
          'Error: the exchange cannot do "kill"; skip this card with the reason, if there is one'
        ]
      ]
    )
  } finally {
    rmSync(place, { recursive: true })
  }
})
