import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { defineConfig } from "../src/index.ts"
import * as ConfigurationFile from "../src/configuration/configurationFile.ts"
import { fixtures, folder } from "./tidewire.ts"

const read = (name: string, text: string) =>
  Effect.scoped(
    Effect.gen(function* () {
      const files = yield* Effect.acquireRelease(
        Effect.sync(() => folder({ [name]: text })),
        (each) => Effect.sync(() => each[Symbol.dispose]())
      )
      return yield* ConfigurationFile.read(path.join(files.path, name)).pipe(
        Effect.map((file) => file.value),
        Effect.catchTag("BadConfiguration", ({ problems }) => Effect.succeed(problems.map((each) => each.message)))
      )
    })
  )

const value = {
  venues: [{ adapter: "./a", venue: "v", subscriptions: [{ symbols: ["*USDT"], channels: ["book:5"] }] }]
}
const yaml = `# a comment
venues:
  - adapter: ./a
    venue: v
    subscriptions:
      - { symbols: ["*USDT"], channels: [book:5] }
`

describe("a configuration file", () => {
  it.effect.each([
    ["a.json", JSON.stringify(value)],
    ["a.yaml", yaml],
    ["a.yml", yaml],
    ["a.mjs", `export default ${JSON.stringify(value)}`],
    ["a.mts", `const value: unknown = ${JSON.stringify(value)}\nexport default value`]
  ] as const)("%s", ([name, text]) => Effect.map(read(name, text), (read) => assert.deepStrictEqual(read, value)))

  it.effect("in TypeScript, typed by defineConfig from this package", () =>
    Effect.map(ConfigurationFile.read(path.join(fixtures, "configuration.ts")), (file) =>
      assert.deepStrictEqual(
        file.value,
        defineConfig({
          venues: [
            {
              adapter: "./fake-adapter",
              venue: "fake",
              subscriptions: [{ symbols: ["BTCUSDT"], channels: ["trades"] }]
            }
          ]
        })
      )
    )
  )

  it.effect.each([
    ["a.json", '{\n  "venues": [1,\n}', "not JSON: line 3, column 1: "],
    ["b.json", '{\n  "venues": ', "not JSON: line 2, column 13: "],
    ["a.yaml", "venues:\n  - a: [1\n", "not YAML: line 3, column 1: "],
    ["b.yaml", "venues: 1\nvenues: 2\n", "not YAML: line 2, column 1: "],
    ["a.mjs", "export const venues = 1", "has no default export; expected "],
    ["b.mjs", 'throw new Error("broken")', "cannot be loaded: line 1, column 7: broken"],
    ["a.toml", "", '".toml" is no kind of configuration; expected .ts, ']
  ] as const)("%s tells what is wrong and where: %s", ([name, text, beginning]) =>
    Effect.map(read(name, text), (problems) => {
      assert.strictEqual((problems as ReadonlyArray<string>)[0]?.slice(0, beginning.length), beginning)
    })
  )

  it.effect("that is not there is said so", () =>
    Effect.map(Effect.flip(ConfigurationFile.read("/nowhere/tidewire.yaml")), (error) =>
      assert.strictEqual(error.problems[0]?.message, "there is no such file: /nowhere/tidewire.yaml")
    )
  )
})
