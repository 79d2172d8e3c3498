/**
 * The journal that a configuration asks for: a file, or on paper none but memory.
 *
 * Guarantees: a journal belongs to one mode and to the venues it began with. Orders of paper are never looked up on an account,
 * those of a test network never on the main one: such a journal is refused, with nothing changed.
 */
import { type Journal, MemoryJournal } from "@tidewire/engine"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { BadConfiguration } from "../configuration/Problem.ts"
import * as SqliteJournal from "../journal/SqliteJournal.ts"
import { Failed } from "../process/exit.ts"
import type { PreparedVenue } from "../venues/PreparedVenue.ts"
import type { EngineDeployment } from "./EngineDeployment.ts"

const NAME = "belongs to"

interface Owner {
  readonly mode: EngineDeployment["mode"]
  /** What each venue that is traded on is, by its configured name. */
  readonly venues: Readonly<Record<string, string>>
}

export const open = (
  { journal: path, mode }: EngineDeployment,
  traded: ReadonlyArray<PreparedVenue>,
  source: string
): Effect.Effect<Journal.Journal, Failed | BadConfiguration, Scope.Scope> =>
  Effect.gen(function* () {
    if (path === undefined) return MemoryJournal.make()
    const journal = yield* Effect.mapError(SqliteJournal.open(path), ({ message }) => new Failed({ message }))
    const owner: Owner = {
      mode,
      venues: Object.fromEntries(
        traded.map(({ name, setup: { settings } }) => [name, `${settings.venue} ${settings.environment}`])
      )
    }
    const before = yield* Effect.try({
      try: () => ownerOf(journal),
      catch: (error) => new Failed({ message: error instanceof Error ? error.message : String(error) })
    })
    const difference = before === undefined ? undefined : differenceOf(before, owner)
    if (difference !== undefined) {
      const message = `${path} ${difference}; expected a journal of its own`
      return yield* new BadConfiguration({ source, problems: [{ path: "engine.journal", message }] })
    }
    const value: Owner = { mode, venues: { ...before?.venues, ...owner.venues } }
    journal.write({ _tag: "Snapshot", time: yield* now, name: NAME, value })
    return journal
  })

const now = Effect.clockWith((clock) => clock.currentTimeMillis)

const ownerOf = (journal: Journal.Journal): Owner | undefined => {
  let owner: Owner | undefined
  // written here only, and refused below where it does not say what it should
  for (const entry of journal.read()) if (entry._tag === "Snapshot" && entry.name === NAME) owner = entry.value as Owner
  return owner
}

const differenceOf = (before: Owner, owner: Owner): string | undefined => {
  if (before.mode !== owner.mode) return `is the journal of mode "${before.mode}"`
  for (const [name, venue] of Object.entries(owner.venues)) {
    const was = before.venues[name]
    if (was !== undefined && was !== venue) return `has orders of ${name} when that was ${was}`
  }
  return undefined
}
