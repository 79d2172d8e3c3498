/**
 * From prepared venues to ones that can be run: symbols are resolved, and resolved again while they run. What strategies want
 * to hear is subscribed beside what is configured, each once. Symbols that a list does not know are problems of the
 * configuration.
 */
import { Channel, MarketStream, Socket, type Subscription, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { BadConfiguration } from "../configuration/Problem.ts"
import type { Problem } from "../configuration/Problem.ts"
import type { Venue } from "../Runner.ts"
import * as Plan from "./plan.ts"
import type { PreparedVenue } from "./PreparedVenue.ts"
import * as Refresh from "./refresh.ts"
import { asGiven, onList, resolve } from "./resolve.ts"
import { Subscribing } from "./Subscribing.ts"
import type { VenueSetup } from "./VenueSetup.ts"
import type { Wanted } from "./Wanted.ts"

/** Beside what is configured, by the venue's name. */
export type Beside = ReadonlyMap<string, ReadonlyArray<Subscription.Subscription>>

export const open = (
  source: string,
  prepared: ReadonlyArray<PreparedVenue>,
  beside: Beside = new Map()
): Effect.Effect<ReadonlyArray<Venue>, BadConfiguration, Plan.Needs> =>
  Effect.gen(function* () {
    const opened = yield* Effect.forEach(prepared, (each) => openOne(each, beside.get(each.name) ?? []))
    const problems = opened.flatMap((each) => each.problems)
    if (problems.length > 0) return yield* new BadConfiguration({ source, problems })
    return opened.map((each) => each.venue)
  })

interface Opened {
  readonly venue: Venue
  readonly problems: ReadonlyArray<Problem>
}

const openOne = Effect.fnUntraced(function* (
  prepared: PreparedVenue,
  beside: ReadonlyArray<Subscription.Subscription>
) {
  const { index, name } = prepared
  if (Result.isFailure(prepared.adapter)) {
    return { venue: { name, open: Effect.fail(prepared.adapter.failure) }, problems: [] } satisfies Opened
  }
  const adapter = prepared.adapter.success
  const symbolsOf = index === undefined ? asGiven : onList(index)
  const configured = resolve(prepared.setup.wanted, symbolsOf)
  const setup = withBeside(prepared.setup, configured.subscriptions, beside)
  const { problems, subscriptions } = resolve(setup.wanted, symbolsOf)
  const driver = yield* Socket.SocketDriver
  prepared.blockProblems = (wanted, connections) =>
    Effect.provideService(Plan.blockProblems({ ...setup, wanted }, connections), Socket.SocketDriver, driver)
  const blocking = yield* prepared.blockProblems(setup.wanted, adapter.plan(subscriptions).connections)
  const opening =
    subscriptions.length === 0
      ? Effect.fail(nothing(setup, name))
      : MarketStream.open(adapter, subscriptions, setup.queue).pipe(
          Effect.tap((stream) => {
            prepared.stream = stream
            const { refreshInstruments: every, wanted } = setup
            const subscribing = new Subscribing(wanted, { index, subscriptions }, beside)
            prepared.subscribing = subscribing
            const listed: Refresh.Refresh["listed"] = (found) => void (prepared.index = found)
            return Effect.forkScoped(Refresh.run({ venue: name, every, subscribing, adapter, stream, listed }))
          })
        )
  return { venue: { name, open: opening }, problems: [...problems, ...blocking] } satisfies Opened
})

/** A symbol has one book: a configured one serves whoever wants another depth. */
export const withBeside = (
  setup: VenueSetup,
  configured: ReadonlyArray<Subscription.Subscription>,
  beside: ReadonlyArray<Subscription.Subscription>
): VenueSetup => {
  const isBook = (channel: Channel.Channel) => Channel.kind(channel) === "book"
  const has =
    ({ channel, symbol }: Subscription.Subscription) =>
    (each: Subscription.Subscription) =>
      each.symbol === symbol && (each.channel === channel || (isBook(each.channel) && isBook(channel)))
  const added: Array<Subscription.Subscription> = []
  for (const each of beside) if (![...configured, ...added].some(has(each))) added.push(each)
  const path = ["engine", "strategies"]
  const wanted = added.map(({ channel, symbol }): Wanted => ({
    symbol,
    isPattern: false,
    channel,
    transport: setup.transport,
    symbolPath: path,
    channelPath: path
  }))
  return wanted.length === 0 ? setup : { ...setup, wanted: [...setup.wanted, ...wanted] }
}

const nothing = ({ wanted }: VenueSetup, venue: string) => {
  const message =
    wanted.length === 0
      ? "nothing is subscribed, and no strategy wants anything of it"
      : "patterns need the list of instruments, which did not come"
  const reason = new VenueError.VenueUnavailable({ message })
  return new VenueError.VenueError({ venue, operation: "resolve symbols", reason })
}
