import { Order } from "@tidewire/core"
import { ClientOrderIds, Compaction, Journal, JournalContract, MemoryJournal, OrderState } from "@tidewire/engine"
import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { fill, report, request } from "./orders.ts"
import { type Random, seeded } from "./random.ts"

const DAY = 86_400_000

describe("MemoryJournal", () => {
  it.each(JournalContract.cases.map((each) => [each.title, each.run] as const))("%s", (_, run) => {
    let journal = MemoryJournal.make()
    run(() => (journal = MemoryJournal.make({ entries: journal.entries() })))
  })

  it("refuses to grow without bound", () => {
    const journal = MemoryJournal.make({ maxEntries: 2 })
    const write = () => journal.write({ _tag: "Resume", time: 1, reason: "" })
    write()
    write()
    assert.throws(write, /full: 2 entries/)
  })
})

const randomEntries = (random: Random): ReadonlyArray<Journal.Entry> =>
  Array.from({ length: random.below(60) }, (_, index): Journal.Entry => {
    const time = index * DAY * random.next()
    const id = `a-${random.below(6)}`
    return random.pick<() => Journal.Entry>([
      () => ({ _tag: "Started", time, boot: random.below(1_000) }),
      () => ({ _tag: "Intent", time, venue: "paper", strategy: "s", request: request({ clientOrderId: id }) }),
      () => ({ _tag: "Cancel", time, venue: "paper", clientOrderId: id }),
      () => ({
        _tag: "Order",
        order: report({ clientOrderId: id, receivedTime: time, status: random.pick(["open", "filled", "cancelled"]) })
      }),
      () => ({ _tag: "Fill", fill: fill(String(index), { receivedTime: time }) }),
      () => ({ _tag: "Halt", time, reason: "h" }),
      () => ({ _tag: "Resume", time, reason: "r" }),
      () => ({ _tag: "Snapshot", time, name: random.pick(["portfolio", "other"]), value: index })
    ])()
  })

const last = <Tag extends Journal.Entry["_tag"]>(entries: ReadonlyArray<Journal.Entry>, ...tags: ReadonlyArray<Tag>) =>
  entries.findLast((each) => (tags as ReadonlyArray<string>).includes(each._tag))

/** What an engine must know after a start: the latest of each order that is open, and what is not about orders. */
const needed = (entries: ReadonlyArray<Journal.Entry>) => {
  const latest = new Map(
    entries.flatMap((each) => (each._tag === "Order" ? [[each.order.clientOrderId, each.order]] : []))
  )
  const open = [...latest.values()]
    .filter((each) => !Order.isEnded(each.status))
    .toSorted((left, right) => (left.clientOrderId < right.clientOrderId ? -1 : 1))
  const intents = entries.flatMap((each) => (each._tag === "Intent" ? [each.request.clientOrderId] : []))
  const boots = entries.flatMap((each) => (each._tag === "Started" ? [each.boot] : []))
  const covered = entries.findLastIndex((each) => each._tag === "Snapshot" && each.name === "portfolio")
  return {
    open,
    unanswered: intents.filter((id) => !latest.has(id)),
    cancelled: entries.filter(
      (each) => each._tag === "Cancel" && open.some((it) => it.clientOrderId === each.clientOrderId)
    ),
    trading: last(entries, "Halt", "Resume"),
    boot: Math.max(...boots),
    portfolio: entries[covered],
    fills: entries.slice(covered + 1).filter((each) => each._tag === "Fill")
  }
}

describe("Compaction", () => {
  it("keeps all that a start needs, nothing that it has forgotten once more, and the order, 2 000 times", () => {
    const random = seeded(7)
    for (let run = 0; run < 2_000; run++) {
      const entries = randomEntries(random)
      const compacted = Compaction.compact(entries, { now: 60 * DAY, maxEnded: 2 })
      assert.deepStrictEqual(needed(compacted), needed(entries), `run ${run}`)
      assert.deepStrictEqual(Compaction.compact(compacted, { now: 60 * DAY, maxEnded: 2 }), compacted)
      let from = 0
      for (const entry of compacted) {
        const index = entries.indexOf(entry, from)
        assert.isTrue(index >= from, "kept in order")
        from = index + 1
      }
    }
  })

  it("keeps few of many: ended orders by age and number, fills until a portfolio covers them for a day", () => {
    const orders = Array.from({ length: 1_000 }, (_, index): Journal.Entry => ({
      _tag: "Order",
      order: report({ clientOrderId: `a-${index}`, receivedTime: index, status: "filled" })
    }))
    const fills = Array.from({ length: 1_000 }, (_, index): Journal.Entry => ({
      _tag: "Fill",
      fill: fill(String(index), { receivedTime: index })
    }))
    const snapshot = (time: number): Journal.Entry => ({ _tag: "Snapshot", time, name: "portfolio", value: null })
    const kept = (entries: ReadonlyArray<Journal.Entry>, now: number) =>
      Compaction.compact(entries, { now, maxEnded: 10 }).length
    assert.deepStrictEqual(
      [
        kept(orders, 2_000),
        kept(orders, 30 * DAY),
        kept(fills, 30 * DAY),
        kept([...fills, snapshot(2_000)], 30 * DAY),
        kept([...fills, snapshot(DAY + 500)], 30 * DAY),
        kept([...fills, snapshot(2 * DAY)], 30 * DAY)
      ],
      [10, 0, 1_000, 1_001, 501, 1]
    )
  })
})

describe("ClientOrderIds", () => {
  it("gives no id twice over restarts and instances, whatever the clock does, and only such as every venue takes", () => {
    const random = seeded(3)
    const given = new Set<string>()
    let count = 0
    let lastBoot: number | undefined
    for (let start = 0; start < 500; start++) {
      const ids = ClientOrderIds.make({ now: 1_790_000_000_000 + random.below(3), lastBoot, random: random.next() })
      lastBoot = ids.boot
      for (let index = 0; index < 40; index++, count++) {
        const id = ids.next()
        given.add(id)
        assert.match(id, /^[A-Za-z0-9_-]{1,36}$/)
        assert.strictEqual(ClientOrderIds.bootOf(id), ids.boot)
      }
    }
    assert.strictEqual(given.size, count)
  })

  it("fits to the end of all counting", () => {
    const ids = ClientOrderIds.make({ now: 8.64e15, lastBoot: undefined, random: 0.999_999_999 })
    assert.isAtMost(ids.next().length - 1 + Number.MAX_SAFE_INTEGER.toString(36).length, 36)
    assert.deepStrictEqual(["web_123", "tw-1", "", "x-tw1-0"].map(ClientOrderIds.isOurs), [false, false, false, false])
  })

  it("differs between two engines that start at the same moment", () => {
    const ids = [0.1, 0.2].map((random) => ClientOrderIds.make({ now: 5, lastBoot: undefined, random }).next())
    assert.notStrictEqual(ids[0], ids[1])
  })
})

describe("Journal.Entry", () => {
  it("reads from JSON what was written as JSON", () => {
    const codec = Schema.fromJsonString(Journal.Entry)
    const entry: Journal.Entry = {
      _tag: "Order",
      order: OrderState.view(OrderState.next(OrderState.make("a-1"), { _tag: "Report", order: report() }))!
    }
    assert.deepStrictEqual(Schema.decodeSync(codec)(JSON.stringify(entry)), entry)
  })
})
