/** What is published: complete, typed, and of use to whoever installs it, on every runtime. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { Simulator } from "@tidewire/simulator"
import * as CustomVenue from "./customVenue.ts"
import { pnpm, published, root, run, said } from "./workspace.ts"

const place = mkdtempSync(`${tmpdir()}/tidewire-packages-`)
const tarballs = new Map<string, string>()

beforeAll(async () => {
  const built = await pnpm(["-s", "run", "build"])
  assert.strictEqual(built.code, 0, said(built))
  for (const { folder, manifest } of published) {
    const target = `${place}/${folder.replace("/", "-")}`
    mkdirSync(target)
    const packed = await pnpm(["pack", "--pack-destination", target], `${root}${folder}`)
    assert.strictEqual(packed.code, 0, said(packed))
    tarballs.set(manifest.name, `${target}/${readdirSync(target)[0]}`)
  }
})

afterAll(() => rmSync(place, { recursive: true }))

for (const { folder, manifest } of published) {
  describe(`K6 ${manifest.name}`, () => {
    it("says what it is, on what it runs, and under which licence", () => {
      assert.isNotEmpty(manifest.description)
      assert.strictEqual(manifest.license, "MIT")
      assert.strictEqual(manifest.engines?.node, ">=22.19")
      assert.strictEqual(manifest.peerDependencies?.["effect"], "~4.1.0")
      assert.strictEqual(manifest.publishConfig?.access, "public")
    })

    it("has its licence, readme, types and sources in the package, and no tests", async () => {
      const listed = await run("tar", ["tzf", tarballs.get(manifest.name)!])
      const files = listed.stdout.split("\n").map((line) => line.replace(/^package\//, ""))
      for (const file of ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts", "src/index.ts"]) {
        assert.include(files, file)
      }
      assert.deepStrictEqual(
        files.filter((file) => /(^|\/)test\//.test(file)),
        []
      )
    })

    if (manifest.name === "@tidewire/runner") {
      it("carries the dashboard's files", async () => {
        const { stdout } = await run("tar", ["xzOf", tarballs.get(manifest.name)!, "package/dist/ui/index.html"])
        const listed = await run("tar", ["tzf", tarballs.get(manifest.name)!])
        const named = [...stdout.matchAll(/(?:src|href)="\/ui\/([^"]+)"/g)].map(([, name]) => `package/dist/ui/${name}`)
        assert.isAtLeast(named.length, 3)
        assert.includeMembers(listed.stdout.split("\n"), named)
      })
    }

    it("is right for publint", async () => {
      const ran = await run("publint", ["run", tarballs.get(manifest.name)!, "--strict"])
      assert.strictEqual(ran.code, 0, said(ran))
    })

    it("has types that resolve", async () => {
      const ran = await run("attw", [tarballs.get(manifest.name)!, "--profile", "esm-only", "--no-color"])
      assert.strictEqual(ran.code, 0, said(ran))
    })

    it("has a readme of at most 60 lines", async () => {
      const lines = await run("wc", ["-l", `${folder}/README.md`])
      assert.isAtMost(Number.parseInt(lines.stdout, 10), 60)
    })
  })
}

describe("K5 core, runner and one adapter, installed into an empty folder", () => {
  const folder = `${place}/empty`
  let simulator: Simulator.Simulator

  beforeAll(async () => {
    mkdirSync(folder)
    const names = [
      "@tidewire/core",
      "@tidewire/engine",
      "@tidewire/simulator",
      "@tidewire/runner",
      "@tidewire/adapter-binance"
    ]
    const dependencies = Object.fromEntries(names.map((name) => [name, `file:${tarballs.get(name)}`]))
    const manifest = {
      name: "deployment",
      private: true,
      type: "module",
      dependencies: { ...dependencies, effect: "~4.1.0", ws: "^8.23.0" }
    }
    writeFileSync(`${folder}/package.json`, JSON.stringify(manifest))
    const installed = await run("npm", ["install", "--no-audit", "--no-fund"], folder)
    assert.strictEqual(installed.code, 0, said(installed))
    simulator = await Simulator.start({ seed: 3, rates: { tradesPerSecond: 20 } })
  })

  afterAll(() => simulator.stop())

  it("brings no other adapter along", () => {
    const ours = readdirSync(`${folder}/node_modules/@tidewire`).toSorted()
    assert.deepStrictEqual(ours, ["adapter-binance", "core", "engine", "runner", "simulator"])
  })

  const runtimes: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ["node", []],
    ["bun", []],
    ["deno", ["run", "-A"]]
  ]
  for (const [runtime, before] of runtimes) {
    it(`streams on ${runtime}`, async () => {
      const ran = await run(
        runtime,
        [
          ...before,
          "node_modules/@tidewire/runner/dist/bin.js",
          "stream",
          "binance:BTCUSDT,ETHUSDT",
          "trades,quotes,book",
          "--endpoint",
          `stream=${simulator.wsUrl}`,
          "--endpoint",
          `rest=${simulator.url}`,
          "--limit",
          "60"
        ],
        folder
      )
      assert.strictEqual(ran.code, 0, said(ran))
      const events = ran.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { type: string; symbol?: string })
      const market = events.filter((event) => ["trade", "quote", "book"].includes(event.type))
      const symbols = new Set(market.map((event) => event.symbol))
      assert.deepStrictEqual([market.length, symbols.size, events.some(({ type }) => type === "gap")], [60, 2, false])
    })
  }

  it("streams through an adapter's file of one's own", async () => {
    const venue = await CustomVenue.start(`${folder}/custom-venue`)
    try {
      const command = ["--no-install", "tidewire", "stream", "--config", venue.configuration, "--duration", "3s"]
      const ran = await run("npx", command, folder)
      assert.deepStrictEqual(CustomVenue.outcome(ran), CustomVenue.everything, said(ran))
    } finally {
      venue.stop()
    }
  })

  it("the tidewire command runs the demo", async () => {
    const ran = await run("npx", ["--no-install", "tidewire", "run", "--duration", "4s"], folder)
    assert.strictEqual(ran.code, 0, said(ran))
    const symbols = new Set(
      ran.stdout
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { symbol?: string }).symbol)
    )
    assert.isAtLeast(symbols.size, 2)
  })
})
