/** Cards of slow consumers: core's queues over this adapter's events, and what the adapter does to hold them back. */
import { type Event, MarketStream, QueueOptions, type VenueAdapter } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { account } from "../account.ts"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, fail, hold, until } from "../Failed.ts"
import * as flow from "../flow.ts"
import { type Stage, subscriptions } from "../Stage.ts"
import { Watched } from "../Watched.ts"

const CAPACITY = 5

/** A stream of trades over small queues; the feed's own events are counted as they are emitted. */
const openStream = (stage: Stage) =>
  Effect.gen(function* () {
    const emitted = { count: 0 }
    const { capabilities, history, instruments, venue } = stage.adapter
    // not a spread: an adapter may be an instance of a class
    const adapter: VenueAdapter.VenueAdapter = {
      venue,
      capabilities,
      instruments,
      ...(history !== undefined && { history }),
      plan: (wanted) => stage.adapter.plan(wanted),
      open: (wanted, emit) =>
        stage.adapter.open(wanted, (event) => {
          emitted.count++
          emit(event)
        })
    }
    const options = { ...QueueOptions.defaults, capacity: CAPACITY }
    const opening = MarketStream.open(adapter, subscriptions([stage.symbol], "trades"), options)
    const stream = yield* Effect.catch(opening, (error) => fail(`open: ${error.message}`))
    return { emitted, stream, watched: new Watched().watch(stream.feed) }
  })

export const slow: Card = {
  id: "BP-1",
  title: "a slow consumer loses what does not fit, is told so in the stream, and the counts add up",
  prerequisite: "channel trades",
  action: "a consumer behind a queue of five trades stops at the third until twenty more have been made, then goes on",
  pass: "an overflow gap; every trade is told or inside it; received = what the adapter emitted = delivered + conflated + dropped",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      const { emitted, stream, watched } = yield* openStream(stage)
      const made = Effect.map(exchange.trades(symbol), (trades) => trades.length)
      const waitForMore = Effect.gen(function* () {
        const before = yield* made
        while ((yield* made) < before + 20) yield* Effect.sleep(20)
        yield* Effect.sleep(300)
      })
      let isHeld = false
      const handler = (event: Event.Event) => {
        watched.take(event)
        if (isHeld || watched.of("trade").length < 3) return undefined
        isHeld = true
        return waitForMore
      }
      yield* Effect.forkScoped(stream.consume(handler))
      yield* exchange.busy
      yield* until("an overflow gap", () => watched.gaps(symbol).some(({ reason }) => reason === "overflow"))
      yield* flow.accounted(stage, watched, symbol)
      const { counts, left } = yield* stream.stop("5 seconds")
      const { conflated, delivered, dropped, received, waiting } = counts
      yield* equal("received, by the queues", received, emitted.count)
      yield* equal("delivered + conflated + dropped + waiting", delivered + conflated + dropped + waiting, received)
      yield* equal("left", left, 0)
      const lost = watched.gaps(symbol).reduce((sum, gap) => sum + (gap.reason === "overflow" ? (gap.lost ?? 0) : 0), 0)
      yield* equal("lost, by the gaps", lost, dropped)
    })
}

/** How long what had already been read may still come after a pause, and how long it is then watched, ms. */
const READ_AHEAD_MS = 500
const PAUSED_MS = 700

export const paused: Card = {
  id: "BP-2",
  title: "a pause that is granted holds the stream back, and nothing is lost by it",
  prerequisite: "channel trades",
  action: "pause trades of a busy symbol, look, resume",
  pass: "where pause gives true, nothing comes until resume, and then every trade; where it gives false, the stream goes on",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const wanted = subscriptions([symbol], "trades")
      const watched = yield* stage.openActive(wanted)
      yield* flow.run(stage, watched, symbol, 3)
      const isGranted = watched.feed.pause(wanted[0]!)
      if (isGranted) {
        yield* Effect.sleep(READ_AHEAD_MS)
        const before = watched.of("trade", symbol).length
        yield* Effect.sleep(PAUSED_MS)
        yield* equal("trades while paused", watched.of("trade", symbol).length - before, 0)
        watched.feed.resume(wanted[0]!)
      }
      yield* flow.more(watched, symbol, 3)
      yield* flow.accounted(stage, watched, symbol)
      yield* equal("gaps", watched.gaps(symbol), [])
    })
}

export const reentrant: Card = {
  id: "BP-3",
  title: "the feed may be asked and told anything from inside emit",
  prerequisite: "channels trades and book",
  action:
    "at every event read book, counts, samples and states, and once rotate, reset, retell the book, pause and resume",
  pass: "no event comes inside another; every trade is told; nothing throws",
  unless: (capabilities) => claims.without("trades")(capabilities) ?? claims.without("book")(capabilities),
  check: (stage) =>
    Effect.gen(function* () {
      const { adapter, symbol } = stage
      const watched = new Watched()
      const wanted = subscriptions([symbol], "trades", "book")
      let feed: VenueAdapter.Feed | undefined
      let thrown: unknown
      let calls = 0
      const meddle = (feed: VenueAdapter.Feed): void => {
        feed.book(symbol)
        feed.counts()
        feed.samples()
        watched.states()
        if (feed.book(symbol)?.state !== "live" || watched.of("trade").length < 3 || calls++ > 0) return
        feed.reset()
        feed.retellBook(symbol, { from: undefined, lost: 1 })
        for (const each of wanted) if (feed.pause(each)) feed.resume(each)
        feed.rotate()
      }
      const emit = (event: Event.Event): void => {
        watched.take(event)
        try {
          if (feed !== undefined) meddle(feed)
        } catch (cause) {
          thrown ??= cause
        }
      }
      feed = yield* Effect.catch(adapter.open(wanted, emit), (error) => fail(`open: ${error.message}`))
      watched.watch(feed)
      yield* flow.run(stage, watched, symbol, 10)
      yield* until("the meddling done", () => calls > 0 || thrown !== undefined)
      yield* hold(`thrown inside emit: ${String(thrown)}`, thrown === undefined)
      yield* flow.more(watched, symbol, 10)
      yield* flow.accounted(stage, watched, symbol)
      yield* hold(`thrown inside emit: ${String(thrown)}`, thrown === undefined)
      yield* until("the book live again", () => watched.feed.book(symbol)?.state === "live")
      yield* equal("gaps of trades", watched.gaps(symbol, "trades"), [])
    })
}

export const stopped: Card = {
  id: "BP-4",
  title: "a stop closes the intake, delivers what waits, and nothing comes afterwards",
  prerequisite: "channel trades",
  action: "stop a stream of a busy market while its consumer works",
  pass: "the report leaves nothing and names no connection; every trade delivered is true; nothing is emitted or delivered afterwards",
  unless: claims.without("trades"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      const { emitted, stream, watched } = yield* openStream(stage)
      yield* Effect.forkScoped(stream.consume((event) => watched.take(event)))
      yield* flow.run(stage, watched, symbol, 5)
      const { left, unclosed } = yield* stream.stop("5 seconds")
      const before = [emitted.count, watched.events.length]
      yield* equal("left and unclosed", [left, unclosed], [0, []])
      yield* Effect.sleep(300)
      yield* equal("emitted and delivered afterwards", [emitted.count, watched.events.length], before)
      const last = watched.of("trade").at(-1)!.id
      const truth = yield* exchange.trades(symbol)
      const wrong = account(truth.slice(0, truth.findIndex(({ id }) => id === last) + 1), watched.events)
      yield* hold(wrong ?? "", wrong === undefined)
    })
}
