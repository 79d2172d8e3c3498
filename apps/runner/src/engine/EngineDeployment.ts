/**
 * The engine of a configuration, checked: its strategies are loaded, its venues are among the configured ones, its journal has
 * a place. Nothing has been opened.
 */
import { basename, extname, resolve } from "node:path"
import { Spelling } from "@tidewire/core"
import type { EngineSetup } from "@tidewire/engine"
import type { EngineEntry } from "../configuration/EngineEntry.ts"
import { formatPath, given, type Path, type Problem, problem } from "../configuration/Problem.ts"
import { oneOf } from "../configuration/schemaProblems.ts"
import * as Secrets from "../configuration/secrets.ts"
import * as StrategyLoader from "./StrategyLoader.ts"

export interface NamedStrategy extends EngineSetup.NamedStrategy {
  /** As it is written. */
  readonly module: string
}

export interface EngineDeployment extends Pick<
  EngineEntry,
  "currency" | "mode" | "paper" | "live" | "risk" | "venues"
> {
  readonly strategies: ReadonlyArray<NamedStrategy>
  /** Of the file. */
  readonly journal: string | undefined
}

export interface Checked {
  readonly engine: EngineDeployment | undefined
  readonly problems: ReadonlyArray<Problem>
}

export interface Origin {
  /** Of the configuration. */
  readonly folder: string
  /** Modules are looked for from these in turn. */
  readonly folders: ReadonlyArray<string>
  readonly environment: Secrets.Environment
  /** The configured names of all venues. */
  readonly venues: ReadonlyArray<string>
}

const AT: Path = ["engine"]

export const check = async (entry: EngineEntry, origin: Origin): Promise<Checked> => {
  const { currency, journal, live, mode, paper, risk, venues } = entry
  const loaded = await Promise.all(
    entry.strategies.map((each, index) => strategyOf(each, [...AT, "strategies", index], origin))
  )
  const strategies = loaded.flatMap(({ strategy }) => strategy ?? [])
  const problems = [
    ...loaded.flatMap((each) => each.problems),
    ...sameNames(entry.strategies),
    ...(venues ?? []).flatMap((name, index) => unknownVenue(name, [...AT, "venues", index], origin)),
    ...Object.keys(paper.venues).flatMap((name) => unknownVenue(name, [...AT, "paper", "venues", name], origin)),
    ...(mode === "live" && journal === undefined
      ? [problem([...AT, "journal"], "is missing; live trading needs one: a file of its own, kept between runs")]
      : [])
  ]
  const path = journal === undefined ? undefined : journalOf(journal, origin.folder)
  return {
    engine:
      problems.length > 0
        ? undefined
        : {
            mode,
            strategies,
            risk,
            paper,
            live,
            journal: path,
            ...(currency !== undefined && { currency }),
            ...(venues !== undefined && { venues })
          },
    problems
  }
}

/** The file of a journal, from the folder of its configuration. */
export const journalOf = (journal: string, folder: string): string => resolve(folder, journal)

/** `./strategies/spread.ts` is `spread`. */
const nameOf = ({ module, name }: EngineEntry["strategies"][number]): string =>
  name ?? basename(module, extname(module))

const strategyOf = async (
  entry: EngineEntry["strategies"][number],
  at: Path,
  { environment, folders }: Origin
): Promise<{ readonly strategy?: NamedStrategy; readonly problems: ReadonlyArray<Problem> }> => {
  const { module } = entry
  const options = Secrets.resolve(entry.options, [...at, "options"], environment)
  if (options.problems.length > 0) return { problems: options.problems }
  const loaded = await StrategyLoader.load(module, options.value, folders)
  if (loaded._tag === "Loaded") {
    return { strategy: { name: nameOf(entry), module, strategy: loaded.strategy }, problems: [] }
  }
  const hasSecrets = loaded.at === "options" && options.secrets.size > 0
  const message = hasSecrets ? `${given(module)} cannot be made of these options` : loaded.message
  return { problems: [problem([...at, loaded.at], message)] }
}

/** Orders and results are told apart by it. */
const sameNames = (strategies: EngineEntry["strategies"]): ReadonlyArray<Problem> => {
  const first = new Map<string, Path>()
  return strategies.flatMap((entry, index) => {
    const name = nameOf(entry)
    const at = [...AT, "strategies", index]
    const before = first.get(name)
    if (before === undefined) {
      first.set(name, at)
      return []
    }
    const message = `${given(name)} is the name of ${formatPath(before)} too; expected a name of its own`
    return [problem([...at, "name"], message)]
  })
}

const unknownVenue = (name: string, at: Path, { venues }: Origin): ReadonlyArray<Problem> =>
  venues.includes(name)
    ? []
    : [
        problem(
          at,
          `${given(name)} is no venue of this configuration${Spelling.hint(name, venues)}; expected ${oneOf(venues)}`
        )
      ]
