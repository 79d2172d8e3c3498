/**
 * Finds the file that a package or a path stands for, as `import` would from a given folder. (The runtimes' own
 * resolvers resolve from the file they are called in, or by the conditions of `require`.)
 */
import * as fs from "node:fs"
import { createRequire } from "node:module"
import * as path from "node:path"
import { isRecord } from "../configuration/valueAt.ts"
import * as Manifest from "./manifest.ts"

/** The conditions of `exports` that hold for an import. */
const conditions = new Set(["node", "import", "module-sync", "default"])

export const isPath = (name: string): boolean => /^\.{0,2}[/\\]/.test(name) || path.isAbsolute(name)

/** The file of an adapter named in a configuration; `undefined` when there is none in reach of any of the folders. */
export const find = (name: string, folders: ReadonlyArray<string>): string | undefined => {
  for (const folder of folders) {
    const file = isPath(name) ? ofPath(path.resolve(folder, name)) : ofPackage(name, folder)
    if (file !== undefined) return file
  }
  return undefined
}

const ofPath = (target: string): string | undefined => {
  const stat = fs.statSync(target, { throwIfNoEntry: false })
  if (stat === undefined) return undefined
  if (stat.isFile()) return fs.realpathSync(target)
  const manifest = Manifest.readManifest(target)
  return manifest === undefined ? firstFile(target, ["index.ts", "index.js", "index.mjs"]) : entryOf(manifest)
}

const ofPackage = (name: string, folder: string): string | undefined => {
  const manifest = Manifest.installed(name, folder)
  if (manifest !== undefined) return entryOf(manifest)
  try {
    // a subpath of a package, or a runtime that keeps packages elsewhere
    return createRequire(path.join(folder, "package.json")).resolve(name)
  } catch {
    return undefined
  }
}

const entryOf = ({ folder, json }: Manifest.Manifest): string | undefined => {
  const exported = json["exports"]
  const root = isRecord(exported) && "." in exported ? exported["."] : exported
  const target = root === undefined ? (json["module"] ?? json["main"] ?? "index.js") : conditional(root)
  return typeof target === "string" ? firstFile(folder, [target]) : undefined
}

/** The target of an `exports` value under our conditions, the first that holds. */
const conditional = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(conditional).find((each) => each !== undefined)
  if (!isRecord(value)) return value
  for (const [condition, target] of Object.entries(value)) {
    const found = conditions.has(condition) ? conditional(target) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

const firstFile = (folder: string, names: ReadonlyArray<string>): string | undefined =>
  names.map((name) => path.join(folder, name)).find((file) => fs.existsSync(file))
