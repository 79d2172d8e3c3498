import * as fs from "node:fs"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as AdapterLoader from "../src/adapters/AdapterLoader.ts"
import { adapterOf } from "../src/commands/commandLine.ts"
import { fakeAdapter, fakeVenue, fixtures, folder, tidewire } from "./tidewire.ts"

/** A project with the fake adapter installed as package managers with symbolic links do it. */
const project = (dependencies: Readonly<Record<string, string>>, more: Readonly<Record<string, string>> = {}) => {
  const made = folder({
    "package.json": JSON.stringify({ name: "project", dependencies }),
    "node_modules/.keep": "",
    "deep/inside/.keep": "",
    ...more
  })
  fs.symlinkSync(fakeAdapter, path.join(made.path, "node_modules/fake-adapter"))
  return made
}

const nameOf = (loaded: AdapterLoader.Loaded) => (loaded._tag === "Loaded" ? loaded.adapter.name : loaded.message)

describe("K5 adapters are found by their names, and no name is known here", () => {
  it("loads by a path from the folder of the configuration", async () => {
    assert.strictEqual(nameOf(await AdapterLoader.make([fixtures]).load("./fake-adapter")), "fake-adapter")
  })

  it("loads a file by its path", async () => {
    assert.strictEqual(nameOf(await AdapterLoader.make([fixtures]).load("./fake-adapter/index.ts")), "fake-adapter")
  })

  it("loads a linked package whose exports have nothing but an import condition, from a folder below", async () => {
    using made = project({ "fake-adapter": "1" })
    const loader = AdapterLoader.make([path.join(made.path, "deep/inside")])
    assert.strictEqual(nameOf(await loader.load("fake-adapter")), "fake-adapter")
  })

  it("looks in the folder of the configuration first, then in the working folder", async () => {
    using made = project({ "fake-adapter": "1" })
    using elsewhere = folder({ "package.json": "{}" })
    const loader = AdapterLoader.make([elsewhere.path, made.path])
    assert.strictEqual(nameOf(await loader.load("fake-adapter")), "fake-adapter")
  })

  it("finds those of any kind of dependency that say which venues they serve, and no others", () => {
    using made = folder({
      "package.json": JSON.stringify({
        dependencies: { a: "1" },
        devDependencies: { b: "1", plain: "1" },
        optionalDependencies: { absent: "1" },
        peerDependencies: { "@scope/c": "1" }
      }),
      ...Object.fromEntries(
        ["a", "b", "@scope/c", "undeclared"].map((name) => [
          `node_modules/${name}/package.json`,
          JSON.stringify({ name, tidewire: { venues: [`${name}-venue`] } })
        ])
      ),
      "node_modules/plain/package.json": "{}",
      "deep/.keep": ""
    })
    assert.deepStrictEqual(AdapterLoader.make([path.join(made.path, "deep")]).installed(), [
      { name: "a", venues: ["a-venue"] },
      { name: "b", venues: ["b-venue"] },
      { name: "@scope/c", venues: ["@scope/c-venue"] }
    ])
  })

  it("S-E5 takes the one that names a venue, then the one that serves any, and asks where there are several", () => {
    const installed = (adapters: Readonly<Record<string, ReadonlyArray<string>>>) =>
      folder({
        "package.json": JSON.stringify({
          dependencies: Object.fromEntries(Object.keys(adapters).map((name) => [name, "1"]))
        }),
        ...Object.fromEntries(
          Object.entries(adapters).map(([name, venues]) => [
            `node_modules/${name}/package.json`,
            JSON.stringify({ name, tidewire: { venues } })
          ])
        )
      })
    using both = installed({ any: ["*"], native: ["north"] })
    using several = installed({ any: ["*"], other: ["*"], native: ["north"] })
    using none = installed({ native: ["north"] })
    const message = (found: ReturnType<typeof adapterOf>) => (typeof found === "string" ? found : found.message)
    assert.deepStrictEqual(
      [adapterOf("north", both.path), adapterOf("south", both.path), adapterOf("north", several.path)],
      ["native", "any", "native"]
    )
    assert.strictEqual(message(adapterOf("south", several.path)), "served by any and other; say which with --adapter")
    assert.match(message(adapterOf("south", none.path)), /^no installed adapter serves it; they serve north/)
  })

  it("says how to install one that is not there, and which is near", async () => {
    using made = project({ "fake-adapter": "1" })
    assert.strictEqual(
      nameOf(await AdapterLoader.make([made.path]).load("fake-adaptor")),
      '"fake-adaptor" is not installed (did you mean fake-adapter?); install it with `npm install fake-adaptor`; installed: fake-adapter'
    )
    assert.strictEqual(
      nameOf(await AdapterLoader.make([made.path]).load("./nowhere")),
      `there is no "./nowhere" from ${made.path}`
    )
  })

  it.each([
    ["export const other = 1", "is no adapter: it does not export `adapter`, but `other`"],
    ["", "is no adapter: it does not export `adapter`, nor anything else"],
    ["export const adapter = 1", "is no adapter: its `adapter` is not an object"],
    [
      'export const adapter = { name: "it", venues: [], make: () => {} }',
      "is no adapter: its `adapter` has no proper `venues`, `environments`, `endpoints`, `options`, `capabilities`"
    ],
    ['throw new Error("broken")', "cannot be loaded: line 1, column 7: broken"],
    ['throw "a text"', "cannot be loaded: a text"],
    ['import { read } from "./beside.ts"\nread()', "cannot be loaded: beside.ts, line 2, column 9: no such field"]
  ])("refuses a module without a proper adapter: %s", async (text, message) => {
    using made = folder({
      "a b/it.ts": text,
      "a b/beside.ts": 'export const read = () => {\n  throw new Error("no such field")\n}\n'
    })
    const said = nameOf(await AdapterLoader.make([made.path]).load("./a b/it.ts"))
    assert.strictEqual(said, `"./a b/it.ts" ${message}`)
  })

  it("tells of every adapter file that cannot be loaded what is wrong with it, and where", async () => {
    const broken = {
      syntax: "export const adapter = {\n  name: 1 venues\n}",
      enums: "enum Side { Buy }\nexport const adapter = Side",
      call: "const read = () => JSON.parse(undefined)\nexport const adapter = read()",
      missing: 'import { read } from "./wire.ts"\nexport const adapter = read()'
    }
    const names = Object.keys(broken)
    const venues = names.map((name) => fakeVenue({ adapter: `./${name}.ts`, name }))
    const files = names.map((name) => [`${name}.ts`, broken[name as keyof typeof broken]])
    using made = folder({ ...Object.fromEntries(files), "t.json": JSON.stringify({ venues }) })
    const { code, stderr } = await tidewire(["check", "--config", `${made.path}/t.json`])
    const told = stderr.split("\n").filter((line) => line.includes("adapter: "))
    const expected = [
      /"\.\/syntax\.ts" cannot be loaded: line 2: Expected/,
      /"\.\/enums\.ts" cannot be loaded: line 1: TypeScript enum is not supported/,
      /"\.\/call\.ts" cannot be loaded: line 1, column 25: "undefined" is not valid JSON/,
      /"\.\/missing\.ts" cannot be loaded: Cannot find module .*wire\.ts/
    ]
    assert.deepStrictEqual(
      [code, told.length, ...expected.map((each, index) => each.test(told[index] ?? ""))],
      [2, 4, true, true, true, true],
      stderr
    )
  })

  it("names no adapter in its sources", () => {
    const root = path.join(fixtures, "../../src")
    const files = fs.readdirSync(root, { recursive: true, encoding: "utf8" }).filter((each) => each.endsWith(".ts"))
    const naming = files.filter((each) =>
      /adapter-|binance|bybit|ccxt/i.test(fs.readFileSync(path.join(root, each), "utf8"))
    )
    assert.isAbove(files.length, 20)
    assert.deepStrictEqual(naming, [])
  })
})
