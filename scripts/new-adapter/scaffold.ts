/**
 * Makes the package of a new adapter in a workspace: the files of `template/` with the venue's name in them, and, taken
 * from an adapter that is there, what all adapters have alike (manifest, compiler options, licence). Overwrites nothing.
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import * as VenueName from "./venueName.ts"

const template = fileURLToPath(new URL("./template", import.meta.url))

/** The adapter that the others are like. */
const MODEL = "packages/adapter-binance"
const ALIKE = ["tsconfig.json", "tsconfig.build.json", "LICENSE"]

interface Manifest {
  readonly [key: string]: unknown
  readonly devDependencies: Readonly<Record<string, string>>
  readonly tidewire?: { readonly venues: ReadonlyArray<string> }
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest

const writeManifest = (folder: string, manifest: Manifest): void =>
  fs.writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(manifest, undefined, 2)}\n`)

/** The names that a new adapter cannot have: of folders, of pages, and of venues that are served already. */
export const taken = (root: string): ReadonlyArray<string> => {
  const folders = fs.readdirSync(path.join(root, "packages")).filter((each) => each.startsWith("adapter-"))
  const pages = fs.readdirSync(path.join(root, "docs/venues")).map((each) => path.basename(each, ".md"))
  const served = folders
    .map((each) => path.join(root, "packages", each))
    .filter((each) => fs.existsSync(path.join(each, "package.json")))
    .flatMap((each) => readManifest(each).tidewire?.venues ?? [])
  return [...new Set([...folders.map((each) => each.slice("adapter-".length)), ...pages, ...served])]
}

/** Makes the package; gives what was written, from the root. The name is one that `VenueName.problem` has passed. */
export const make = (root: string, name: string): ReadonlyArray<string> => {
  const folder = `packages/adapter-${name}`
  const written = fs
    .readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => path.relative(template, path.join(each.parentPath, each.name)))
    .map((file) => {
      const target = withName(
        file.startsWith("docs") ? `docs/venues/${path.basename(file)}` : `${folder}/${file}`,
        name
      )
      fs.mkdirSync(path.dirname(path.join(root, target)), { recursive: true })
      const text = fs.readFileSync(path.join(template, file), "utf8")
      fs.writeFileSync(path.join(root, target), withName(text, name), { flag: "wx" })
      return target
    })
  for (const file of ALIKE) fs.copyFileSync(path.join(root, MODEL, file), path.join(root, folder, file))
  writeManifest(path.join(root, folder), manifestOf(readManifest(path.join(root, MODEL)), name))
  dependOn(root, `@tidewire/adapter-${name}`)
  return [...written, ...ALIKE.map((file) => `${folder}/${file}`), `${folder}/package.json`, "package.json"].toSorted()
}

const withName = (text: string, name: string): string =>
  text.replaceAll("newvenue", name).replaceAll("NewVenue", VenueName.pascal(name))

/** Private, so that nobody releases what does nothing yet. */
const manifestOf = (model: Manifest, name: string): Manifest => {
  const beginning = { name: `@tidewire/adapter-${name}`, version: "0.0.0", private: true }
  return {
    ...beginning,
    ...model,
    ...beginning,
    description: `Tidewire adapter for ${VenueName.pascal(name)}, over the venue's own WebSocket streams.`,
    tidewire: { venues: [name] }
  }
}

/** The workspace depends on it, so that `tidewire stream <name>:…` finds it. */
const dependOn = (root: string, adapter: string): void => {
  const manifest = readManifest(root)
  const devDependencies = Object.entries({ ...manifest.devDependencies, [adapter]: "workspace:*" })
  const sorted = devDependencies.toSorted(([one], [other]) => (one < other ? -1 : 1))
  writeManifest(root, { ...manifest, devDependencies: Object.fromEntries(sorted) })
}
