/** `pnpm new:adapter`, run in a copy of the repository: what it makes is clean, and fails for the right reason only. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { deadLinks } from "./links.ts"
import { pnpm, type Ran, root, run, said } from "./workspace.ts"

/** The longest name there may be, so that no line of the template becomes too long for the formatter. */
const NAME = "a-venue-with-a-long-name"
const FOLDER = `packages/adapter-${NAME}`

describe("a new adapter", () => {
  const copy = mkdtempSync(`${tmpdir()}/tidewire-new-adapter-`)
  let made: Ran

  const there = (command: string, ...parameters: ReadonlyArray<string>) =>
    run(`${root}node_modules/.bin/${command}`, parameters, copy)
  const script = (...parameters: ReadonlyArray<string>) => there("node", "scripts/new-adapter/main.ts", ...parameters)

  beforeAll(async () => {
    const { stdout } = await run("git", ["ls-files"])
    for (const file of stdout.split("\n").filter((each) => each !== "" && existsSync(`${root}${each}`))) {
      cpSync(`${root}${file}`, `${copy}/${file}`)
    }
    made = await script(NAME)
    const installed = await pnpm(["install", "--prefer-offline", "--no-frozen-lockfile"], copy)
    assert.strictEqual(installed.code, 0, said(installed))
  })
  afterAll(() => rmSync(copy, { recursive: true }))

  it("is made with what it says, and what is to be done next", () => {
    assert.strictEqual(made.code, 0, said(made))
    const files = made.stdout.split("\n").flatMap((line) => (/^ {2}(\S+)$/.exec(line) ?? []).slice(1))
    assert.includeMembers(files, [
      `docs/venues/${NAME}.md`,
      `${FOLDER}/package.json`,
      `${FOLDER}/test/conformance.test.ts`
    ])
    assert.deepStrictEqual(
      files.filter((file) => !existsSync(`${copy}/${file}`)),
      []
    )
    assert.deepStrictEqual(deadLinks(copy, [`${FOLDER}/README.md`, `docs/venues/${NAME}.md`]), [])
    assert.include(made.stdout, `pnpm@12 exec vitest run ${FOLDER}`)
  })

  it("has the manifest of the other adapters, but for its name, its venue, and that it is private", () => {
    const read = (folder: string) =>
      JSON.parse(readFileSync(`${copy}/${folder}/package.json`, "utf8")) as Record<string, unknown>
    const { description: _, ...manifest } = read(FOLDER)
    const { description: __, ...other } = read("packages/adapter-bybit")
    assert.deepStrictEqual(manifest, {
      ...other,
      name: `@tidewire/adapter-${NAME}`,
      version: "0.0.0",
      private: true,
      tidewire: { venues: [NAME] }
    })
  })

  const clean: ReadonlyArray<readonly [what: string, command: string, ...parameters: ReadonlyArray<string>]> = [
    ["type-checks", "tsc", "--noEmit", "-p", FOLDER],
    ["builds", "tsc", "-b", `${FOLDER}/tsconfig.build.json`],
    ["is clean for the linter", "oxlint", FOLDER],
    ["is formatted", "oxfmt", "--check", FOLDER, `docs/venues/${NAME}.md`, "package.json"],
    ["is clean for Effect's own diagnostics", "effect-tsgo", "diagnostics", "--project", `${FOLDER}/tsconfig.json`]
  ]
  for (const [what, command, ...parameters] of clean) {
    it(what, async () => {
      const ran = await there(command, ...parameters)
      assert.strictEqual(ran.code, 0, said(ran))
    })
  }

  it("has a suite that fails in every card, because its exchange is not written yet", async () => {
    const report = `${copy}/report.json`
    const json = ["--reporter", "json", "--outputFile", report]
    const ran = await there("node", "node_modules/vitest/vitest.mjs", "run", FOLDER, ...json)
    const { testResults } = JSON.parse(readFileSync(report, "utf8")) as {
      testResults: ReadonlyArray<{
        assertionResults: ReadonlyArray<{ status: string; failureMessages: ReadonlyArray<string> }>
      }>
    }
    const cards = testResults.flatMap(({ assertionResults }) => assertionResults)
    const reasons = new Set(
      cards.map(({ failureMessages: [reason = ""], status }) => `${status}: ${reason.split("\n")[0]}`)
    )
    assert.strictEqual(ran.code, 1)
    assert.isAbove(cards.length, 25)
    assert.deepStrictEqual(
      [...reasons],
      [
        `failed: Error: test/support/exchange.ts is not written yet: the suite needs an exchange that speaks the protocol of ${NAME}`
      ]
    )
  })

  it("is found by its venue, and says what of it is not written yet", async () => {
    const ran = await there(
      "node",
      "apps/runner/src/bin.ts",
      "stream",
      `${NAME}:BTCUSDT`,
      "trades",
      "--start-within",
      "2s"
    )
    assert.strictEqual(ran.code, 1)
    assert.include(ran.stderr, "src/instruments.ts is not written yet")
  })

  it("is not made again, nor under a name that cannot be had", async () => {
    const refused = [
      [NAME, "is taken"],
      ["binance-usdm", "is taken"],
      ["Kraken", "is no name of a package"],
      ["two--hyphens", "is no name of a package"],
      ["../elsewhere", "is no name of a package"],
      ["adapter-kraken", `the venue's name alone, "kraken"`],
      ["a-venue-with-a-longer-name", "is too long"]
    ] as const
    for (const [name, reason] of refused) {
      const ran = await script(name)
      assert.deepStrictEqual([ran.code, ran.stdout], [2, ""], said(ran))
      assert.include(ran.stderr, reason)
    }
    assert.strictEqual((await script()).code, 2)
  })

  it("has help", async () => {
    const ran = await pnpm(["-s", "run", "new:adapter", "--help"], copy)
    assert.strictEqual(ran.code, 0, said(ran))
    assert.include(ran.stdout, "pnpm new:adapter <name>")
  })
})
