/** What an operator asks to be subscribed or not: checked as a configuration is, and what it does to the connections. */
import { Capabilities, Channel, Instrument, Subscription, type VenueAdapter } from "@tidewire/core"
import { format, type Problem, problem } from "../configuration/Problem.ts"
import { resolve } from "./resolve.ts"
import type { Subscribing } from "./Subscribing.ts"
import type { VenueSetup } from "./VenueSetup.ts"
import type { Wanted } from "./Wanted.ts"

export interface Asked {
  readonly symbol: string
  readonly channel: string
}

export interface Change {
  readonly added: ReadonlyArray<Wanted>
  readonly removed: ReadonlyArray<Subscription.Subscription>
  /** What is subscribed then. */
  readonly subscriptions: ReadonlyArray<Subscription.Subscription>
  readonly plan: PlanDifference
  readonly problems: ReadonlyArray<Problem>
  /** Of these, what a strategy hears. */
  readonly held: ReadonlyArray<Problem>
}

export interface PlanDifference {
  readonly before: number
  readonly after: number
  readonly opened: ReadonlyArray<string>
  readonly closed: ReadonlyArray<string>
  readonly kept: number
  readonly notes: ReadonlyArray<string>
}

interface Venue {
  readonly setup: Pick<VenueSetup, "transport">
  readonly adapter: Pick<VenueAdapter.VenueAdapter, "capabilities" | "plan">
  readonly subscribing: Subscribing
}

export const change = (
  { adapter, setup, subscribing }: Venue,
  add: ReadonlyArray<Asked>,
  remove: ReadonlyArray<Asked>
): Change => {
  const { index, subscriptions: before } = subscribing.known
  const problems: Array<Problem> = []
  const held: Array<Problem> = []
  const subscribed = new Set(before.map(Subscription.key))

  const added = add.flatMap(({ channel, symbol }, position): ReadonlyArray<Wanted> => {
    const path = ["add", position]
    const found = symbolOf(index, symbol)
    const parsed = channelOf(adapter.capabilities, channel, setup.transport)
    if ("message" in found) problems.push(problem([...path, "symbol"], found.message))
    if ("message" in parsed) problems.push(problem([...path, "channel"], parsed.message))
    if ("message" in found || "message" in parsed) return []
    if (subscribed.has(`${found.symbol} ${parsed.channel}`)) {
      problems.push(problem(path, `${parsed.channel} of ${found.symbol} is subscribed already`))
      return []
    }
    const { transport } = setup
    return [
      {
        symbol: found.symbol,
        isPattern: false,
        channel: parsed.channel,
        transport,
        symbolPath: [...path, "symbol"],
        channelPath: [...path, "channel"]
      }
    ]
  })

  const removed = remove.flatMap(({ channel, symbol }, position) => {
    const path = ["remove", position]
    const found = symbolOf(index, symbol, false)
    const name = "message" in found ? symbol : found.symbol
    const one = before.find((each) => each.symbol === name && each.channel === channel)
    if (one === undefined) problems.push(problem(path, `${channel} of ${name} is not subscribed`))
    else if (subscribing.isHeld(one)) held.push(problem(path, `${channel} of ${name} is what a strategy hears`))
    else return [one]
    return []
  })

  const gone = new Set(removed.map(Subscription.key))
  const kept = before.filter((each) => !gone.has(Subscription.key(each)))
  const { problems: twice, subscriptions: fresh } = resolve(added, ({ symbol }) => [symbol])
  problems.push(...twice)
  const books = new Set(kept.filter(isBook).map(({ symbol }) => symbol))
  const clashing = added.filter((each) => isBook(each) && books.has(each.symbol))
  problems.push(
    ...clashing.map(({ channelPath, symbol }) => problem(channelPath, `${symbol} has another book; a symbol has one`))
  )
  const clashes = new Set(clashing.map(({ channel, symbol }) => `${symbol} ${channel}`))
  const subscriptions = [...kept, ...fresh.filter((each) => !clashes.has(Subscription.key(each)))]
  return {
    added,
    removed,
    subscriptions,
    plan: difference(adapter.plan(before), adapter.plan(subscriptions)),
    problems,
    held
  }
}

/** The problems as a line. */
export const told = (problems: ReadonlyArray<Problem>): string => problems.map(format).join("; ")

const isBook = ({ channel }: Pick<Wanted, "channel">): boolean => Channel.kind(channel) === "book"

/** In the venue's spelling; one that does not trade can be let go, and not be begun. */
const symbolOf = (
  index: Instrument.InstrumentIndex | undefined,
  given: string,
  isBegun = true
): { readonly symbol: string } | { readonly message: string } => {
  if (Instrument.isPattern(given)) return { message: "patterns stand in the configuration; expected one symbol" }
  if (index === undefined) return { symbol: given.trim().toUpperCase() }
  const found = index.find(given)
  if (found._tag === "Unknown") {
    const hint = found.nearest.length === 0 ? "" : ` (did you mean ${found.nearest.join(" or ")}?)`
    return { message: `this is no symbol of this venue${hint}` }
  }
  const { status, symbol } = found.instrument
  return status === "trading" || !isBegun ? { symbol } : { message: `${symbol} does not trade (${status})` }
}

const channelOf = (
  capabilities: Capabilities.Capabilities,
  given: string,
  transport: Wanted["transport"]
): { readonly channel: Channel.Channel } | { readonly message: string } => {
  const parsed = Channel.parse(given)
  if (parsed._tag === "Invalid") return { message: `this is no channel; expected ${parsed.expected.join(", ")}` }
  const { channel } = parsed
  const missing =
    Capabilities.missing(capabilities, channel) ??
    (transport === "polling" ? Capabilities.unpollable(capabilities, channel) : undefined)
  return missing === undefined ? { channel } : { message: missing }
}

const difference = (before: VenueAdapter.ConnectionPlan, after: VenueAdapter.ConnectionPlan): PlanDifference => {
  const names = (plan: VenueAdapter.ConnectionPlan) => plan.connections.map(({ name }) => name)
  const [was, is] = [new Set(names(before)), new Set(names(after))]
  return {
    before: was.size,
    after: is.size,
    opened: [...is].filter((name) => !was.has(name)),
    closed: [...was].filter((name) => !is.has(name)),
    kept: [...is].filter((name) => was.has(name)).length,
    notes: after.notes
  }
}
