/** The package is loaded without CCXT, which costs half a second and 50 MB. */
import { execFileSync } from "node:child_process"
import { assert, describe, it } from "vitest"

const script = `
  import { registerHooks } from "node:module"
  const asked = []
  registerHooks({ resolve: (name, context, next) => (asked.push(name), next(name, context)) })
  const { adapter } = await import(${JSON.stringify(new URL("../src/index.ts", import.meta.url).href)})
  const before = asked.includes("ccxt")
  adapter.capabilities("kraken")
  const { load } = await import(${JSON.stringify(new URL("../src/library.ts", import.meta.url).href)})
  const { Effect } = await import("effect")
  await Effect.runPromise(load("here"))
  console.log(JSON.stringify([before, asked.includes("ccxt"), adapter.venues.length > 70]))
`

describe("the package", () => {
  it("names its exchanges and their capabilities without importing CCXT, which comes with the first exchange", () => {
    const written = execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" })
    assert.deepStrictEqual(JSON.parse(written), [false, true, true])
  })
})
