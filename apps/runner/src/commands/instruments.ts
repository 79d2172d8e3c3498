/** `tidewire instruments`: what a venue trades. */
import { resolve } from "node:path"
import { Instrument } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as AdapterLoader from "../adapters/AdapterLoader.ts"
import { problem } from "../configuration/Problem.ts"
import { columns } from "../output/columns.ts"
import { defaultFormat, type Format } from "../output/Output.ts"
import * as Standard from "../output/standard.ts"
import { Failed } from "../process/exit.ts"
import { layer } from "../process/layers.ts"
import { makeAdapter } from "../venues/makeAdapter.ts"
import * as VenueSetup from "../venues/VenueSetup.ts"
import { VenueEntry } from "../configuration/Configuration.ts"
import { decode } from "../configuration/schemaProblems.ts"
import * as CommandLine from "./commandLine.ts"

export interface Flags extends CommandLine.VenueFlags {
  readonly venue: string
  readonly pattern: string | undefined
  readonly format: Format | undefined
}

export const instruments = Effect.fnUntraced(
  function* (flags: Flags) {
    const folder = resolve(".")
    const name = flags.adapter ?? CommandLine.adapterOf(flags.venue, folder)
    if (typeof name !== "string") return yield* CommandLine.bad([name])
    const written = entryOf(flags, name)
    const { value: entry } = decode(VenueEntry, written, { at: [] })
    if (entry === undefined) return yield* CommandLine.bad([problem([], "the venue and the environment need a name")])
    const loader = AdapterLoader.make([folder])
    const { problems, setup } = yield* Effect.promise(() =>
      VenueSetup.check(entry, { path: [], entry: written, folders: [folder], environment: process.env }, loader)
    )
    if (setup === undefined) return yield* CommandLine.bad(problems)
    const list = yield* makeAdapter(setup).pipe(
      Effect.flatMap((adapter) => adapter.instruments),
      Effect.mapError(
        ({ operation, reason, venue }) =>
          new Failed({
            message: "the instruments could not be listed",
            context: { venue, operation, reason: reason._tag, detail: reason.message }
          })
      )
    )
    const found = select(new Instrument.InstrumentIndex(list), flags.pattern)
    if (found.length === 0)
      return yield* new Failed({ message: `${flags.venue} has no instrument ${flags.pattern ?? ""}` })
    const asTable = (flags.format ?? defaultFormat()) === "table"
    yield* Standard.print(asTable ? table(found) : found.map((each) => JSON.stringify(each)).join("\n"))
  },
  Effect.scoped,
  Effect.provide(layer)
)

/** An entry of a configuration; what it subscribes to is never opened. */
const entryOf = (flags: Flags, adapter: string) => ({
  adapter,
  venue: flags.venue,
  ...(flags.environment !== undefined && { environment: flags.environment }),
  endpoints: flags.endpoint,
  subscriptions: [{ symbols: ["*"], channels: ["trades"] }]
})

const select = (index: Instrument.InstrumentIndex, pattern: string | undefined) => {
  if (pattern === undefined) return index.instruments
  if (Instrument.isPattern(pattern)) return index.match(pattern)
  const found = index.find(pattern)
  return found._tag === "Found" ? [found.instrument] : []
}

const table = (list: ReadonlyArray<Instrument.Instrument>): string =>
  columns([
    ["symbol", "unified", "kind", "status", "tick", "lot"],
    ...list.map((each) => [each.symbol, each.unified, each.kind, each.status, each.tickSize, each.lotSize])
  ])
