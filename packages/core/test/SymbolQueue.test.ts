import { assert, describe, it } from "@effect/vitest"
import type { Event, QueueOptions } from "@tidewire/core"
import { SymbolQueue } from "../src/SymbolQueue.ts"
import { bar, bookState, delta, quote, snapshot, trade } from "./events.ts"
import { seeded } from "./random.ts"

interface Harness {
  readonly queue: SymbolQueue
  readonly delivered: Array<Event.Event>
  readonly calls: Array<string>
  readonly drain: () => void
}

const make = (
  policy: QueueOptions.Overflow,
  options: { capacity?: number; canPause?: boolean; drainsInline?: boolean } = {}
): Harness => {
  const delivered: Array<Event.Event> = []
  const calls: Array<string> = []
  const drain = () => queue.drain((event) => void delivered.push(event))
  const queue: SymbolQueue = new SymbolQueue(
    { capacity: options.capacity ?? 3, policy: () => policy, consecutiveTradeIds: true, bookChannel: "book" },
    {
      drainNow: () => {
        if (options.drainsInline === true) drain()
      },
      pause: (channel) => {
        calls.push(`pause ${channel}`)
        return options.canPause ?? true
      },
      resume: (channel) => calls.push(`resume ${channel}`),
      retellBook: ({ from, lost }) => {
        calls.push(`retell after ${from}, ${lost} lost`)
        queue.offer(bookState("stale"))
        queue.offer(snapshot(100))
      }
    }
  )
  return { queue, delivered, calls, drain }
}

const brief = (events: ReadonlyArray<Event.Event>): ReadonlyArray<string> =>
  events.map((event) => {
    switch (event.type) {
      case "trade":
        return `trade ${event.id}`
      case "quote":
        return `quote ${event.sequence}`
      case "book":
        return `${event.kind} ${event.sequence}`
      case "bar":
        return `bar ${event.openTime}${event.isFinal ? " final" : ""}`
      case "gap":
        return `gap ${event.channel} ${event.from}..${event.to} lost ${event.lost}${event.repaired ? " repaired" : ""}`
      case "bookState":
        return `book ${event.state}`
      default:
        return event.type
    }
  })

const assertBalanced = ({ queue }: Harness): void =>
  assert.strictEqual(queue.received, queue.delivered + queue.conflated + queue.dropped + queue.waiting)

describe("SymbolQueue", () => {
  it("S-A3 delivers in arrival order across channels", () => {
    const harness = make("drop-oldest")
    for (const event of [trade(1), quote(7), trade(2), bookState("live"), bar(0)]) harness.queue.offer(event)
    harness.drain()
    assert.deepStrictEqual(brief(harness.delivered), ["trade 1", "quote 7", "trade 2", "book live", "bar 0"])
    assertBalanced(harness)
  })

  it("S-A3 drop-oldest: the oldest of the same channel give way and the hole is told where it is", () => {
    const harness = make("drop-oldest")
    harness.queue.offer(trade(1))
    harness.drain()
    harness.queue.offer(quote(1))
    for (const id of [2, 3, 4, 5, 6]) harness.queue.offer(trade(id))
    harness.drain()
    assert.deepStrictEqual(brief(harness.delivered), [
      "trade 1",
      "quote 1",
      "gap trades 1..4 lost 2",
      "trade 4",
      "trade 5",
      "trade 6"
    ])
    assert.strictEqual(harness.queue.dropped, 2)
    assertBalanced(harness)
  })

  it("S-A3 drop-newest: what does not fit is not taken and the hole is told before the next", () => {
    const harness = make("drop-newest")
    for (const id of [1, 2, 3, 4, 5]) harness.queue.offer(trade(id))
    harness.drain()
    harness.queue.offer(trade(6))
    harness.drain()
    assert.deepStrictEqual(brief(harness.delivered), [
      "trade 1",
      "trade 2",
      "trade 3",
      "gap trades 3..6 lost 2",
      "trade 6"
    ])
    assertBalanced(harness)
  })

  it("S-A3 a hole after which nothing comes is told at the end", () => {
    const harness = make("drop-newest")
    for (const id of [1, 2, 3, 4]) harness.queue.offer(trade(id))
    harness.drain()
    harness.queue.finish((event) => void harness.delivered.push(event))
    assert.deepStrictEqual(brief(harness.delivered).at(-1), "gap trades 3..undefined lost 1")
  })

  it("S-A3 conflate: only the latest is left, and it is no gap", () => {
    const harness = make("conflate")
    for (const sequence of [1, 2, 3, 4, 5]) harness.queue.offer(quote(sequence))
    harness.drain()
    assert.deepStrictEqual(brief(harness.delivered), ["quote 4", "quote 5"])
    assert.strictEqual(harness.queue.conflated, 3)
    assertBalanced(harness)
  })

  it("S-A3 conflate keeps the last word on every bar, its close above all", () => {
    const harness = make("conflate")
    for (const event of [bar(0), bar(0), bar(0, true), bar(60_000), bar(60_000), bar(60_000)]) {
      harness.queue.offer(event)
    }
    harness.drain()
    assert.deepStrictEqual(brief(harness.delivered), ["bar 0 final", "bar 60000"])
    assertBalanced(harness)
  })

  it("S-A3 conflate merges the changes of a book level by level", () => {
    const harness = make("conflate", { capacity: 2 })
    harness.queue.offer(
      delta(
        1,
        [
          [9, 1],
          [8, 2]
        ],
        [[10, 1]]
      )
    )
    harness.queue.offer(delta(2, [[9, 0]]))
    harness.queue.offer(delta(3, [[8, 5]], [[11, 4]]))
    harness.drain()
    assert.deepStrictEqual(harness.delivered, [
      delta(
        3,
        [
          [9, 0],
          [8, 5]
        ],
        [
          [10, 1],
          [11, 4]
        ]
      )
    ])
    assertBalanced(harness)
  })

  it("S-A3 conflate merges changes into the snapshot they follow", () => {
    const harness = make("conflate", { capacity: 2 })
    harness.queue.offer(
      snapshot(
        1,
        [
          [9, 1],
          [8, 2]
        ],
        [[10, 1]]
      )
    )
    harness.queue.offer(delta(2, [[9, 0]]))
    harness.queue.offer(delta(3, [[8, 5]]))
    harness.drain()
    assert.deepStrictEqual(harness.delivered, [snapshot(3, [[8, 5]], [[10, 1]])])
  })

  it("S-A3 a book that lost a change delivers nothing more until it is whole again", () => {
    const harness = make("drop-oldest")
    harness.queue.offer(snapshot(1))
    harness.drain()
    harness.queue.offer(trade(1))
    for (const sequence of [2, 3, 4, 5, 6, 7]) harness.queue.offer(delta(sequence))
    harness.drain()
    assert.deepStrictEqual(brief(harness.delivered), ["snapshot 1", "trade 1", "book stale", "snapshot 100"])
    assert.deepStrictEqual(harness.calls, ["retell after 1, 6 lost"])
    assertBalanced(harness)
  })

  for (const policy of ["drop-oldest", "drop-newest", "block"] as const) {
    it(`S-A3 ${policy}: a whole book that finds the queue full takes the place of the changes before it`, () => {
      const harness = make(policy, { capacity: 2, canPause: false })
      harness.queue.offer(snapshot(1))
      harness.drain()
      for (const event of [delta(2), delta(3), snapshot(10), delta(11)]) harness.queue.offer(event)
      harness.drain()
      assert.deepStrictEqual(brief(harness.delivered), [
        "snapshot 1",
        "snapshot 10",
        "gap book 1..10 lost 2 repaired",
        "delta 11"
      ])
      assertBalanced(harness)
    })
  }

  it("S-A3 block stops reading at the capacity, loses nothing, and reads on when half is delivered", () => {
    const harness = make("block")
    for (const id of [1, 2, 3, 4, 5]) harness.queue.offer(trade(id))
    assert.deepStrictEqual(harness.calls, ["pause trades"])
    harness.drain()
    assert.deepStrictEqual(harness.calls, ["pause trades", "resume trades"])
    assert.deepStrictEqual(brief(harness.delivered), ["trade 1", "trade 2", "trade 3", "trade 4", "trade 5"])
    assertBalanced(harness)
  })

  it("S-A3 block turns to drop-oldest when the pause took too long, or cannot be had", () => {
    const expired = make("block")
    for (const id of [1, 2, 3, 4]) expired.queue.offer(trade(id))
    expired.queue.expirePause("trades")
    for (const id of [5, 6]) expired.queue.offer(trade(id))
    const cannot = make("block", { canPause: false })
    for (const id of [1, 2, 3, 4]) cannot.queue.offer(trade(id))
    assert.deepStrictEqual(
      [expired.calls, expired.queue.dropped, cannot.queue.dropped],
      [["pause trades", "resume trades"], 2, 1]
    )
    assertBalanced(expired)
    assertBalanced(cannot)
  })

  it("S-A3 nothing is lost while the consumer only waits for its turn", () => {
    const harness = make("drop-oldest", { drainsInline: true })
    for (let id = 1; id <= 1_000; id++) harness.queue.offer(trade(id))
    harness.drain()
    assert.deepStrictEqual([harness.queue.dropped, harness.delivered.length], [0, 1_000])
  })

  it("S-A3 received = delivered + conflated + dropped + waiting, and every drop is told, whatever happens", () => {
    for (let seed = 1; seed <= 300; seed++) {
      const random = seeded(seed)
      const policy = random.pick(["drop-oldest", "drop-newest", "conflate", "block"] as const)
      const harness = make(policy, { capacity: 1 + random.below(6), canPause: random.chance(0.5) })
      const ids = { trade: 0, quote: 0, book: 0, bar: 0 }
      const push = (event: Event.Event) => void harness.delivered.push(event)
      const give = (event: Event.MarketEvent) => {
        // as an idle consumer does it
        if (harness.queue.isClear && random.chance(0.3)) harness.queue.pass(event, push)
        else harness.queue.offer(event)
      }
      for (let step = 0; step < 300; step++) {
        const action = random.below(12)
        if (action < 4) give(trade(++ids.trade))
        else if (action < 6) give(quote(++ids.quote))
        else if (action < 9) give(delta(++ids.book))
        else if (action < 10) give(bar(++ids.bar * 60_000, true))
        else if (action < 11) harness.queue.expirePause("trades")
        else {
          let left = random.below(8)
          harness.queue.drain((event) => {
            harness.delivered.push(event)
            return --left <= 0 ? "busy" : undefined
          })
        }
        assertBalanced(harness)
      }
      harness.drain()
      harness.queue.finish((event) => void harness.delivered.push(event))
      assertBalanced(harness)
      assert.strictEqual(harness.queue.waiting, 0)
      if (policy !== "conflate") assertTradesAccountedFor(harness.delivered, ids.trade, seed)
    }
  })
})

/** Every trade id from 1 on is delivered once, in order, or lies inside a gap that counts it. */
const assertTradesAccountedFor = (delivered: ReadonlyArray<Event.Event>, last: number, seed: number): void => {
  let expected = 1
  for (const event of delivered) {
    if (event.type === "gap" && event.channel === "trades") {
      assert.strictEqual(event.from === undefined ? 0 : Number(event.from), expected - 1, `seed ${seed}`)
      expected += event.lost ?? 0
      if (event.to !== undefined) assert.strictEqual(Number(event.to), expected, `seed ${seed}`)
    } else if (event.type === "trade") {
      assert.strictEqual(Number(event.id), expected, `seed ${seed}`)
      expected++
    }
  }
  assert.strictEqual(expected, last + 1, `seed ${seed}`)
}
