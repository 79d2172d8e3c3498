/**
 * A configuration from the command line: `venue:BTCUSDT,ETHUSDT trades,book` becomes what a file would have said. An
 * adapter that is not named is looked for among the installed ones.
 */
import { Spelling } from "@tidewire/core"
import * as AdapterLoader from "../adapters/AdapterLoader.ts"
import * as Manifest from "../adapters/manifest.ts"
import type { ConfigurationFile } from "../configuration/configurationFile.ts"
import { BadConfiguration, given, type Problem } from "../configuration/Problem.ts"

export interface VenueFlags {
  readonly adapter: string | undefined
  readonly environment: string | undefined
  readonly endpoint: Readonly<Record<string, string>>
}

const source = "command line"

export const bad = (problems: ReadonlyArray<Problem>): BadConfiguration => new BadConfiguration({ source, problems })

const usage =
  "expected <venue>:<symbol>,<symbol>… (one or more), then the channels, e.g. venue:BTCUSDT,ETHUSDT trades,book"

/** The configuration of `stream`'s arguments, or what is wrong with them. */
export const configuration = (
  what: ReadonlyArray<string>,
  flags: VenueFlags & { readonly isolation: string | undefined; readonly transport: string | undefined },
  folder: string
): ConfigurationFile | BadConfiguration => {
  if (what.length < 2) return bad([{ path: "", message: usage }])
  const channels = words(what.at(-1)!)
  const problems: Array<Problem> = []
  const entries = new Map<string, { adapter: string; symbols: ReadonlyArray<string> }>()
  for (const text of what.slice(0, -1)) {
    const colon = text.indexOf(":")
    const venue = colon === -1 ? text : text.slice(0, colon)
    const symbols = colon === -1 ? [] : words(text.slice(colon + 1))
    if (venue === "" || symbols.length === 0) {
      problems.push({ path: given(text), message: `names no symbols; ${usage}` })
      continue
    }
    const adapter = flags.adapter ?? adapterOf(venue, folder)
    if (typeof adapter !== "string") problems.push(adapter)
    else entries.set(venue, { adapter, symbols: [...(entries.get(venue)?.symbols ?? []), ...symbols] })
  }
  if (channels.length === 0) problems.push({ path: given(what.at(-1)), message: `names no channels; ${usage}` })
  if (problems.length > 0) return bad(problems)
  const { endpoint: endpoints, environment, isolation, transport } = flags
  const venues = [...entries].map(([venue, { adapter, symbols }]) => ({
    adapter,
    venue,
    ...(environment !== undefined && { environment }),
    ...(isolation !== undefined && { connection: { isolation } }),
    ...(transport !== undefined && { transport }),
    endpoints,
    subscriptions: [{ symbols, channels }]
  }))
  return { source, folder, value: { venues } }
}

const words = (text: string): ReadonlyArray<string> =>
  text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")

/** The installed adapter that serves a venue: one that names it, else one that takes any. */
export const adapterOf = (venue: string, folder: string): string | Problem => {
  const installed = AdapterLoader.make([folder]).installed()
  const naming = (word: string) => installed.filter(({ venues }) => venues.includes(word)).map(({ name }) => name)
  const serving = naming(venue).length > 0 ? naming(venue) : naming(Manifest.ANY)
  if (serving.length === 1) return serving[0]!
  const path = given(venue)
  if (serving.length > 1) {
    return { path, message: `served by ${serving.join(" and ")}; say which with --adapter` }
  }
  const venues = installed.flatMap((each) => each.venues)
  const known = venues.length === 0 ? "no adapter is" : `they serve ${venues.join(", ")}; no other adapter is`
  return {
    path,
    message: `no installed adapter serves it${Spelling.hint(venue, venues)}; ${known} among the dependencies of the package.json nearest to ${folder}: install one there, or name it with --adapter`
  }
}
