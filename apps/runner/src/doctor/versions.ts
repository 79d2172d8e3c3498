/** What runs: the runtime, this package, the adapters and whether all of them share one core. */
import { createRequire } from "node:module"
import { dirname, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import * as Effect from "effect/Effect"
import * as EntryPoint from "../adapters/entryPoint.ts"
import * as Manifest from "../adapters/manifest.ts"
import { valueAt } from "../configuration/valueAt.ts"
import { version } from "../process/version.ts"
import type { Verdicts } from "./Checks.ts"
import { ok, problem, unknown, type Verdict, warning } from "./Finding.ts"

const here = dirname(fileURLToPath(import.meta.url))

/** What must be there once in a process, because its parts know each other by identity. */
const SHARED = ["@tidewire/core", "effect"]

export const runtime: Verdicts = Effect.sync(() => {
  const own = Manifest.nearestManifest(here)
  const engines = textAt(own?.json ?? {}, ["engines", "node"]) ?? ""
  const { bun, deno, node } = process.versions
  const [name, has] = bun !== undefined ? ["Bun", bun] : deno !== undefined ? ["Deno", deno] : ["Node", node]
  const found = `${name} ${has} on ${process.platform} ${process.arch}; tidewire ${version()}, effect ${versionOf("effect", here)}`
  const least = /(\d+)\.(\d+)/.exec(engines)
  if (name !== "Node" || least === null) return [ok(found)]
  const [major = 0, minor = 0] = node.split(".").map(Number)
  const isRight = major > Number(least[1]) || (major === Number(least[1]) && minor >= Number(least[2]))
  return [isRight ? ok(found) : problem(found, `install Node ${engines}`)]
})

/** Those that are named, or without any those that can be found. */
export const adapters = (named: ReadonlyArray<string>, folders: ReadonlyArray<string>): Verdicts =>
  Effect.sync(() => {
    const names = named.length > 0 ? [...new Set(named)] : Manifest.installedAdapters(folders).map(({ name }) => name)
    if (names.length === 0) {
      const advice = "install one where you run: `npm install` with the package that serves your venue"
      return [warning(`none is among the dependencies of ${folders.join(" or ")}`, advice)]
    }
    return names.map((name) => adapter(name, folders))
  })

const adapter = (name: string, folders: ReadonlyArray<string>): Verdict => {
  const file = EntryPoint.find(name, folders)
  const manifest = file === undefined ? undefined : Manifest.nearestManifest(dirname(file))
  if (file === undefined || manifest === undefined) return unknown(`${name} is not installed`)
  const others = SHARED.filter((each) => folderOf(each, manifest.folder) !== folderOf(each, here))
  const found = `${name} ${textAt(manifest.json, ["version"]) ?? "without a version"}`
  if (others.length === 0) return ok(found)
  const copies = others.map((each) => `${each} ${versionOf(each, manifest.folder)} beside ${versionOf(each, here)}`)
  const advice =
    "two copies do not know each other's types: install the adapter and @tidewire/runner of one release side by side"
  return problem(`${found} has a copy of its own of ${copies.join(" and ")}`, advice)
}

const folderOf = (name: string, from: string): string | undefined => {
  const installed = Manifest.installed(name, from)?.folder
  if (installed !== undefined) return installed
  try {
    // runtimes that keep packages elsewhere
    return resolve(createRequire(resolve(from, "package.json")).resolve(name))
  } catch {
    return undefined
  }
}

const versionOf = (name: string, from: string): string =>
  textAt(Manifest.installed(name, from)?.json, ["version"]) ?? "of an unknown version"

const textAt = (value: unknown, path: ReadonlyArray<string>): string | undefined => {
  const found = valueAt(value, path)
  return typeof found === "string" ? found : undefined
}
