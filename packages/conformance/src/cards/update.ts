/** Cards of what changes while a feed runs, and of what must be refused. */
import { type Channel, Subscription, VenueError } from "@tidewire/core"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, fail, type Failed, hold, until } from "../Failed.ts"
import * as flow from "../flow.ts"
import { subscriptions } from "../Stage.ts"
import type { Watched } from "../Watched.ts"

const REASON = "no longer wanted"
const AFTERWARDS_MS = 300

/** Since this many events: that a subscription began or ended anew, or its connection was not well. */
const touched = (watched: Watched, symbol: string, names: ReadonlyArray<string>, since: number) =>
  watched.events.slice(since).flatMap((event) => {
    if (event.type === "subscription" && event.symbol === symbol) {
      return event.state === "pending" || event.state === "ended" ? [event.state] : []
    }
    const isLost = event.type === "connection" && names.includes(event.connection)
    return isLost && event.state !== "Active" && event.state !== "Subscribing" ? [event.state] : []
  })

const changed = (watched: Watched, wanted: ReadonlyArray<Subscription.Subscription>, reasons?: Map<string, string>) =>
  Effect.catch(watched.feed.update(wanted, reasons), (error) => fail(`update: ${error.message}`))

export const changes: Card = {
  id: "LC-5",
  title: "update adds and removes, and does not touch what stays",
  prerequisite: "channel trades",
  action: "stream trades of one symbol, add another, take the first away with a reason",
  pass: "the added one flows; what went ends with the reason and tells nothing more; what stayed has every trade",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { other, symbol } = stage
      const watched = yield* stage.openActive(subscriptions([symbol], "trades"))
      yield* flow.run(stage, watched, symbol, 3)
      let since = watched.events.length
      const stays = (kept: string) =>
        Effect.suspend(() => {
          const names = stage.connectionsOf(subscriptions([kept], "trades"))
          return equal("what was told of what stays", touched(watched, kept, names, since), [])
        })
      yield* changed(watched, subscriptions([symbol, other], "trades"))
      yield* flow.more(watched, symbol, 1)
      yield* stays(symbol)
      yield* flow.more(watched, other, 3)
      since = watched.events.length
      yield* changed(watched, subscriptions([other], "trades"), new Map([[symbol, REASON]]))
      const ended = watched.of("subscription", symbol).at(-1)
      yield* equal("the end of what went", [ended?.state, ended?.reason], ["ended", REASON])
      const count = watched.of("trade", symbol).length
      yield* flow.more(watched, other, 5)
      yield* stays(other)
      yield* equal("trades of what went, after its end", watched.of("trade", symbol).length - count, 0)
      yield* flow.accounted(stage, watched, other)
      yield* equal("gaps and reconnects", [watched.gaps(other), watched.feed.counts().reconnects], [[], 0])
    })
}

export const unchanged: Card = {
  id: "LC-6",
  title: "update with what is there does nothing",
  prerequisite: "channel trades",
  action: "stream trades of two symbols, update with the same in another order",
  pass: "no state is told, nothing is dialled, every trade is told",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, other, symbol } = stage
      const wanted = subscriptions([symbol, other], "trades")
      const watched = yield* stage.openActive(wanted)
      yield* flow.run(stage, watched, symbol, 3)
      yield* flow.more(watched, other, 1)
      const states = () => [watched.of("connection"), watched.of("subscription"), watched.of("gap")].flat().length
      const before = [states(), yield* exchange.dials]
      yield* changed(watched, wanted.toReversed())
      yield* Effect.sleep(AFTERWARDS_MS)
      yield* equal("states told and connections dialled", [states(), yield* exchange.dials], before)
      yield* flow.accounted(stage, watched, symbol)
      yield* flow.accounted(stage, watched, other)
    })
}

/** A refusal must be typed, and must name the channel. */
const refused = (what: string, channel: Channel.Channel, exit: Exit.Exit<unknown, unknown>) =>
  Effect.gen(function* () {
    if (Exit.isSuccess(exit)) return yield* fail(`${what} of ${channel}, which is not claimed, succeeded`)
    if (Cause.hasDies(exit.cause)) return yield* fail(`${what} of ${channel} died`)
    const error = Cause.squash(exit.cause)
    if (!(error instanceof VenueError.VenueError))
      return yield* fail(`${what} of ${channel} failed with ${String(error)}`)
    const { reason } = error
    yield* hold(`${what} of ${channel} failed as ${reason._tag}`, reason._tag === "Unsupported")
    yield* hold(`${what}: "${error.message}" does not name ${channel}`, error.message.includes(channel))
  })

export const unsupported: Card = {
  id: "LC-7",
  title: "a channel that is not among the capabilities is refused with a typed error that names it",
  prerequisite: "channel trades",
  action: "open, and update to, a channel of every absent kind, an absent interval and an absent depth",
  pass: "a VenueError of reason Unsupported names the channel; a running feed goes on as it was",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, symbol } = stage
      const wanted = subscriptions([symbol], "trades")
      const watched = yield* stage.openActive(wanted)
      for (const channel of claims.absent(adapter.capabilities)) {
        const also = [...wanted, { symbol, channel }]
        yield* refused("open", channel, yield* Effect.exit(Effect.scoped(adapter.open(also, () => {}))))
        yield* refused("update", channel, yield* Effect.exit(watched.feed.update(also)))
      }
      yield* flow.run(stage, watched, symbol, 3)
      yield* flow.accounted(stage, watched, symbol)
    })
}

/** What an adapter says of a symbol that it cannot get. */
const isTold = (watched: Watched, symbol: string): Effect.Effect<unknown, Failed> =>
  until(`a word about ${symbol}, which does not exist`, () =>
    watched.of("subscription", symbol).some(({ reason, state }) => state === "ended" || reason !== undefined)
  )

export const unknown: Card = {
  id: "LC-9",
  title: "a symbol that does not exist ends, or is told by name, and the others flow",
  prerequisite: "channel trades",
  action: "stream trades of an unknown symbol and of one that trades",
  pass: "the unknown one's subscription ends or has a reason; the other has every trade and no gap",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      const watched = yield* stage.open(subscriptions([exchange.unknownSymbol, symbol], "trades"))
      yield* flow.run(stage, watched, symbol, 3)
      yield* isTold(watched, exchange.unknownSymbol)
      yield* equal("trades of what does not exist", watched.of("trade", exchange.unknownSymbol), [])
      yield* flow.more(watched, symbol, 2)
      yield* flow.accounted(stage, watched, symbol)
      yield* equal("gaps", watched.gaps(symbol), [])
    })
}
