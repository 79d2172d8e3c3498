import { VenueError } from "@tidewire/core"
import { MemoryJournal, type OrderDesk } from "@tidewire/engine"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import { limitOrder, open, ready } from "./opened.ts"
import { fill } from "./orders.ts"
import { failing, rejected, ScriptedAccount, unavailable, unknownOutcome } from "./scriptedAccount.ts"

const idOf = (submitted: OrderDesk.Submitted): string => {
  if (submitted._tag === "Refused") assert.fail(submitted.refusal.message)
  return submitted.order.clientOrderId
}
const refusalOf = (submitted: OrderDesk.Submitted | OrderDesk.Requested) =>
  submitted._tag === "Refused" ? submitted.refusal : assert.fail("it was not refused")

describe("Desk.submit", () => {
  it.effect("journals the intent, then sends within the same call, then tells what becomes of it", () =>
    Effect.gen(function* () {
      const { account, desk, events, journal, told } = yield* ready()
      const before = journal.entries().length
      account.script.submit = (_, pass) => {
        assert.deepStrictEqual(
          journal
            .entries()
            .slice(before)
            .map((each) => each._tag),
          ["Intent"]
        )
        return Effect.succeed(pass())
      }
      const submitted = desk.submit("s", limitOrder)
      const id = idOf(submitted)
      assert.deepStrictEqual([account.calls, events.length], [["submit 0"], 0])
      yield* Effect.yieldNow
      assert.deepStrictEqual(told(), ["order sent 0", "order open 0"])
      account.report(id, { status: "open", filled: "0.5" })
      account.emit(fill("1", { clientOrderId: id }))
      account.emit(fill("2", { clientOrderId: id }))
      account.report(id, { status: "filled", filled: "1" })
      account.emit(fill("2", { clientOrderId: id }))
      assert.deepStrictEqual(told().slice(2), [
        "order open 0.5",
        "fill 1 0.5",
        "order open 0.5",
        "fill 2 0.5",
        "order open 1",
        "order filled 1"
      ])
      assert.deepStrictEqual([desk.open(), desk.order(id)?.status], [[], "filled"])
      assert.isTrue(events.every((event) => "strategy" in event && event.strategy === "s"))
    })
  )

  it.effect("tells nobody of an order before submit has given it, even if the account answers within the call", () =>
    Effect.gen(function* () {
      const { account, desk, events, told } = yield* ready()
      account.script.submit = (order, pass) =>
        Effect.sync(() => {
          const accepted = pass()
          account.report(order.clientOrderId, { status: "filled", filled: "1" })
          account.emit(fill("1", { clientOrderId: order.clientOrderId, size: "1" }))
          return accepted
        })
      const id = idOf(desk.submit("s", limitOrder))
      assert.deepStrictEqual([events.length, desk.order(id)?.status], [0, "filled"])
      yield* Effect.yieldNow
      assert.deepStrictEqual(told(), ["order sent 0", "order filled 1", "fill 1 1", "order filled 1"])
    })
  )

  it.effect("ends an order that was refused, or certainly not sent, and never sends it again", () =>
    Effect.gen(function* () {
      const { account, desk } = yield* ready()
      account.script.submit = () => rejected
      const refused = idOf(desk.submit("s", limitOrder))
      account.script.submit = () => unavailable
      const unsent = idOf(desk.submit("s", limitOrder))
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(
        [refused, unsent].map((id) => [desk.order(id)?.status, desk.order(id)?.reason]),
        [
          ["rejected", "no funds"],
          ["rejected", "not sent: VenueUnavailable: closed"]
        ]
      )
      assert.strictEqual(account.called("submit"), 2)
      assert.strictEqual(account.called("order"), 0)
    })
  )

  it.effect("looks up an order whose outcome is unknown after 1, 3, 10 and 30 s, and sends it once", () =>
    Effect.gen(function* () {
      const { account, desk, told } = yield* ready()
      account.script.submit = (_, pass) => Effect.suspend(() => (pass(), unknownOutcome))
      account.script.order = () => unavailable
      const id = idOf(desk.submit("s", limitOrder))
      yield* TestClock.adjust("43 seconds")
      assert.strictEqual(desk.order(id)?.status, "unknown")
      assert.strictEqual(account.called("order"), 3)
      delete account.script.order
      yield* TestClock.adjust("1 second")
      assert.strictEqual(desk.order(id)?.status, "open")
      yield* TestClock.adjust("4 minutes")
      assert.deepStrictEqual([account.called("submit"), account.called("order")], [1, 4])
      assert.deepStrictEqual(told(), ["order sent 0", "order unknown 0 (no answer)", "order open 0"])
    })
  )

  it.effect("takes no answer for an unknown outcome, and an event for the answer", () =>
    Effect.gen(function* () {
      const { account, desk } = yield* ready()
      account.script.submit = (_, pass) => Effect.suspend(() => (pass(), Effect.never))
      const silent = idOf(desk.submit("s", limitOrder))
      const told = idOf(desk.submit("s", limitOrder))
      account.report(told, {})
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual(
        [silent, told].map((id) => desk.order(id)?.status),
        ["unknown", "open"]
      )
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        [silent, told].map((id) => desk.order(id)?.status),
        ["open", "open"]
      )
    })
  )

  it.effect("believes that an order was never placed only ten seconds after it was sent", () =>
    Effect.gen(function* () {
      const { account, desk } = yield* ready()
      account.script.submit = () => unknownOutcome
      const id = idOf(desk.submit("s", limitOrder))
      yield* TestClock.adjust("13 seconds")
      assert.deepStrictEqual([desk.order(id)?.status, account.called("order")], ["unknown", 2])
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        [desk.order(id)?.status, desk.order(id)?.reason],
        ["rejected", "never placed: the venue does not know it"]
      )
    })
  )

  it.effect("takes an order up again that was taken for never placed, and says so", () =>
    Effect.gen(function* () {
      const { account, desk, tags } = yield* ready()
      account.script.submit = () => unknownOutcome
      const submitted = desk.submit("s", limitOrder)
      const id = idOf(submitted)
      yield* TestClock.adjust("14 seconds")
      assert.deepStrictEqual([desk.order(id)?.status, desk.open()], ["rejected", []])
      const placed = submitted._tag === "Submitted" ? submitted.order : assert.fail()
      account.orders.set(id, { ...placed, status: "open", venueOrderId: "v-1" })
      account.report(id, { receivedTime: 3_700_000 })
      assert.deepStrictEqual([desk.order(id)?.status, desk.open().length, tags().at(-1)], ["open", 1, "Revised"])
      desk.cancel(id)
      yield* TestClock.adjust("10 minutes")
      assert.deepStrictEqual([desk.order(id)?.status, account.called("submit")], ["cancelled", 1])
    })
  )

  it.effect("takes a mistake of the adapter for an unknown outcome", () =>
    Effect.gen(function* () {
      const { account, desk } = yield* ready()
      account.script.submit = () => Effect.die(new Error("a bug"))
      const id = idOf(desk.submit("s", limitOrder))
      assert.deepStrictEqual([desk.order(id)?.status, desk.order(id)?.reason], ["unknown", "the adapter failed"])
    })
  )

  it.effect("refuses what is wrong or not open to trade, with nothing sent and nothing journalled", () =>
    Effect.gen(function* () {
      const { account, desk, journal } = yield* ready({ limits: { maxNotional: "200" } })
      const before = journal.entries().length
      const refusals = [
        desk.submit("s", { ...limitOrder, venue: "nowhere" }),
        desk.submit("s", { ...limitOrder, symbol: "ETHUSDT" }),
        desk.submit("s", { ...limitOrder, price: "100.05" }),
        desk.submit("s", { ...limitOrder, size: "3" })
      ].map(refusalOf)
      yield* account.down
      refusals.push(refusalOf(desk.submit("s", limitOrder)))
      assert.deepStrictEqual(
        refusals.map((each) => [each._tag, each.message]),
        [
          ["InvalidOrder", "There is no venue nowhere to trade on."],
          ["InvalidOrder", "paper has no instrument ETHUSDT."],
          ["InvalidOrder", "BTCUSDT: price 100.05 is not in ticks of 0.1."],
          ["RiskLimit", "The order is worth 300 USDT, 200 allowed."],
          ["NotTrading", "paper: the private stream is down: lost."]
        ]
      )
      assert.deepStrictEqual([account.calls, journal.entries().length], [[], before])
      assert.deepStrictEqual(desk.counts(), {
        // that the engine has begun is written before there is a desk
        journalWrites: before - 1,
        refusals: { InvalidOrder: 3, "RiskLimit:notional": 1, "NotTrading:disconnected": 1 }
      })
    })
  )

  it.effect("sends nothing when the journal cannot be written, and cancels all", () =>
    Effect.gen(function* () {
      const journal = MemoryJournal.make({ maxEntries: 3 })
      const { account, desk, tags } = yield* ready({ journal })
      idOf(desk.submit("s", limitOrder))
      assert.strictEqual(journal.entries().length, 3)
      const refusal = refusalOf(desk.submit("s", limitOrder))
      assert.strictEqual(refusal._tag === "NotTrading" ? refusal.cause : refusal._tag, "journal")
      assert.deepStrictEqual([account.called("submit"), account.called("cancelAll")], [1, 1])
      assert.includeMembers(tags(), ["JournalFailed", "Halted"])
    })
  )
})

describe("Desk.cancel and Desk.amend", () => {
  it.effect("cancels once at a time, and looks up what is not told", () =>
    Effect.gen(function* () {
      const { account, desk, told } = yield* ready()
      const id = idOf(desk.submit("s", limitOrder))
      assert.deepStrictEqual([desk.cancel(id), desk.cancel(id)], [{ _tag: "Requested" }, { _tag: "Requested" }])
      assert.strictEqual(account.called("cancel"), 1)
      yield* TestClock.adjust("6 seconds")
      assert.deepStrictEqual(told(), ["order sent 0", "order open 0", "order cancelled 0"])
      assert.strictEqual(refusalOf(desk.cancel(id)).message, `Order ${id} has ended: it is cancelled.`)
    })
  )

  it.effect("finds the end of an order whose cancel is refused because it is gone", () =>
    Effect.gen(function* () {
      const { account, desk } = yield* ready()
      const id = idOf(desk.submit("s", limitOrder))
      account.change(id, { status: "filled", filled: "1" })
      account.script.cancel = () =>
        failing(new VenueError.OrderRejected({ message: "Unknown order sent.", code: -2011 }))
      desk.cancel(id)
      yield* Effect.yieldNow
      assert.strictEqual(desk.order(id)?.status, "filled")
    })
  )

  it.effect("repeats a cancel that fails while the order is open, and says so when it does not help", () =>
    Effect.gen(function* () {
      const { account, desk, tags } = yield* ready()
      const id = idOf(desk.submit("s", limitOrder))
      account.script.cancel = () => unavailable
      desk.cancel(id)
      yield* TestClock.adjust("8500 millis")
      assert.deepStrictEqual([account.called("cancel"), tags()], [5, ["CancelFailed"]])
      delete account.script.cancel
      yield* TestClock.adjust("7 seconds")
      assert.strictEqual(
        desk.order(id)?.status,
        "cancelled",
        "the look-up after it finds it open, and cancels it again"
      )
    })
  )

  it.effect("cancels an order once it is found, when the cancel came before the venue knew it", () =>
    Effect.gen(function* () {
      const { account, desk } = yield* ready()
      account.script.submit = () => unknownOutcome
      account.script.cancel = () =>
        failing(new VenueError.OrderRejected({ message: "Unknown order sent.", code: -2011 }))
      const submitted = desk.submit("s", limitOrder)
      const id = idOf(submitted)
      desk.cancel(id)
      yield* TestClock.adjust("8500 millis")
      delete account.script.cancel
      account.orders.set(id, { ...(submitted._tag === "Submitted" ? submitted.order : assert.fail()), status: "open" })
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(account.orders.get(id)?.status, "cancelled")
      assert.strictEqual(desk.order(id)?.status, "cancelled")
    })
  )

  it.effect("counts an amended size at once for risk, and believes only the venue", () =>
    Effect.gen(function* () {
      const { account, desk, told } = yield* ready({ limits: { maxPosition: "320" } })
      const id = idOf(desk.submit("s", limitOrder))
      account.script.amend = () => failing(new VenueError.OrderRejected({ message: "no", code: 1 }))
      assert.deepStrictEqual(desk.amend(id, { size: "2" }), { _tag: "Requested" })
      assert.strictEqual(refusalOf(desk.submit("s", { ...limitOrder, size: "2" }))._tag, "RiskLimit")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(desk.submit("s", { ...limitOrder, size: "2" })._tag, "Submitted")
      assert.includeMembers(told(), ["order open 0 (not amended: no)"])
      account.script.amend = (_, pass) =>
        Effect.sync(() => {
          pass()
          account.report(id, { receivedTime: 3_700_000 })
        })
      desk.amend(id, { price: "99" })
      assert.deepStrictEqual([desk.order(id)?.price, desk.order(id)?.size], ["99", "1"])
      const asked = account.called("order")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(account.called("order"), asked, "what is told need not be asked")
    })
  )

  it.effect("asks for an amended order of which nothing is told, and lets one amendment be on its way at a time", () =>
    Effect.gen(function* () {
      const { account, desk } = yield* ready()
      const id = idOf(desk.submit("s", limitOrder))
      desk.amend(id, { size: "2" })
      assert.strictEqual(
        refusalOf(desk.amend(id, { size: "3" })).message,
        `Order ${id}: an amendment of it is on its way.`
      )
      yield* TestClock.adjust("6 seconds")
      assert.deepStrictEqual([desk.order(id)?.size, account.called("amend")], ["2", 1])
      assert.strictEqual(desk.amend(id, { size: "3" })._tag, "Requested")
    })
  )

  it.effect("amends nothing that the venue cannot, or that is filled", () =>
    Effect.gen(function* () {
      const { account, desk } = yield* ready({ account: new ScriptedAccount({ amends: "size" }) })
      const id = idOf(desk.submit("s", limitOrder))
      account.report(id, { filled: "0.5" })
      const messages = [{}, { price: "99" }, { size: "2" }, { size: "0.5" }].map(
        (change) => refusalOf(desk.amend(id, change)).message
      )
      assert.deepStrictEqual(messages, [
        `Order ${id}: nothing is to be changed.`,
        `Order ${id}: paper amends no prices.`,
        `Order ${id}: paper makes sizes smaller only.`,
        `Order ${id}: 0.5 of it are filled, so it cannot have a size of 0.5.`
      ])
      assert.strictEqual(account.called("amend"), 0)
    })
  )

  it.effect("cancels all that match, and tells when they are settled", () =>
    Effect.gen(function* () {
      const { desk } = yield* ready()
      const ids = ["a", "b", "a"].map((strategy) => idOf(desk.submit(strategy, limitOrder)))
      assert.deepStrictEqual([desk.cancelAll({ strategy: "a" }), desk.open().length], [2, 3])
      const settled = yield* Effect.forkChild(desk.settled({ strategy: "a" }), { startImmediately: true })
      assert.isUndefined(settled.pollUnsafe())
      yield* TestClock.adjust("6 seconds")
      assert.isDefined(settled.pollUnsafe())
      assert.deepStrictEqual(
        desk.open().map((each) => each.clientOrderId),
        [ids[1]]
      )
    })
  )
})

describe("Desk: fills", () => {
  it.effect("does not ask again for fills that were forgotten, and does for those that may have been missed", () =>
    Effect.gen(function* () {
      const day = 86_400_000
      const old = fill("old", { receivedTime: 5 * day })
      const missed = fill("missed", { receivedTime: 18 * day, clientOrderId: "b-1" })
      const told: Array<unknown> = []
      for (const snapshotAt of [10, 19.9]) {
        const journal = MemoryJournal.make({
          entries: [
            { _tag: "Started", time: 1, boot: 1 },
            { _tag: "Resume", time: 2, reason: "begun" },
            { _tag: "Fill", fill: old },
            { _tag: "Snapshot", time: snapshotAt * day, name: "portfolio", value: {} }
          ]
        })
        const account = new ScriptedAccount()
        account.fillsAtVenue = [old, missed]
        yield* TestClock.setTime(20 * day)
        const opened = yield* open({ account, journal })
        yield* account.up(1)
        yield* TestClock.adjust("0 millis")
        told.push(opened.events.flatMap((event) => (event.type === "fill" ? [event.id] : [])))
        assert.isFalse(opened.desk.restored.some(({ _tag }) => _tag === "Fill"))
      }
      assert.deepStrictEqual(told, [["missed"], ["missed"]])
    }).pipe(Effect.scoped)
  )

  it.effect("asks for fills that a report is ahead of, and tells each once", () =>
    Effect.gen(function* () {
      const { account, desk, told } = yield* ready()
      const id = idOf(desk.submit("s", limitOrder))
      account.fillsAtVenue = [
        fill("1", { clientOrderId: id, receivedTime: 3_600_000 }),
        fill("2", { clientOrderId: id, receivedTime: 3_600_000 })
      ]
      account.emit(account.fillsAtVenue[0]!)
      account.report(id, { status: "filled", filled: "1" })
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual(
        told().filter((each) => each.startsWith("fill")),
        ["fill 1 0.5", "fill 2 0.5"]
      )
      yield* TestClock.adjust("4 minutes")
      assert.strictEqual(account.called("fills BTCUSDT 3540000"), 1)
    })
  )

  it.effect("keeps a fill that names only the venue's id until its order is known", () =>
    Effect.gen(function* () {
      const { account, desk, events, told } = yield* ready()
      account.script.submit = (_, pass) => Effect.delay(Effect.sync(pass), "1 second")
      desk.submit("s", limitOrder)
      const { clientOrderId: _, ...anonymous } = fill("1", { venueOrderId: "v-0", receivedTime: 3_600_000 })
      account.emit(anonymous)
      account.emit({ ...anonymous, id: "2", venueOrderId: "v-9" })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(told(), ["order sent 0", "order open 0", "fill 1 0.5", "order open 0.5"])
      yield* TestClock.adjust("10 seconds")
      const last = events.at(-1)
      assert.deepStrictEqual(last?.type === "fill" ? [last.id, last.strategy] : last, ["2", undefined])
    })
  )
})

describe("Desk: reconciliation", () => {
  it.effect("opens only when everything was read, and closes with every new session", () =>
    Effect.gen(function* () {
      const { account, desk } = yield* open()
      const causes: Array<string | undefined> = []
      const note = () => causes.push(desk.closed("paper")?.cause)
      note()
      account.script.openOrders = () => unavailable
      yield* account.up(1)
      yield* TestClock.adjust("2 seconds")
      note()
      delete account.script.openOrders
      yield* TestClock.adjust("30 seconds")
      note()
      yield* account.down
      note()
      account.script.openOrders = (found) => Effect.delay(Effect.succeed(found), "1 second")
      yield* account.up(2)
      note()
      yield* TestClock.adjust("1 second")
      note()
      assert.deepStrictEqual(causes, [
        "disconnected",
        "reconciling",
        undefined,
        "disconnected",
        "reconciling",
        undefined
      ])
    })
  )

  it.effect("adopts what is not ours, finds the end of what is gone, and tells missed fills once", () =>
    Effect.gen(function* () {
      const { account, desk, notices, told } = yield* ready()
      const [gone, left] = [idOf(desk.submit("s", limitOrder)), idOf(desk.submit("s", limitOrder))]
      yield* account.down
      yield* TestClock.adjust("1 minute")
      account.change(gone, { status: "filled", filled: "1" })
      account.orders.set("web-1", { ...account.orders.get(left)!, clientOrderId: "web-1", venueOrderId: "v-77" })
      account.fillsAtVenue = [fill("1", { clientOrderId: gone, size: "1", receivedTime: 3_630_000 })]
      account.positionsAtVenue = [
        { type: "position", venue: "paper", receivedTime: 1, symbol: "BTCUSDT", leg: "net", size: "1" }
      ]
      const before = told().length
      yield* account.up(2)
      yield* TestClock.adjust("0 millis")
      assert.deepStrictEqual(told().slice(before), [
        "order open 0",
        "order filled 1",
        "fill 1 1",
        "order filled 1",
        "position BTCUSDT 1"
      ])
      assert.deepStrictEqual(notices.at(-1)?.fields, { adopted: 1, gone: 1, fills: 1 })
      assert.deepStrictEqual(
        desk.open().map((each) => [each.clientOrderId, each.strategy]),
        [
          [left, "s"],
          ["web-1", undefined]
        ]
      )
      yield* account.up(3)
      yield* TestClock.adjust("0 millis")
      assert.deepStrictEqual(told().slice(before + 5), [])
    })
  )

  it.effect("loses nothing that is told while it reads, and does not put old balances over new ones", () =>
    Effect.gen(function* () {
      const { account, desk, told } = yield* ready()
      const id = idOf(desk.submit("s", limitOrder))
      const usdt = { type: "balance", venue: "paper", asset: "USDT" } as const
      account.balancesAtVenue = [{ ...usdt, receivedTime: 3_600_000, exchangeTime: 1, total: "5" }]
      account.script.openOrders = (found) => Effect.delay(Effect.succeed(found), "1 second")
      yield* account.up(2)
      account.emit({ ...usdt, receivedTime: 3_600_500, exchangeTime: 2, total: "7" })
      account.report(id, { status: "cancelled", receivedTime: 3_600_500 })
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(told().slice(2), ["balance USDT 7", "order cancelled 0"])
      assert.deepStrictEqual([desk.closed("paper"), desk.balance("paper", "USDT")?.total], [undefined, "7"])
    })
  )

  it.effect("finds between two sessions what the stream did not tell", () =>
    Effect.gen(function* () {
      const { account, desk, tags } = yield* ready()
      const id = idOf(desk.submit("s", limitOrder))
      account.change(id, { status: "cancelled" })
      yield* TestClock.adjust("5 minutes")
      assert.deepStrictEqual(
        [desk.order(id)?.status, tags(), desk.closed("paper")],
        ["cancelled", ["Reconciled"], undefined]
      )
      assert.strictEqual(account.called("fills"), 1)
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual(account.called("fills"), 1, "no order is open, so no fill can have been missed")
    })
  )

  it.effect("does not trade on an account in another position mode, until it is changed", () =>
    Effect.gen(function* () {
      const account = new ScriptedAccount()
      account.mode = "hedge"
      const { desk, tags } = yield* ready({ account })
      assert.strictEqual(
        refusalOf(desk.submit("s", limitOrder)).message,
        "paper: the account is not in oneWay position mode, so it is not traded on."
      )
      account.mode = "oneWay"
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual([desk.closed("paper"), tags()], [undefined, ["Reconciled"]])
    })
  )
})

describe("Desk: after a restart", () => {
  const crashed = (script: ScriptedAccount["script"]) =>
    Effect.gen(function* () {
      const account = new ScriptedAccount()
      const { desk, journal } = yield* ready({ account })
      account.script = script
      const id = idOf(desk.submit("s", limitOrder))
      account.script = {}
      return { account, id, journal: MemoryJournal.make({ entries: journal.entries() }) }
    }).pipe(Effect.scoped)

  it.effect("looks up an intent without an outcome: it was placed", () =>
    Effect.gen(function* () {
      const { account, id, journal } = yield* crashed({
        submit: (_, pass) => Effect.suspend(() => (pass(), Effect.never))
      })
      const opened = yield* open({ account, journal })
      assert.strictEqual(opened.desk.order(id)?.status, "unknown")
      yield* account.up(2)
      yield* TestClock.adjust("0 millis")
      assert.deepStrictEqual([opened.desk.order(id)?.status, opened.desk.order(id)?.strategy], ["open", "s"])
      assert.strictEqual(account.called("submit"), 1)
    })
  )

  it.effect("looks up an intent without an outcome: it was not", () =>
    Effect.gen(function* () {
      const { account, id, journal } = yield* crashed({ submit: () => Effect.never })
      const opened = yield* open({ account, journal })
      yield* account.up(2)
      yield* TestClock.adjust("9 seconds")
      assert.strictEqual(opened.desk.order(id)?.status, "unknown", "too early to believe it")
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual([opened.desk.order(id)?.status, account.called("submit")], ["rejected", 1])
    })
  )

  it.effect("knows what was filled, tells no fill again, and gives no id again though the clock went back", () =>
    Effect.gen(function* () {
      const { account, id, journal } = yield* crashed({})
      const first = yield* open({ account, journal })
      yield* account.up(2)
      yield* TestClock.adjust("0 millis")
      account.fillsAtVenue = [fill("1", { clientOrderId: id, receivedTime: 3_600_000 })]
      account.emit(account.fillsAtVenue[0]!)
      yield* TestClock.setTime(1_000)
      const second = yield* open({ account, journal: MemoryJournal.make({ entries: journal.entries() }) })
      yield* account.up(3)
      yield* TestClock.adjust("0 millis")
      assert.deepStrictEqual([second.desk.order(id)?.filled, second.told()], ["0.5", []])
      const ids = [first.desk, second.desk].map((desk) => idOf(desk.submit("s", limitOrder)))
      assert.strictEqual(new Set([id, ...ids]).size, 3)
    })
  )

  it.effect("cancels what was to be cancelled", () =>
    Effect.gen(function* () {
      const { account, id, journal } = yield* crashed({})
      journal.write({ _tag: "Cancel", time: 3_600_001, venue: "paper", clientOrderId: id })
      const { desk } = yield* open({ account, journal })
      yield* account.up(2)
      yield* TestClock.adjust("10 seconds")
      assert.deepStrictEqual([account.orders.get(id)?.status, desk.order(id)?.status], ["cancelled", "cancelled"])
    })
  )

  it.effect("stays halted until an operator resumes", () =>
    Effect.gen(function* () {
      const first = yield* ready()
      first.desk.halt("enough")
      const journal = MemoryJournal.make({ entries: first.journal.entries() })
      const { desk } = yield* ready({ journal })
      assert.deepStrictEqual([desk.halted(), desk.closed("paper")?.cause], ["enough", "halted"])
      desk.resume("checked")
      assert.deepStrictEqual([desk.halted(), desk.closed("paper")], [undefined, undefined])
    })
  )
})

describe("Desk: months", () => {
  it.effect("remembers the latest orders that ended, in memory and in the journal, and all that are open", () =>
    Effect.gen(function* () {
      const { account, desk, journal } = yield* ready({
        limits: { maxOrdersPerSecond: 10_000, maxOrdersPerMinute: 10_000 }
      })
      const resting = idOf(desk.submit("s", limitOrder))
      account.script.submit = () => rejected
      const ids = Array.from({ length: 1_500 }, () => idOf(desk.submit("s", limitOrder)))
      assert.deepStrictEqual(
        [desk.order(resting)?.status, desk.order(ids[499]!)?.status, desk.order(ids[500]!)?.status],
        ["open", undefined, "rejected"]
      )
      const about = (tag: string) => journal.entries().filter((each) => each._tag === tag).length
      assert.deepStrictEqual([about("Intent"), about("Order"), about("Started")], [1_001, 1_001, 1])
    })
  )
})

describe("Desk.halt", () => {
  it.effect("refuses at once, cancels all, and makes sure that nothing is open, orders of others included", () =>
    Effect.gen(function* () {
      const { account, desk, journal, tags } = yield* ready()
      const id = idOf(desk.submit("s", limitOrder))
      account.orders.set("web-1", { ...account.orders.get(id)!, clientOrderId: "web-1", venueOrderId: "v-77" })
      account.script.cancelAll = () => unavailable
      account.script.cancel = () => unavailable
      desk.halt("loss")
      desk.halt("again")
      assert.strictEqual(refusalOf(desk.submit("s", limitOrder)).message, "Trading is halted: loss")
      yield* TestClock.adjust("16 seconds")
      assert.deepStrictEqual(
        tags().filter((each) => each.startsWith("Halt")),
        ["Halted", "HaltIncomplete"]
      )
      account.script = {}
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        [account.orders.get("web-1")?.status, desk.open(), tags().at(-1)],
        ["cancelled", [], "HaltComplete"]
      )
      assert.deepStrictEqual(
        journal
          .entries()
          .filter((each) => each._tag === "Halt")
          .map((each) => each.reason),
        ["loss"]
      )
      const calls = account.called("cancelAll")
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(account.called("cancelAll"), calls)
    })
  )
})

describe("Desk: dead-man switches", () => {
  it.effect("renews the venue's at a third of its time while all is well, and takes it back in the end", () =>
    Effect.gen(function* () {
      const account = new ScriptedAccount()
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* open({ account, venue: { deadMan: "30 seconds" } })
          yield* account.up(1)
          yield* TestClock.adjust("25 seconds")
          assert.strictEqual(account.called("deadMan 30000"), 3)
          yield* account.down
          yield* TestClock.adjust("1 minute")
          assert.strictEqual(account.called("deadMan 30000"), 3)
        })
      )
      assert.strictEqual(account.calls.at(-1), "deadMan 0")
    })
  )

  it.effect(
    "cancels all by itself when the stream has been down for long, and before it trades again if it could not",
    () =>
      Effect.gen(function* () {
        const { account, desk, tags } = yield* ready({ venue: { watchdog: "20 seconds" } })
        idOf(desk.submit("s", limitOrder))
        account.script.cancelAll = () => unavailable
        yield* account.down
        yield* TestClock.adjust("19 seconds")
        assert.strictEqual(account.called("cancelAll"), 0)
        yield* TestClock.adjust("2 seconds")
        assert.deepStrictEqual([account.called("cancelAll"), tags()], [2, ["Watchdog"]])
        account.script = {}
        yield* account.up(2)
        yield* TestClock.adjust("0 millis")
        assert.deepStrictEqual([desk.open(), desk.closed("paper")], [[], undefined])
      })
  )
})
