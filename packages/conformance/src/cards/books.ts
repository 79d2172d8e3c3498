/** Cards of the checked book: how it is told, that it is the exchange's, what happens when a part of it is missing. */
import type { Event } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as BookStory from "../BookStory.ts"
import type { Card } from "../Card.ts"
import * as claims from "../claims.ts"
import { equal, fail, type Failed, hold, settled, until } from "../Failed.ts"
import { type Stage, subscriptions } from "../Stage.ts"
import type { Watched } from "../Watched.ts"

const isLive = (watched: Watched, symbol: string) => () => watched.feed.book(symbol)?.state === "live"

const live = (watched: Watched, symbol: string) => until(`the book of ${symbol} live`, isLive(watched, symbol))

const moving = (watched: Watched, symbol: string, count = 5) =>
  Effect.suspend(() => {
    const before = watched.of("book", symbol).length
    return until(`${count} more changes of ${symbol}`, () => watched.of("book", symbol).length >= before + count)
  })

const about = (watched: Watched, symbol: string) =>
  watched.events.filter((event) => "symbol" in event && event.symbol === symbol)

/** Stops the market; the book that the feed keeps, and the one that its events tell, are the exchange's. */
const isTrue = ({ exchange }: Stage, watched: Watched, symbol: string): Effect.Effect<void, Failed> =>
  Effect.gen(function* () {
    yield* exchange.quiet
    const truth = yield* exchange.book(symbol, "book")
    yield* settled(() => {
      const view = watched.feed.book(symbol)
      if (view?.state !== "live") return `the book of ${symbol} is ${view?.state ?? "not there"}`
      const { book, complaint } = BookStory.read(about(watched, symbol))
      const [kept, told] = [BookStory.difference(view.book, truth), BookStory.difference(book, truth)]
      if (kept !== undefined) return `kept: ${kept}`
      return told === undefined ? complaint : `told: ${told}`
    })
  })

/** Brief: what was told about a book, in order, without its deltas. */
const steps = (events: ReadonlyArray<Event.Event>): ReadonlyArray<string> =>
  events.flatMap((event) => {
    if (event.type === "bookState") return [event.state]
    if (event.type === "book" && event.kind === "snapshot") return ["snapshot"]
    return event.type === "gap" && event.channel.startsWith("book") ? ["gap"] : []
  })

export const told: Card = {
  id: "BK-1",
  title: "a book begins with syncing, a snapshot and live, and its changes chain",
  prerequisite: "channel book",
  action: "open the book on a busy market",
  pass: "syncing, then a snapshot, then live; nothing before the snapshot; sequences rise; no gap",
  unless: claims.without("book"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      yield* exchange.busy
      const watched = yield* stage.open(subscriptions([symbol], "book"))
      yield* live(watched, symbol)
      yield* moving(watched, symbol)
      yield* exchange.quiet
      const { complaint } = BookStory.read(watched.events)
      yield* hold(complaint ?? "", complaint === undefined)
      const [first, ...rest] = steps(watched.events)
      const isInOrder =
        first === "syncing" && rest.indexOf("snapshot") !== -1 && rest.indexOf("snapshot") < rest.indexOf("live")
      yield* hold(`told: ${[first, ...rest].slice(0, 6).join(", ")}`, isInOrder)
      yield* equal("gaps", watched.gaps(symbol), [])
    })
}

export const kept: Card = {
  id: "BK-2",
  title: "the book is the exchange's at the same sequence",
  prerequisite: "channel book",
  action: "keep books of two symbols on a busy market, stop it",
  pass: "the kept book, and the one rebuilt from the events, have every level of the exchange's and no other",
  unless: claims.without("book"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, other, symbol } = stage
      const watched = yield* stage.openActive(subscriptions([symbol, other], "book"))
      yield* exchange.busy
      for (const each of [symbol, other]) {
        yield* live(watched, each)
        yield* moving(watched, each)
      }
      for (const each of [symbol, other]) yield* isTrue(stage, watched, each)
    })
}

export const mended: Card = {
  id: "BK-3",
  title: "a change that did not come makes the book stale, and only it is rebuilt",
  prerequisite: "channel book; the exchange can drop a message (`drop`)",
  action: "keep books of two symbols on a busy market, drop one message of the first",
  pass: "stale, syncing, snapshot, gap, live; then the book is the exchange's; the other book was never touched",
  unless: claims.without("book"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, other, symbol } = stage
      const drop = yield* stage.fault("drop")
      const watched = yield* stage.openActive(subscriptions([symbol, other], "book"))
      yield* exchange.busy
      for (const each of [symbol, other]) {
        yield* live(watched, each)
        yield* moving(watched, each, 2)
      }
      const before = [about(watched, symbol).length, about(watched, other).length] as const
      yield* drop(symbol, "book")
      const since = () => steps(about(watched, symbol).slice(before[0]))
      yield* until("the book stale, and live again", () => since().includes("stale") && since().at(-1) === "live")
      yield* equal("what was told of the book", since().slice(0, 5), ["stale", "syncing", "snapshot", "gap", "live"])
      yield* moving(watched, symbol, 2)
      yield* equal("what was told of the other book", steps(about(watched, other).slice(before[1])), [])
      yield* isTrue(stage, watched, symbol)
      yield* isTrue(stage, watched, other)
    })
}

export const viewed: Card = {
  id: "BK-4",
  title: "a book can be read only while it is live, and the view says what the events say",
  prerequisite: "channel book; the exchange can kill connections (`kill`)",
  action: "look at the book at every event, kill its connection, let it come back",
  pass: "undefined where no book is asked for; at every state told the view has that state; live again and true in the end",
  unless: claims.without("book"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, other, symbol } = stage
      const kill = yield* stage.fault("kill")
      const watched = yield* stage.openActive(subscriptions([symbol], "book"))
      yield* hold("there is a book that nobody asked for", watched.feed.book(other) === undefined)
      yield* exchange.busy
      yield* live(watched, symbol)
      yield* moving(watched, symbol, 2)
      const before = watched.events.length
      yield* kill(symbol)
      const since = () => steps(watched.events.slice(before))
      const differing: Array<string> = []
      yield* until("the book stale, and live again", () => {
        const { state } = BookStory.read(watched.events)
        const view = watched.feed.book(symbol)?.state
        if (view !== state) differing.push(`told ${state}, shown ${view}`)
        return since().includes("stale") && since().at(-1) === "live"
      })
      yield* equal("what the view showed otherwise", differing, [])
      yield* isTrue(stage, watched, symbol)
    })
}

export const retold: Card = {
  id: "BK-5",
  title: "a book is told whole again to a consumer that lost a part of it",
  prerequisite: "channel book",
  action: "ask a live book on a busy market to be retold, naming what was lost",
  pass: "stale, then a snapshot, the gap with what was lost, live; the book is the exchange's",
  unless: claims.without("book"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      const watched = yield* stage.openActive(subscriptions([symbol], "book"))
      yield* exchange.busy
      yield* live(watched, symbol)
      yield* moving(watched, symbol, 3)
      const from = watched.of("book", symbol).at(-3)!.sequence
      const before = watched.events.length
      watched.feed.retellBook(symbol, { from, lost: 2 })
      const since = () => steps(watched.events.slice(before))
      yield* until("the book told again, and live", () => since().includes("snapshot") && since().at(-1) === "live")
      const order = since().filter((step) => step !== "syncing")
      yield* equal("what was told", order.slice(0, 4), ["stale", "snapshot", "gap", "live"])
      const gap = watched.gaps(symbol).at(-1) ?? (yield* fail("no gap"))
      yield* equal("the gap", [gap.from, gap.lost, gap.repaired], [from, 2, true])
      yield* moving(watched, symbol, 2)
      yield* isTrue(stage, watched, symbol)
    })
}

export const carriedOver: Card = {
  id: "BK-6",
  title: "a book outlives the connection that it came on, when that is replaced",
  prerequisite: "channel book",
  action: "rotate the connection of a live book on a busy market",
  pass: "it is never stale, no change is missing or repeated, no gap is told; it is the exchange's in the end",
  unless: claims.without("book"),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange, symbol } = stage
      const watched = yield* stage.openActive(subscriptions([symbol], "book"))
      yield* exchange.busy
      yield* live(watched, symbol)
      yield* moving(watched, symbol)
      const before = watched.events.length
      const names = watched.feed.rotate()
      yield* equal("what rotates", names, stage.connectionsOf(subscriptions([symbol], "book")))
      yield* until("the rotation", () => watched.feed.counts().rotations >= names.length)
      yield* moving(watched, symbol)
      yield* equal("what was told of the book", steps(watched.events.slice(before)), [])
      yield* isTrue(stage, watched, symbol)
    })
}
