/** What is generated is fresh, what is linked is there, and the project speaks of the project alone. */
import { existsSync, readFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { deadLinks } from "./links.ts"
import { root, run, said } from "./workspace.ts"

const tracked = async (...patterns: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const ran = await run("git", ["ls-files", "--", ...patterns])
  assert.strictEqual(ran.code, 0, said(ran))
  return ran.stdout.split("\n").filter((file) => file !== "" && existsSync(`${root}${file}`))
}

describe("docs", () => {
  it("the published schema of the events is made from the events", async () => {
    const before = readFileSync(`${root}packages/core/schema/events.json`, "utf8")
    const script = `import("./packages/core/scripts/eventSchema.ts").then((m) => process.stdout.write(m.eventSchema()))`
    const made = await run("node", ["-e", script])
    assert.strictEqual(made.code, 0, said(made))
    assert.isTrue(made.stdout === before, "stale: run pnpm generate")
  })

  it("the guide begins with the adapter of the example, and has at most 150 lines", async () => {
    const script = `import("./scripts/guide.ts").then((m) => process.stdout.write(m.page().fresh))`
    const made = await run("node", ["-e", script])
    assert.strictEqual(made.code, 0, said(made))
    assert.isTrue(made.stdout === readFileSync(`${root}docs/adding-a-venue.md`, "utf8"), "stale: run pnpm generate")
    assert.isAtMost(made.stdout.split("\n").length - 1, 150)
  })

  it("the tables of metrics and the dashboard for Grafana are made from what they are of", async () => {
    const script = `Promise.all([import("./scripts/metrics/page.ts"), import("./scripts/metrics/dashboard.ts")]).then(([page, dashboard]) =>
      process.stdout.write(JSON.stringify([page.page().fresh, dashboard.text()])))`
    const made = await run("node", ["-e", script])
    assert.strictEqual(made.code, 0, said(made))
    const now = ["docs/metrics.md", "deploy/grafana/tidewire.json"].map((file) =>
      readFileSync(`${root}${file}`, "utf8")
    )
    assert.isTrue(made.stdout === JSON.stringify(now), "stale: run pnpm generate")
  })

  it("every link to a file of the repository leads somewhere", async () => {
    // what becomes of the template's links is looked at where it is used (newAdapter.check.ts)
    const files = await tracked("*.md", ":!scripts/new-adapter/template")
    assert.deepStrictEqual(deadLinks(root, files), [])
  })

  it("the scripts that the documents name exist", async () => {
    const { scripts } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { scripts: Record<string, string> }
    const builtIn = ["install", "add", "pack", "exec", "changeset"]
    const missing: Array<string> = []
    for (const file of await tracked("*.md")) {
      const text = readFileSync(`${root}${file}`, "utf8")
      for (const [, name = ""] of text.matchAll(/\bpnpm(?:@12)?(?: -s)?(?: run)? ([a-z][\w:-]*)/g)) {
        if (!(name in scripts) && !builtIn.includes(name)) missing.push(`${file}: pnpm ${name}`)
      }
    }
    assert.deepStrictEqual(missing, [])
  })

  it("S-B4 no secret, host of a registry or path of a machine stands in what is tracked", async () => {
    const ran = await run("git", [
      "grep",
      "-nIiE",
      "registry\\.npm|/root/|BEGIN [A-Z ]*PRIVATE KEY",
      "--",
      ".",
      ":!pnpm-lock.yaml",
      ":!checks"
    ])
    assert.strictEqual(ran.stdout, "")
  })
})
