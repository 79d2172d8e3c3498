import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import type { BookDelta, BookSnapshot } from "../src/BookRule.ts"
import { BookSync, type BookSyncOptions, type BookSyncSink } from "../src/BookSync.ts"
import type { Book, BookState, Gap, Level } from "../src/Event.ts"
import { NaiveBookVenue, type Numbering, rules } from "./naiveBookVenue.ts"
import { type Random, seeded } from "./random.ts"

type Told = Book | BookState | Gap

const options: BookSyncOptions = {
  venue: "reference",
  symbol: "AAA",
  channel: "book",
  rule: rules.spot,
  seedsFromSocket: false
}

/** What is told and asked for, a line each. */
const line = (event: Told): string => {
  switch (event.type) {
    case "book":
      return `${event.kind} ${event.sequence}`
    case "bookState":
      return event.reason === undefined ? event.state : `${event.state}: ${event.reason}`
    case "gap": {
      const lost = event.lost === null ? "" : ` lost ${event.lost}`
      return `gap ${event.reason} ${event.from ?? ""}..${event.to ?? ""}${lost}${event.repaired ? " repaired" : ""}`
    }
  }
}

const make = (changes: Partial<BookSyncOptions> = {}, onTold?: (event: Told, sync: BookSync) => void) => {
  const lines: Array<string> = []
  const sync: BookSync = new BookSync(
    { ...options, ...changes },
    {
      emit: (event) => {
        lines.push(line(event))
        onTold?.(event, sync)
      },
      requestSnapshot: () => lines.push("request")
    }
  )
  return {
    sync,
    /** What came since the last look. */
    take: () => lines.splice(0)
  }
}

/** A spot change from `first` to `last`. */
const delta = (first: number, last = first, bids: ReadonlyArray<Level> = [[9, last]]): BookDelta => ({
  symbol: "AAA",
  first,
  last,
  bids,
  asks: [],
  receivedTime: last
})

const snapshot = (sequence: number, bids: ReadonlyArray<Level> = [[9, sequence]]): BookSnapshot => ({
  symbol: "AAA",
  sequence,
  bids,
  asks: [[10, 1]],
  receivedTime: sequence
})

/** A book that is live at sequence 10, with nothing left to look at. */
const live = (changes: Partial<BookSyncOptions> = {}, onTold?: (event: Told, sync: BookSync) => void) => {
  const made = make(changes, onTold)
  made.sync.start(1)
  made.sync.snapshot(snapshot(10))
  made.take()
  return made
}

const counts = ({ applied, droppedBuffered, duplicates, refetches, resyncs, retells }: BookSync) => ({
  applied,
  droppedBuffered,
  duplicates,
  refetches,
  resyncs,
  retells
})

describe("BookSync", () => {
  it("tells a first start as syncing, the snapshot, the changes that join, live; and no gap", () => {
    const { sync, take } = make()
    const before = sync.view()
    sync.start(1)
    sync.delta(delta(8, 9))
    sync.delta(delta(10, 12))
    sync.delta(delta(13))
    const waiting = [sync.view(), take()]
    sync.snapshot(snapshot(10))
    sync.delta(delta(14))
    const view = sync.view()
    assert.deepStrictEqual(
      [before, waiting, take(), view.state, view.state === "live" && view.book.sequence, counts(sync)],
      [
        { state: "syncing", reason: undefined },
        [{ state: "syncing", reason: undefined }, ["syncing", "request"]],
        ["snapshot 10", "delta 12", "delta 13", "live", "delta 14"],
        "live",
        14,
        { applied: 3, droppedBuffered: 0, duplicates: 0, refetches: 0, resyncs: 0, retells: 0 }
      ]
    )
  })

  it("makes events of what the venue sent, and leaves out what it did not", () => {
    const events: Array<Told> = []
    const { sync } = make({}, (event) => events.push(event))
    const exact = { "bids.0.0": "9.00000000000000001" }
    sync.start(1)
    sync.snapshot({ ...snapshot(10), exact })
    sync.delta({ ...delta(11), exchangeTime: 7 })
    sync.delta({ ...delta(12), exchangeTime: 8, exact })
    sync.delta(delta(14))
    sync.snapshot({ ...snapshot(20), exchangeTime: 19 })
    const at = { venue: "reference", symbol: "AAA" }
    const book = { type: "book", ...at, asks: [] }
    assert.deepStrictEqual(events, [
      { type: "bookState", ...at, receivedTime: 1, state: "syncing" },
      { ...book, kind: "snapshot", bids: [[9, 10]], asks: [[10, 1]], sequence: 10, receivedTime: 10, exact },
      { type: "bookState", ...at, receivedTime: 10, state: "live" },
      { ...book, kind: "delta", bids: [[9, 11]], sequence: 11, receivedTime: 11, exchangeTime: 7 },
      { ...book, kind: "delta", bids: [[9, 12]], sequence: 12, receivedTime: 12, exchangeTime: 8, exact },
      {
        type: "bookState",
        ...at,
        receivedTime: 14,
        state: "stale",
        reason: "changes are missing between 12 and 14"
      },
      { type: "bookState", ...at, receivedTime: 14, state: "syncing" },
      { ...book, kind: "snapshot", bids: [[9, 20]], asks: [[10, 1]], sequence: 20, receivedTime: 20, exchangeTime: 19 },
      {
        type: "gap",
        ...at,
        receivedTime: 20,
        channel: "book",
        reason: "sequence",
        from: 12,
        to: 20,
        lost: null,
        repaired: true
      },
      { type: "bookState", ...at, receivedTime: 20, state: "live" }
    ] as Array<Told>)
  })

  it("is stale the moment a change is missing, and live again with a newer snapshot and what waited", () => {
    const { sync, take } = live()
    sync.delta(delta(11))
    sync.delta(delta(13, 14))
    const stale = [take(), sync.view()]
    sync.delta(delta(15))
    sync.snapshot(snapshot(13))
    assert.deepStrictEqual(
      [stale, take(), sync.view().state, sync.resyncs],
      [
        [
          ["delta 11", "stale: changes are missing between 11 and 13", "syncing", "request"],
          { state: "syncing", reason: "changes are missing between 11 and 13" }
        ],
        ["snapshot 13", "gap sequence 11..13 repaired", "delta 14", "delta 15", "live"],
        "live",
        1
      ]
    )
  })

  it("asks again, and tells nothing, when the snapshot is too old for what waits", () => {
    const { sync, take } = make()
    sync.start(1)
    sync.delta(delta(12, 13))
    sync.snapshot(snapshot(10))
    const refused = [take(), sync.view().state]
    sync.delta(delta(14))
    sync.snapshot(snapshot(12))
    assert.deepStrictEqual(
      [refused, take(), sync.refetches],
      [[["syncing", "request", "request"], "syncing"], ["snapshot 12", "delta 13", "delta 14", "live"], 1]
    )
  })

  it("is live at once with a snapshot that is ahead of all that waits, and passes over changes until one joins", () => {
    const { sync, take } = make()
    sync.start(1)
    sync.delta(delta(9))
    sync.snapshot(snapshot(12))
    sync.delta(delta(10))
    sync.delta(delta(11, 12))
    sync.delta(delta(12, 13))
    assert.deepStrictEqual(
      [take(), counts(sync)],
      [
        ["syncing", "request", "snapshot 12", "live", "delta 13"],
        { applied: 1, droppedBuffered: 0, duplicates: 0, refetches: 0, resyncs: 0, retells: 0 }
      ]
    )
  })

  it("finds a new hole when the first change after a snapshot does not join it", () => {
    const { sync, take } = live()
    sync.delta(delta(12))
    sync.snapshot(snapshot(12))
    assert.deepStrictEqual(take(), [
      "stale: changes are missing between 10 and 12",
      "syncing",
      "request",
      "snapshot 12",
      "gap sequence 10..12 repaired",
      "live"
    ])
  })

  it("keeps of what waits only the part after a hole", () => {
    const { sync, take } = make()
    sync.start(1)
    sync.delta(delta(11))
    sync.delta(delta(13))
    sync.snapshot(snapshot(10))
    sync.delta(delta(14))
    sync.snapshot(snapshot(12))
    assert.deepStrictEqual(take(), ["syncing", "request", "request", "snapshot 12", "delta 13", "delta 14", "live"])
  })

  it("drops and counts what comes twice, also while it waits", () => {
    const { sync, take } = live()
    sync.delta(delta(11))
    sync.delta(delta(11))
    sync.disconnected(20)
    sync.start(21)
    for (const id of [20, 21, 20, 21, 22]) sync.delta(delta(id))
    sync.snapshot(snapshot(20))
    assert.deepStrictEqual(
      [take(), counts(sync)],
      [
        [
          "delta 11",
          "stale: disconnected",
          "syncing",
          "request",
          "snapshot 20",
          "gap disconnect 11..20 repaired",
          "delta 21",
          "delta 22",
          "live"
        ],
        { applied: 3, droppedBuffered: 0, duplicates: 3, refetches: 0, resyncs: 0, retells: 0 }
      ]
    )
  })

  it("lets the oldest of too many waiting changes go, and then needs a newer snapshot", () => {
    const { sync, take } = make({ maxBuffered: 2 })
    sync.start(1)
    for (const id of [11, 12, 13]) sync.delta(delta(id))
    sync.snapshot(snapshot(10))
    sync.snapshot(snapshot(11))
    assert.deepStrictEqual(
      [take(), sync.droppedBuffered, sync.refetches],
      [["syncing", "request", "request", "snapshot 11", "delta 12", "delta 13", "live"], 1, 1]
    )
  })

  it("tells failures during one hole as one gap, and no state twice", () => {
    const { sync, take } = live()
    sync.disconnected(20)
    sync.disconnected(21)
    sync.delta(delta(21))
    sync.start(22)
    sync.disconnected(23, "stale", "silent")
    sync.snapshot(snapshot(22))
    sync.start(24)
    sync.snapshotFailed("503", 25)
    sync.snapshot(snapshot(30))
    assert.deepStrictEqual(take(), [
      "stale: disconnected",
      "syncing",
      "request",
      "stale: silent",
      "syncing",
      "request",
      "stale: no snapshot: 503",
      "syncing",
      "request",
      "snapshot 30",
      "gap disconnect 10..30 repaired",
      "live"
    ])
  })

  it("tells no gap when the new snapshot is where the book stood", () => {
    const { sync, take } = live()
    sync.disconnected(20)
    sync.start(21)
    sync.snapshot(snapshot(10))
    assert.deepStrictEqual(take(), ["stale: disconnected", "syncing", "request", "snapshot 10", "live"])
  })

  it("goes through stale when a session begins before the end of the one before was told", () => {
    const { sync, take } = live()
    sync.start(20)
    assert.deepStrictEqual(take(), ["stale: disconnected", "syncing", "request"])
  })

  it("tolerates a crossed book for one message, and not for two", () => {
    const { sync, take } = live()
    const crossing: ReadonlyArray<Level> = [[10, 1]]
    sync.delta(delta(11, 11, crossing))
    sync.delta(delta(12, 12, [[10, 0]]))
    sync.delta(delta(13, 13, crossing))
    const tolerated = [take(), sync.view().state]
    sync.delta(delta(14))
    sync.snapshot(snapshot(15))
    assert.deepStrictEqual(
      [tolerated, take(), sync.view().state],
      [
        [["delta 11", "delta 12", "delta 13"], "live"],
        [
          "delta 14",
          "stale: crossed for more than one message",
          "syncing",
          "request",
          "snapshot 15",
          "gap sequence 14..15 repaired",
          "live"
        ],
        "live"
      ]
    )
  })

  it("does not become live when the waiting changes cross it, and keeps the rest for the next snapshot", () => {
    const { sync, take } = make()
    sync.start(1)
    for (const id of [11, 12, 13]) sync.delta(delta(id))
    sync.snapshot(snapshot(10, [[10, 1]]))
    const crossed = take()
    sync.snapshot(snapshot(12))
    assert.deepStrictEqual(
      [crossed, take()],
      [
        [
          "syncing",
          "request",
          "snapshot 10",
          "delta 11",
          "stale: crossed for more than one message",
          "syncing",
          "request"
        ],
        ["snapshot 12", "gap sequence 11..12 repaired", "delta 13", "live"]
      ]
    )
  })

  it("rebuilds a book that somebody found wrong", () => {
    const { sync, take } = live()
    sync.resync("differs from the venue's", "sequence", 11)
    sync.resync("asked for", "sequence", 12)
    sync.snapshot(snapshot(12))
    assert.deepStrictEqual(
      [take(), sync.resyncs],
      [
        [
          "stale: differs from the venue's",
          "syncing",
          "request",
          "snapshot 12",
          "gap sequence 10..12 repaired",
          "live"
        ],
        1
      ]
    )
  })

  it("tells a live book whole again from its own, to a consumer that lost a part", () => {
    const told: Array<Told> = []
    const { sync, take } = live({}, (event) => told.push(event))
    for (const id of [11, 12]) sync.delta({ ...delta(id), exchangeTime: id - 0.5 })
    sync.retell({ from: 10, lost: 2 }, 15)
    sync.delta(delta(13))
    assert.deepStrictEqual(
      [take(), told.findLast((event) => event.type === "book" && event.kind === "snapshot"), counts(sync)],
      [
        [
          "delta 11",
          "delta 12",
          "stale: the consumer did not keep up",
          "syncing",
          "snapshot 12",
          "gap overflow 10..12 lost 2 repaired",
          "live",
          "delta 13"
        ],
        {
          type: "book",
          venue: "reference",
          symbol: "AAA",
          exchangeTime: 11.5,
          receivedTime: 12,
          kind: "snapshot",
          bids: [[9, 12]],
          asks: [[10, 1]],
          sequence: 12
        },
        { applied: 3, droppedBuffered: 0, duplicates: 0, refetches: 0, resyncs: 0, retells: 1 }
      ]
    )
  })

  it("makes one hole of what the venue and the consumer lost, from where the consumer stood", () => {
    const { sync, take } = live()
    for (const id of [11, 12]) sync.delta(delta(id))
    sync.disconnected(20)
    sync.retell({ from: 10, lost: 2 }, 21)
    sync.start(22)
    sync.snapshot(snapshot(20))
    assert.deepStrictEqual(take().slice(2), [
      "stale: disconnected",
      "syncing",
      "request",
      "snapshot 20",
      "gap disconnect 10..20 repaired",
      "live"
    ])
  })

  it("does not turn back time for an old snapshot, unless the venue insists", () => {
    const { sync, take } = live()
    const answers = (count: number, sequence: number) => {
      for (let answer = 0; answer < count; answer++) sync.snapshot(snapshot(sequence))
      return take()
    }
    sync.resync("asked for", "sequence", 11)
    take()
    const refused = answers(2, 5)
    sync.disconnected(12)
    sync.start(13)
    take()
    const refusedAnew = answers(3, 5)
    const insisted = answers(1, 5)
    sync.resync("asked for", "sequence", 14)
    take()
    assert.deepStrictEqual(
      [refused, refusedAnew, insisted, answers(3, 4), sync.refetches],
      [
        ["request", "request"],
        ["request", "request", "request"],
        ["snapshot 5", "gap sequence 10..5 repaired", "live"],
        ["request", "request", "request"],
        8
      ]
    )
  })

  it("is not silenced by a venue that begins its numbering anew", () => {
    const { sync, take } = make()
    sync.start(1)
    sync.snapshot(snapshot(1_000))
    sync.delta({ ...delta(1_001), exchangeTime: 100 })
    take()
    const old = (ids: number, exchangeTime: (id: number) => number) => {
      for (let id = 1; id <= ids; id++) sync.delta({ ...delta(id), exchangeTime: exchangeTime(id) })
    }
    old(16, () => 100)
    old(15, (id) => 100 + id)
    old(1, () => 100)
    old(15, (id) => 100 + id)
    sync.delta({ ...delta(1_002), exchangeTime: 200 })
    old(15, (id) => 200 + id)
    const notYet = take()
    sync.delta({ ...delta(16), exchangeTime: 216 })
    sync.delta({ ...delta(17), exchangeTime: 217 })
    sync.snapshot(snapshot(15))
    assert.deepStrictEqual(
      [notYet, take()],
      [
        ["delta 1002"],
        [
          "stale: the venue numbers its changes anew",
          "syncing",
          "request",
          "snapshot 15",
          "gap sequence 1002..15 repaired",
          "delta 16",
          "delta 17",
          "live"
        ]
      ]
    )
  })

  it("follows a numbering that begins anew while changes wait", () => {
    const { sync, take } = make()
    sync.start(1)
    sync.delta({ ...delta(1_000), exchangeTime: 100 })
    for (let id = 1; id <= 17; id++) sync.delta({ ...delta(id), exchangeTime: 100 + id })
    sync.snapshot(snapshot(15))
    assert.deepStrictEqual(take(), ["syncing", "request", "snapshot 15", "delta 16", "delta 17", "live"])
  })

  it("tells the open hole at the end, and is not live any more", () => {
    const whole = live()
    whole.sync.end(20)
    const broken = live()
    broken.sync.delta(delta(12))
    broken.sync.end(21)
    broken.sync.delta(delta(13))
    broken.sync.snapshot(snapshot(13))
    const never = make()
    never.sync.end(1)
    assert.deepStrictEqual(
      [whole.take(), whole.sync.view(), broken.take(), never.take()],
      [
        [],
        { state: "stale", reason: "ended" },
        ["stale: changes are missing between 10 and 12", "syncing", "request", "gap sequence 10.."],
        []
      ]
    )
  })

  it("takes any snapshot from a socket that seeds it, with a gap where it does not follow", () => {
    const { sync, take } = make({ seedsFromSocket: true, rule: rules.messages })
    sync.start(1)
    sync.delta(delta(9))
    sync.snapshot(snapshot(10))
    sync.delta(delta(11))
    sync.snapshot(snapshot(12))
    sync.snapshot(snapshot(20))
    sync.delta(delta(21))
    sync.delta(delta(23))
    sync.delta(delta(24))
    sync.snapshot(snapshot(1))
    sync.delta(delta(2))
    assert.deepStrictEqual(take(), [
      "syncing",
      "request",
      "snapshot 10",
      "live",
      "delta 11",
      "snapshot 12",
      "snapshot 20",
      "gap sequence 12..20 repaired",
      "delta 21",
      "stale: changes are missing between 21 and 23",
      "syncing",
      "request",
      "snapshot 1",
      "gap sequence 21..1 repaired",
      "live",
      "delta 2"
    ])
  })

  it("does nothing with an answer that comes when none is awaited", () => {
    const { sync, take } = live()
    sync.snapshot(snapshot(50))
    sync.snapshotFailed("late", 51)
    sync.disconnected(52)
    sync.snapshot(snapshot(53))
    sync.snapshotFailed("late", 54)
    assert.deepStrictEqual(take(), ["stale: disconnected"])
  })

  it("takes inputs that come from within the sink after the one at work", () => {
    const { sync, take } = make({}, (event, sync) => {
      if (event.type !== "book" || event.sequence !== 11) return
      sync.delta(delta(13))
      sync.resync("asked for", "overflow", 13)
    })
    sync.start(1)
    for (const id of [11, 12]) sync.delta(delta(id))
    sync.snapshot(snapshot(10))
    assert.deepStrictEqual(take(), [
      "syncing",
      "request",
      "snapshot 10",
      "delta 11",
      "delta 12",
      "live",
      "delta 13",
      "stale: asked for",
      "syncing",
      "request"
    ])
  })

  it("takes a snapshot that comes before the asking is over", () => {
    const lines: Array<string> = []
    const sync: BookSync = new BookSync(options, {
      emit: (event) => lines.push(line(event)),
      requestSnapshot: () => sync.snapshot(snapshot(lines.length * 10))
    })
    sync.start(1)
    sync.delta(delta(13))
    assert.deepStrictEqual(lines, [
      "syncing",
      "snapshot 10",
      "live",
      "stale: changes are missing between 10 and 13",
      "syncing",
      "snapshot 50",
      "gap sequence 10..50 repaired",
      "live"
    ])
  })

  for (const numbering of ["spot", "futures", "messages"] as const) {
    it.prop(
      `is true whenever live, tells its states in order and every hole once, and recovers, after any faults (${numbering})`,
      [Schema.Int],
      ([seed]) => new World(numbering, seeded(seed)).run(),
      { arbitrary: { runs: 200 } }
    )
  }
})

/** Rebuilds the book from what is told alone, and holds it to the order and to the accounting of holes. */
class NaiveConsumer {
  sequence: number | undefined
  state: BookState["state"] | undefined
  /** Changes are lost on the way to it. */
  isLosing = false
  lost = 0
  gaps = 0
  readonly #venue: NaiveBookVenue
  readonly #mayReplaceLive: boolean
  readonly #bids = new Map<number, number>()
  readonly #asks = new Map<number, number>()
  #hasSnapshot = false
  #expectedGap: { readonly from: number; readonly to: number } | undefined

  constructor(venue: NaiveBookVenue, mayReplaceLive: boolean) {
    this.#venue = venue
    this.#mayReplaceLive = mayReplaceLive
  }

  take(event: Told): void {
    if (event.type !== "gap") assert.isUndefined(this.#expectedGap, "a gap is told right after its snapshot")
    if (event.type === "bookState") this.#move(event.state)
    else if (event.type === "gap") this.#account(event)
    else if (event.kind === "snapshot") this.#replace(event)
    else this.#change(event)
  }

  #move(state: BookState["state"]): void {
    const before = this.state
    const allowed = { syncing: [undefined, "stale"], live: ["syncing"], stale: ["syncing", "live"] }
    assert.include(allowed[state], before, `${state} after ${before}`)
    if (state === "live") assert.isTrue(this.#hasSnapshot, "live has a snapshot")
    else this.#hasSnapshot = false
    this.state = state
  }

  #replace(event: Book): void {
    if (this.state !== "syncing") assert.isTrue(this.#mayReplaceLive && this.state === "live", "asked for")
    const from = this.sequence
    // one that takes the place of a live book may follow it like a change
    const isNext = this.state === "live" && event.sequence === from! + 1
    const isHole = from !== undefined && from !== event.sequence && !isNext
    this.#expectedGap = isHole ? { from, to: event.sequence } : undefined
    if (!isHole) this.lost = 0
    this.#hasSnapshot = true
    this.#bids.clear()
    this.#asks.clear()
    this.#set(event)
  }

  #change(event: Book): void {
    assert.isTrue(this.#hasSnapshot, "no change before a snapshot")
    if (this.isLosing) this.lost++
    else this.#set(event)
  }

  #account(gap: Gap): void {
    const { from, repaired, to } = gap
    assert.deepStrictEqual({ from, to, repaired }, { ...this.#expectedGap!, repaired: true })
    if (gap.reason === "overflow" && gap.lost !== null) assert.strictEqual(gap.lost, this.lost)
    this.#expectedGap = undefined
    this.lost = 0
    this.gaps++
  }

  #set(event: Book): void {
    setLevels(this.#bids, event.bids)
    setLevels(this.#asks, event.asks)
    this.sequence = event.sequence
    assert.deepStrictEqual(
      {
        bids: [...this.#bids].toSorted((a, b) => b[0] - a[0]),
        asks: [...this.#asks].toSorted((a, b) => a[0] - b[0])
      } as object,
      this.#venue.at(event.sequence)
    )
  }
}

const setLevels = (side: Map<number, number>, levels: ReadonlyArray<Level>): void => {
  for (const [price, size] of levels) {
    if (size === 0) side.delete(price)
    else side.set(price, size)
  }
}

/** A venue, a bad line, and a client that keeps its book. */
class World {
  readonly #random: Random
  readonly #venue: NaiveBookVenue
  readonly #consumer: NaiveConsumer
  readonly #sync: BookSync
  readonly #seeds: boolean
  /** A change that was held back, and comes after the next one. */
  #held: BookDelta | undefined
  #isConnected = false
  #isAsked = false
  /** Snapshots that were taken and are on their way, or lie in some cache. */
  #taken: Array<BookSnapshot> = []

  constructor(numbering: Numbering, random: Random) {
    this.#random = random
    this.#seeds = numbering === "messages"
    this.#venue = new NaiveBookVenue(numbering, random)
    this.#consumer = new NaiveConsumer(this.#venue, this.#seeds)
    const sink: BookSyncSink = {
      emit: (event) => {
        this.#consumer.take(event)
        if (event.type === "bookState") assert.strictEqual(this.#sync.view().state, event.state)
      },
      requestSnapshot: () => {
        this.#isAsked = true
      }
    }
    const rule = rules[numbering]
    this.#sync = new BookSync({ ...options, rule, seedsFromSocket: this.#seeds, maxBuffered: 12 }, sink)
  }

  run(): void {
    for (let step = 0; step < 150; step++) {
      this.#faultyStep()
      this.#check()
    }
    this.#held = undefined
    if (!this.#isConnected) this.#connect()
    // one change to find what is missing, one answer, and one change more
    for (let step = 0; step < 3; step++) {
      this.#sync.delta(this.#venue.send())
      this.#answer()
      this.#check()
    }
    assert.deepStrictEqual([this.#sync.view().state, this.#consumer.state], ["live", "live"])
    assert.strictEqual(this.#consumer.sequence, this.#venue.sequence)
  }

  #faultyStep(): void {
    const random = this.#random
    if (!this.#isConnected) {
      if (random.chance(0.5)) this.#connect()
      else this.#venue.send()
      return
    }
    if (random.chance(0.04)) {
      this.#isConnected = false
      this.#isAsked = false
      this.#held = undefined
      this.#sync.disconnected(this.#venue.sequence)
    } else if (random.chance(0.03)) this.#sync.resync("asked for", "stale", this.#venue.sequence)
    else if (random.chance(0.05)) this.#loseAtConsumer()
    else this.#deliver(this.#venue.send())
    if (random.chance(0.2)) this.#venue.update()
    if (random.chance(0.2)) this.#taken.push(this.#venue.snapshot())
    if (this.#isAsked && this.#isConnected && random.chance(0.3)) this.#answerSomehow()
  }

  /** Loses, repeats, holds back or delivers a change. */
  #deliver(delta: BookDelta): void {
    const random = this.#random
    const held = this.#held
    this.#held = undefined
    if (random.chance(0.05)) return
    if (held === undefined && random.chance(0.05)) {
      this.#held = delta
      return
    }
    this.#sync.delta(delta)
    if (held !== undefined) this.#sync.delta(held)
    if (random.chance(0.1)) this.#sync.delta(delta)
  }

  #loseAtConsumer(): void {
    const from = this.#consumer.sequence
    if (this.#consumer.state !== "live") return
    this.#consumer.isLosing = true
    for (let changes = this.#random.below(3); changes >= 0; changes--) this.#sync.delta(this.#venue.send())
    this.#consumer.isLosing = false
    if (this.#consumer.lost > 0) this.#sync.retell({ from, lost: this.#consumer.lost }, this.#venue.sequence)
  }

  #answerSomehow(): void {
    const random = this.#random
    if (this.#seeds) return this.#answer()
    if (random.chance(0.2)) {
      this.#isAsked = false
      this.#sync.snapshotFailed("503", this.#venue.sequence)
    } else if (random.chance(0.5) && this.#taken.length > 0) {
      this.#isAsked = false
      this.#sync.snapshot(random.chance(0.7) ? this.#taken.at(-1)! : random.pick(this.#taken))
    } else this.#answer()
    // the answer to an earlier question
    if (this.#taken.length > 0 && random.chance(0.1)) this.#sync.snapshot(random.pick(this.#taken))
  }

  #answer(): void {
    if (!this.#isAsked) return
    this.#isAsked = false
    this.#sync.snapshot(this.#venue.snapshot())
  }

  #connect(): void {
    this.#isConnected = true
    this.#sync.start(this.#venue.sequence)
    if (this.#seeds) this.#sync.snapshot(this.#venue.snapshot())
  }

  #check(): void {
    const view = this.#sync.view()
    if (view.state !== "live") return
    const { book } = view
    assert.deepStrictEqual({ bids: book.bids(), asks: book.asks() } as object, this.#venue.at(book.sequence))
  }
}
