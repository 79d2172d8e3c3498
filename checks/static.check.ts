/** Types, lint, format, and the rules of the house: each shown to hold, and the rules shown to catch what breaks them. */
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { assert, describe, it } from "vitest"
import { packages, pnpm, published, root, run, said } from "./workspace.ts"

describe("static checks", () => {
  it("types, lint and format are clean", async () => {
    const ran = await pnpm(["-s", "run", "check"])
    assert.strictEqual(ran.code, 0, said(ran))
  })

  for (const { folder } of packages) {
    it(`Effect's own diagnostics find nothing in ${folder}`, async () => {
      const ran = await run("effect-tsgo", ["diagnostics", "--project", `${folder}/tsconfig.json`])
      assert.strictEqual(ran.code, 0, said(ran))
    })
  }
})

describe("the rules of the house", () => {
  /** What the linter says of a source file that would stand in this folder. */
  const lint = async (folder: string, source: string): Promise<string> => {
    const place = mkdtempSync(`${root}${folder}/src/check-`)
    try {
      writeFileSync(`${place}/broken.ts`, source)
      const ran = await run("oxlint", [`${place}/broken.ts`])
      return ran.code === 0 ? "" : ran.stdout
    } finally {
      rmSync(place, { recursive: true })
    }
  }

  const broken: ReadonlyArray<readonly [rule: string, folder: string, source: string]> = [
    ["core imports no Node module", "packages/core", `export { readFileSync } from "node:fs"\n`],
    ["core imports nothing but effect", "packages/core", `export { WebSocket } from "ws"\n`],
    ["core imports no other package of ours", "packages/core", `export * from "@tidewire/simulator"\n`],
    ["adapters never import the runner", "packages/adapter-binance", `export * from "@tidewire/runner"\n`],
    ["adapters never import the simulator", "packages/adapter-binance", `export * from "@tidewire/simulator"\n`],
    ["a library is imported in one place", "packages/adapter-ccxt-pro", `export { version } from "ccxt"\n`],
    ["the simulator imports no adapter", "packages/simulator", `export * from "@tidewire/adapter-binance"\n`],
    ["conformance imports no adapter", "packages/conformance", `export * from "@tidewire/adapter-binance"\n`],
    ["conformance imports no simulator", "packages/conformance", `export * from "@tidewire/simulator"\n`],
    ["conformance registers tests in one file", "packages/conformance", `export { it } from "vitest"\n`],
    ["the runner imports no adapter", "apps/runner", `export * from "@tidewire/adapter-binance"\n`],
    [
      "the dashboard takes nothing that runs from core",
      "apps/dashboard",
      `import { Decimal } from "@tidewire/core"\nexport const { formatDecimal } = Decimal\n`
    ],
    ["the dashboard has one clock", "apps/dashboard", `export const now = () => Date.now()\n`],
    ["no clock but Effect's", "packages/core", `export const now = () => Date.now()\n`],
    ["no chance but Effect's", "packages/core", `export const chance = () => Math.random()\n`],
    [
      "no buffer without a bound",
      "packages/core",
      `import * as Queue from "effect/Queue"\nexport const q = Queue.unbounded()\n`
    ],
    ["no any", "packages/core", `export const nothing = (value: any) => value\n`],
    ["no default export", "packages/core", `const one = 1\nexport default one\n`],
    ["no floating promise", "packages/core", `export const go = (p: Promise<void>) => {\n  p.then(() => 1)\n}\n`]
  ]

  for (const [rule, folder, source] of broken) {
    it(rule, async () => {
      assert.notStrictEqual(await lint(folder, source), "", "the linter lets it pass")
    })
  }

  /** Lines that name a venue, or a thing on its wire, that is not everybody's. */
  const foreign = (source: string): ReadonlyArray<string> =>
    source.split("\n").filter((line) => foreignWords.test(line))
  const foreignWords =
    /binance|bybit|ccxt|okx|kraken|coinbase|kucoin|aggtrade|bookticker|depthupdate|listenkey|publictrade|orderbook\.\d|allliquidation|retcode|fapi|x-mbx/i

  it("core names no venue and nothing of a venue's wire", () => {
    const found = globSync("packages/core/src/**/*.ts", { cwd: root }).flatMap((file) =>
      foreign(readFileSync(`${root}${file}`, "utf8")).map((line) => `${file}: ${line.trim()}`)
    )
    assert.deepStrictEqual(found, [])
  })

  it("what core may not name is found where it stands", () => {
    const named = globSync("packages/adapter-*/src/**/*.ts", { cwd: root }).filter(
      (file) => foreign(readFileSync(`${root}${file}`, "utf8")).length > 0
    )
    assert.isAbove(named.length, 10)
  })

  it("half of the files of each adapter have at most 80 lines of code", () => {
    for (const { folder } of packages.filter(({ folder }) => folder.includes("adapter-"))) {
      const lines = globSync(`${folder}/src/**/*.ts`, { cwd: root })
        .map((file) => linesOfCode(readFileSync(`${root}${file}`, "utf8")))
        .toSorted((left, right) => left - right)
      assert.isAtMost(lines[Math.floor(lines.length / 2)]!, 80, folder)
    }
  })

  it("no package depends on itself through others, devDependencies included", () => {
    const edges = new Map(
      packages.map(({ manifest }) => [
        manifest.name,
        Object.keys({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.peerDependencies }).filter(
          (name) => name.startsWith("@tidewire/")
        )
      ])
    )
    const visit = (name: string, path: ReadonlyArray<string>): void => {
      assert.notInclude(path, name, `cycle: ${[...path, name].join(" → ")}`)
      for (const next of edges.get(name) ?? []) visit(next, [...path, name])
    }
    for (const name of edges.keys()) visit(name, [])
  })

  it("K2 the top level is the agreed one", () => {
    const agreed = ["package.json", "turbo.json", "pnpm-workspace.yaml", "tsconfig.base.json", "apps/runner"]
    const adapters = ["binance", "bybit", "ccxt-pro"].map((name) => `packages/adapter-${name}`)
    const absent = [...agreed, "packages/core", ...adapters].filter((path) => !existsSync(`${root}${path}`))
    assert.deepStrictEqual(absent, [])
  })

  it("K5 neither core nor runner names an adapter in its dependencies", () => {
    for (const { manifest } of published.filter(({ folder }) => /core|runner/.test(folder))) {
      const names = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies })
      assert.deepStrictEqual(
        names.filter((name) => name.includes("adapter")),
        [],
        manifest.name
      )
    }
  })
})

/** Neither empty nor part of a comment that begins its line. */
const linesOfCode = (source: string): number =>
  source.split("\n").filter((line) => !/^\s*(?:$|\/\/|\/?\*)/.test(line)).length
