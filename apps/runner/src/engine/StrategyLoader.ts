/**
 * Loads the strategies that a configuration names: modules that export `strategy`, an object or what makes one of options.
 * What is exported is looked at when it is loaded, handlers with misspelt names included, and refused with the reason.
 */
import { pathToFileURL } from "node:url"
import { Spelling } from "@tidewire/core"
import type { Strategy } from "@tidewire/engine"
import * as EntryPoint from "../adapters/entryPoint.ts"
import * as ImportFailure from "../configuration/importFailure.ts"
import { given } from "../configuration/Problem.ts"
import { isRecord } from "../configuration/valueAt.ts"

export type Loaded =
  | { readonly _tag: "Loaded"; readonly strategy: Strategy.Strategy; readonly file: string }
  | { readonly _tag: "Refused"; readonly at: "module" | "options"; readonly message: string }

const refused = (message: string, at: "module" | "options" = "module"): Loaded => ({ _tag: "Refused", at, message })

/** Packages and paths are looked for from the folders in turn. */
export const load = async (module: string, options: unknown, folders: ReadonlyArray<string>): Promise<Loaded> => {
  const name = given(module)
  const file = EntryPoint.find(module, folders)
  if (file === undefined) {
    const hint = EntryPoint.isPath(module) ? "" : `; a file's path begins with ./ or ../`
    return refused(`there is no ${name} from ${folders.join(" or ")}${hint}`)
  }
  const imported = await importOf(file)
  if ("failure" in imported) return refused(`${name} cannot be loaded: ${imported.failure}`)
  const exported = imported.exported["strategy"]
  if (exported === undefined) return refused(`${name} is no strategy: ${nothing(imported.exported)}`)
  const made = makeOf(exported, options)
  if ("failure" in made) return refused(`${name} cannot be made of these options: ${made.failure}`, "options")
  const problem = problemOf(made.strategy)
  return problem === undefined
    ? { _tag: "Loaded", strategy: made.strategy as Strategy.Strategy, file }
    : refused(`${name} is no strategy: ${problem}`)
}

const importOf = async (
  file: string
): Promise<{ readonly exported: Readonly<Record<string, unknown>> } | { readonly failure: string }> => {
  try {
    return { exported: (await import(pathToFileURL(file).href)) as Readonly<Record<string, unknown>> }
  } catch (error) {
    return { failure: ImportFailure.describe(error, file) }
  }
}

const nothing = (exported: Readonly<Record<string, unknown>>): string => {
  const names = Object.keys(exported).map((each) => `\`${each}\``)
  const others = names.length === 0 ? "nor anything else" : `but ${names.join(", ")}`
  return `it does not export \`strategy\`, ${others}; expected an object, or a function that makes one of its options`
}

/** What a strategy's own code throws is its own word about its options. */
const makeOf = (exported: unknown, options: unknown): { readonly strategy: unknown } | { readonly failure: string } => {
  if (typeof exported !== "function") return { strategy: exported }
  try {
    return { strategy: (exported as (options: unknown) => unknown)(options) }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}

const policies = ["cancel", "leave"]

const handlers: Readonly<Record<Exclude<keyof Strategy.Strategy, "subscriptions">, "handler" | "policy">> = {
  onFailure: "policy",
  onStopped: "policy",
  onStart: "handler",
  onTrade: "handler",
  onQuote: "handler",
  onBook: "handler",
  onBookState: "handler",
  onBar: "handler",
  onTicker: "handler",
  onMark: "handler",
  onLiquidation: "handler",
  onGap: "handler",
  onOrder: "handler",
  onFill: "handler",
  onBalance: "handler",
  onPosition: "handler",
  onTimer: "handler",
  onStop: "handler"
}

const problemOf = (strategy: unknown): string | undefined => {
  if (!isRecord(strategy)) return "its `strategy` is not an object"
  const { subscriptions } = strategy
  if (!Array.isArray(subscriptions) || !subscriptions.every(isSubscription)) {
    return "its `subscriptions` are not a list of { venue, symbol, channels }"
  }
  for (const key in strategy) {
    const value = strategy[key]
    const expected = handlers[key as keyof typeof handlers] as "handler" | "policy" | undefined
    if (expected === "handler" && typeof value !== "function") return `its \`${key}\` is not a function`
    if (expected === "policy" && !policies.includes(String(value))) return `its \`${key}\` is neither cancel nor leave`
    if (expected === undefined && /^on[A-Z]/.test(key)) {
      return `nothing calls its \`${key}\`${Spelling.hint(key, Object.keys(handlers))}`
    }
  }
  return undefined
}

const isSubscription = (value: unknown): boolean =>
  isRecord(value) &&
  typeof value["venue"] === "string" &&
  typeof value["symbol"] === "string" &&
  Array.isArray(value["channels"]) &&
  value["channels"].every((each) => typeof each === "string")
