/**
 * A venue entry of the configuration, checked against the adapter it names and ready to be made: nothing has been
 * connected to, and symbols are as they are written.
 */
import { Channel, QueueOptions, Spelling, type Transport, type VenueAdapter } from "@tidewire/core"
import type * as Duration from "effect/Duration"
import type { AdapterLoader } from "../adapters/AdapterLoader.ts"
import type { PartialEntry } from "../configuration/load.ts"
import { formatPath, given, type Path, type Problem, problem } from "../configuration/Problem.ts"
import { decode, oneOf } from "../configuration/schemaProblems.ts"
import * as Secrets from "../configuration/secrets.ts"
import type { Origin } from "../workers/messages.ts"
import * as Proxy from "../proxy/Proxy.ts"
import { asGiven, resolve } from "./resolve.ts"
import * as Wanted from "./Wanted.ts"

export interface VenueSetup {
  /** Where the entry stands in the configuration. */
  readonly path: Path
  /** What makes the same setup again. */
  readonly origin: Origin
  /** Threads that the connections are shared out to; 0: none but the main one. */
  readonly workers: number
  readonly adapter: VenueAdapter.AdapterModule
  readonly settings: VenueAdapter.VenueSettings<unknown, unknown>
  readonly wanted: ReadonlyArray<Wanted.Wanted>
  /** Of subscriptions that say nothing of it. */
  readonly transport: Transport.Transport
  readonly queue: QueueOptions.QueueOptions
  readonly proxy: Proxy.Proxy | undefined
  /** How often symbols are resolved again. */
  readonly refreshInstruments: Duration.Duration
}

export interface Checked {
  /** Absent when there are problems. */
  readonly setup: VenueSetup | undefined
  readonly problems: ReadonlyArray<Problem>
}

/** `origin` is where the entry comes from, with the whole environment. */
export const check = async (entry: PartialEntry, origin: Origin, loader: AdapterLoader): Promise<Checked> => {
  const { connection, environment, queue, refreshInstruments, subscriptions = [], transport, venue, workers } = entry
  const { path } = origin
  const loaded = entry.adapter === undefined ? undefined : await loader.load(entry.adapter)
  const adapter = loaded?._tag === "Loaded" ? loaded.adapter : undefined
  const problems: Array<Problem> = loaded?._tag === "Refused" ? [problem([...path, "adapter"], loaded.message)] : []

  if (adapter !== undefined) {
    problems.push(
      ...oneOfThese(venue, adapter.venues, [...path, "venue"], `${adapter.name} serves`),
      ...oneOfThese(environment, adapter.environments, [...path, "environment"], "it has")
    )
  }
  const capabilities =
    venue !== undefined && adapter?.venues.includes(venue) === true ? adapter.capabilities(venue) : undefined
  const endpoints = readValues(entry.endpoints, adapter?.endpoints, [...path, "endpoints"], origin.environment)
  const proxy = Proxy.read(entry.proxy, [...path, "proxy"], origin.environment)
  const options = readValues(entry.options, adapter?.options, [...path, "options"], origin.environment)
  const { problems: wrong, wanted } = Wanted.expand(subscriptions, capabilities, path, entry.transport)
  problems.push(
    ...endpoints.problems,
    ...options.problems,
    ...proxy.problems,
    ...(adapter === undefined ? [] : literalSecrets(entry.options, adapter, [...path, "options"])),
    ...(adapter?.transport === "own" && entry.proxy !== undefined ? [unused(adapter, [...path, "proxy"])] : []),
    ...wrong,
    ...(workers === undefined || workers === 0 ? [] : unsendable(origin.entry, [...path, "workers"])),
    // on the spellings as they are given; a run looks again on the venue's list
    ...resolve(wanted, asGiven).problems,
    ...(connection?.isolation === "shared" && queue !== undefined ? blockOnShared(queue, wanted, path) : [])
  )

  const isWhole =
    adapter !== undefined &&
    venue !== undefined &&
    environment !== undefined &&
    connection !== undefined &&
    queue !== undefined &&
    transport !== undefined &&
    workers !== undefined &&
    refreshInstruments !== undefined
  if (!isWhole || problems.length > 0) return { setup: undefined, problems }
  const settings = {
    venue,
    name: entry.name ?? venue,
    environment,
    endpoints: endpoints.value ?? {},
    options: options.value,
    connection
  }
  const own = { ...origin, environment: Secrets.named(origin.entry, origin.environment) }
  return {
    setup: {
      path,
      origin: own,
      workers,
      adapter,
      settings,
      wanted,
      transport,
      queue,
      proxy: proxy.value,
      refreshInstruments
    },
    problems
  }
}

const oneOfThese = (
  word: string | undefined,
  words: ReadonlyArray<string>,
  path: Path,
  says: string
): ReadonlyArray<Problem> =>
  word === undefined || words.includes(word)
    ? []
    : [problem(path, `${given(word)} is not known here${Spelling.hint(word, words)}; ${says} ${oneOf(words)}`)]

/** Values of the user, read by the adapter's schema; texts from the environment are not repeated in messages. */
const readValues = <A>(
  input: Readonly<Record<string, unknown>> | undefined,
  schema: VenueAdapter.AdapterModule["options"] | undefined,
  at: Path,
  environment: Secrets.Environment
): { readonly value: A | undefined; readonly problems: ReadonlyArray<Problem> } => {
  const resolved = Secrets.resolve(input, at, environment)
  if (schema === undefined || input === undefined) return { value: undefined, problems: resolved.problems }
  const decoded = decode(schema, resolved.value, {
    at,
    isSecret: (path) => resolved.secrets.has(formatPath(path))
  })
  const missing = new Set(resolved.problems.map((each) => each.path))
  return {
    value: decoded.value as A,
    problems: [...resolved.problems, ...decoded.problems.filter((each) => !missing.has(each.path))]
  }
}

/** Credentials stand in no file. */
const literalSecrets = (
  options: Readonly<Record<string, unknown>> | undefined,
  { secrets = [] }: VenueAdapter.AdapterModule,
  at: Path
): ReadonlyArray<Problem> =>
  secrets.flatMap((name) => {
    const value = options?.[name]
    if (value === undefined || Secrets.isVariable(value)) return []
    return [problem([...at, name], 'comes from the environment only; expected { "env": "NAME" }')]
  })

/** A worker makes its adapter from what is written, which must be data for that. */
const unsendable = (written: unknown, at: Path): ReadonlyArray<Problem> => {
  try {
    structuredClone(written)
    return []
  } catch {
    return [problem(at, "the entry holds what cannot be handed to another thread (a function); expected 0")]
  }
}

/** What goes another way than it was told to must not go at all. */
const unused = ({ name }: VenueAdapter.AdapterModule, at: Path): Problem =>
  problem(at, `has no effect: ${name} dials by itself; expected none, or an option of its own`)

/** `block` stops reading a socket, so nothing that shares the socket may be blocked. */
const blockOnShared = (
  queue: QueueOptions.QueueOptions,
  wanted: ReadonlyArray<Wanted.Wanted>,
  path: Path
): ReadonlyArray<Problem> =>
  blocked(queue, wanted).map((kind) =>
    problem(
      [...path, "queue", "overflow", kind],
      '"block" would stop every symbol of a shared connection; expected isolation "symbol" or another policy'
    )
  )

/** The kinds of wanted channels whose policy is `block`. */
export const blocked = (
  queue: QueueOptions.QueueOptions,
  wanted: ReadonlyArray<{ readonly channel: Channel.Channel }>
): ReadonlyArray<Channel.Kind> =>
  Channel.kinds.filter(
    (kind) => QueueOptions.policy(queue, kind) === "block" && wanted.some((each) => Channel.kind(each.channel) === kind)
  )
