/** Adds up what the test runner counted and says it in the last line. A run that left no count has failed. */
import { existsSync, readFileSync } from "node:fs"

interface Counts {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numFailedTestSuites: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly success: boolean
}

const folder = process.env["CI_RESULTS"] ?? "."
let passed = 0
let failed = 0
let skipped = 0
for (const name of ["test", "checks"]) {
  const file = `${folder}/${name}.json`
  if (!existsSync(file)) {
    failed++
    continue
  }
  const counts: Counts = JSON.parse(readFileSync(file, "utf8"))
  passed += counts.numPassedTests
  // a file that could not even be read has no failed test in it
  failed +=
    counts.numFailedTests > 0 || counts.success ? counts.numFailedTests : Math.max(1, counts.numFailedTestSuites)
  skipped += counts.numPendingTests + counts.numTodoTests
}
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`)
process.exitCode = failed > 0 || skipped > 0 || passed === 0 ? 1 : 0
