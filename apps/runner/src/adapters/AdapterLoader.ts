/**
 * Loads the adapters that a configuration names. The runner knows none of them: what a package exports as `adapter` is
 * looked at when it is loaded, and a package that does not keep to the contract is refused with the reason.
 */
import { pathToFileURL } from "node:url"
import { Spelling, type VenueAdapter } from "@tidewire/core"
import * as Schema from "effect/Schema"
import * as ImportFailure from "../configuration/importFailure.ts"
import { isRecord } from "../configuration/valueAt.ts"
import * as EntryPoint from "./entryPoint.ts"
import * as Manifest from "./manifest.ts"

export type Loaded =
  | { readonly _tag: "Loaded"; readonly adapter: VenueAdapter.AdapterModule }
  | { readonly _tag: "Refused"; readonly message: string }

export interface AdapterLoader {
  /** Loads by package name or path; each once. */
  readonly load: (name: string) => Promise<Loaded>
  /** The adapters that can be found without being named. */
  readonly installed: () => ReadonlyArray<Manifest.InstalledAdapter>
}

/** Packages and paths are looked for from the folders in turn. */
export const make = (folders: ReadonlyArray<string>): AdapterLoader => {
  const loaded = new Map<string, Promise<Loaded>>()
  const installed = () => Manifest.installedAdapters(folders)
  return {
    installed,
    load: (name) => {
      const before = loaded.get(name)
      if (before !== undefined) return before
      const loading = load(name, folders, installed)
      loaded.set(name, loading)
      return loading
    }
  }
}

const refused = (message: string): Loaded => ({ _tag: "Refused", message })

const load = async (
  name: string,
  folders: ReadonlyArray<string>,
  installed: () => ReadonlyArray<Manifest.InstalledAdapter>
): Promise<Loaded> => {
  const file = EntryPoint.find(name, folders)
  if (file === undefined) return refused(notFound(name, folders, installed()))
  try {
    const module: unknown = await import(pathToFileURL(file).href)
    return check(name, module)
  } catch (error) {
    return refused(`${JSON.stringify(name)} cannot be loaded: ${ImportFailure.describe(error, file)}`)
  }
}

const notFound = (
  name: string,
  folders: ReadonlyArray<string>,
  installed: ReadonlyArray<Manifest.InstalledAdapter>
): string => {
  const given = JSON.stringify(name)
  if (EntryPoint.isPath(name)) return `there is no ${given} from ${folders.join(" or ")}`
  const known = installed.map((each) => each.name)
  const list = known.length === 0 ? "" : `; installed: ${known.join(", ")}`
  return `${given} is not installed${Spelling.hint(name, known)}; install it with \`npm install ${name}\`${list}`
}

const check = (name: string, module: unknown): Loaded => {
  const given = JSON.stringify(name)
  const exported = Object(module) as Record<string, unknown>
  const { adapter } = exported
  if (adapter === undefined)
    return refused(`${given} is no adapter: it does not export \`adapter\`, ${others(exported)}`)
  if (!isRecord(adapter)) return refused(`${given} is no adapter: its \`adapter\` is not an object`)
  const wrong = Object.entries(shape).filter(([key, holds]) => !holds(adapter[key]))
  return wrong.length === 0
    ? { _tag: "Loaded", adapter: adapter as unknown as VenueAdapter.AdapterModule }
    : refused(`${given} is no adapter: its \`adapter\` has no proper ${wrong.map(([key]) => `\`${key}\``).join(", ")}`)
}

const others = (exported: Record<string, unknown>): string => {
  const names = Object.keys(exported).map((each) => `\`${each}\``)
  return names.length === 0 ? "nor anything else" : `but ${names.join(", ")}`
}

const isWords = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string")
const isFunction = (value: unknown): boolean => typeof value === "function"

const shape: Readonly<Record<keyof VenueAdapter.AdapterModule, (value: unknown) => boolean>> = {
  secrets: (value) => value === undefined || Array.isArray(value),
  transport: (value) => value === undefined || value === "given" || value === "own",
  name: (value) => typeof value === "string",
  venues: isWords,
  environments: isWords,
  endpoints: Schema.isSchema,
  options: Schema.isSchema,
  capabilities: isFunction,
  make: isFunction
}
