/** The examples run as their readme says, in a fresh copy, from the sources. (`packages.check.ts` has what is packed.) */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs"
import { tmpdir } from "node:os"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import * as CustomVenue from "./customVenue.ts"
import { root, run, said } from "./workspace.ts"

const bin = `${root}apps/runner/src/bin.ts`

describe("K5 an adapter outside the workspace's packages, loaded by its path", () => {
  const place = mkdtempSync(`${tmpdir()}/tidewire-examples-`)
  let venue: CustomVenue.CustomVenue

  beforeAll(async () => {
    mkdirSync(`${place}/examples`)
    symlinkSync(`${root}node_modules`, `${place}/node_modules`)
    venue = await CustomVenue.start(`${place}/examples/custom-venue`)
  })
  afterAll(() => {
    venue.stop()
    rmSync(place, { recursive: true })
  })

  const runtimes: ReadonlyArray<readonly [string, ReadonlyArray<string>]> = [
    ["node", []],
    ["bun", []],
    ["deno", ["run", "-A"]]
  ]
  for (const [runtime, before] of runtimes) {
    it(`streams on ${runtime}, trades, quotes and checked books whole`, async () => {
      const what = ["stream", "--config", venue.configuration, "--duration", "3s"]
      const ran = await run(runtime, [...before, bin, ...what], place)
      assert.deepStrictEqual(CustomVenue.outcome(ran), CustomVenue.everything, said(ran))
    })
  }

  it("has a plan that is printed without connecting", async () => {
    const ran = await run("node", [bin, "check", "--config", venue.configuration, "--format", "json"], place)
    assert.strictEqual(ran.code, 0, said(ran))
    const { venues } = JSON.parse(ran.stdout) as {
      venues: Array<{ adapter: string; connections: Array<{ name: string; subscriptions: Array<unknown> }> }>
    }
    const plan = venues.map(({ adapter, connections }) => [
      adapter,
      ...connections.map(({ name, subscriptions }) => `${name} ${subscriptions.length}`)
    ])
    assert.deepStrictEqual(plan, [["lagoon", "PEARL/USD 3", "CORALUSD 3"]])
  })

  it("is as short as it is said to be", () => {
    const lines = (file: string) => readFileSync(`${root}examples/custom-venue/${file}`, "utf8").split("\n").length - 1
    assert.isAtMost(lines("adapter.ts"), 90)
    assert.isAtMost(lines("exchange.ts"), 80)
  })
})
