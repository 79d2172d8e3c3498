/**
 * Reads package manifests from the disk: the one nearest to a folder, the one of an installed package, and which of a
 * manifest's dependencies say that they serve venues (`"tidewire": { "venues": [ … ] }`).
 */
import * as fs from "node:fs"
import * as path from "node:path"
import { isRecord } from "../configuration/valueAt.ts"

export interface Manifest {
  /** The package's real folder, symbolic links followed. */
  readonly folder: string
  readonly json: Record<string, unknown>
}

/** Among an adapter's venues: any that no other adapter names. */
export const ANY = "*"

export interface InstalledAdapter {
  readonly name: string
  readonly venues: ReadonlyArray<string>
}

const dependencyKeys = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"]

/** The folder and every folder above it. */
const upwards = (folder: string): ReadonlyArray<string> => {
  const parent = path.dirname(folder)
  return parent === folder ? [folder] : [folder, ...upwards(parent)]
}

export const readManifest = (folder: string): Manifest | undefined => {
  try {
    const real = fs.realpathSync(folder)
    const json: unknown = JSON.parse(fs.readFileSync(path.join(real, "package.json"), "utf8"))
    return isRecord(json) ? { folder: real, json } : undefined
  } catch {
    return undefined
  }
}

/** The manifest nearest to a folder, upwards. */
export const nearestManifest = (folder: string): Manifest | undefined => {
  for (const each of upwards(folder)) {
    const manifest = readManifest(each)
    if (manifest !== undefined) return manifest
  }
  return undefined
}

/** The manifest of a package as modules in `folder` would find it. */
export const installed = (name: string, folder: string): Manifest | undefined => {
  for (const each of upwards(folder)) {
    const manifest = readManifest(path.join(each, "node_modules", name))
    if (manifest !== undefined) return manifest
  }
  return undefined
}

const venuesOf = ({ json }: Manifest): ReadonlyArray<string> => {
  const venues = isRecord(json["tidewire"]) ? json["tidewire"]["venues"] : undefined
  return Array.isArray(venues) ? venues.filter((each) => typeof each === "string") : []
}

/** The adapters among the dependencies of the manifests nearest to the folders, each once. */
export const installedAdapters = (folders: ReadonlyArray<string>): ReadonlyArray<InstalledAdapter> => {
  const found = new Map<string, InstalledAdapter>()
  for (const folder of folders) {
    const nearest = nearestManifest(folder)
    if (nearest === undefined) continue
    for (const name of dependencyKeys.flatMap((key) =>
      Object.keys(isRecord(nearest.json[key]) ? nearest.json[key] : {})
    )) {
      const manifest = found.has(name) ? undefined : installed(name, nearest.folder)
      const venues = manifest === undefined ? [] : venuesOf(manifest)
      if (venues.length > 0) found.set(name, { name, venues })
    }
  }
  return [...found.values()]
}
