/**
 * The desk against a venue at its worst: answers that are lost, late or wrong, events that are late, doubled, in any order or
 * never told, sessions that break, and engines that are restarted in between. In the end both must agree on everything.
 */
import { Order, type PrivateEvent } from "@tidewire/core"
import { MemoryJournal } from "@tidewire/engine"
import { assert, describe, it } from "@effect/vitest"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { limitOrder, open } from "./opened.ts"
import { type Random, seeded } from "./random.ts"
import { rejected, ScriptedAccount, unavailable, unknownOutcome } from "./scriptedAccount.ts"

/** How long the venue may take to do what it was asked, and its events to arrive: below the time after which it is believed. */
const LATEST_MS = 4_000

interface Late {
  readonly at: number
  readonly run: () => void
}

class Chaos {
  readonly account = new ScriptedAccount()
  readonly late: Array<Late> = []
  readonly random: Random
  isLossy = true
  session = 0
  #fills = 0
  #clock: Clock.Clock

  constructor(random: Random, clock: Clock.Clock) {
    this.random = random
    this.#clock = clock
    this.account.script = {
      submit: (_, pass) =>
        random.pick([
          () => Effect.sync(pass),
          () => Effect.sync(pass),
          () => Effect.delay(Effect.sync(pass), random.below(LATEST_MS)),
          () => Effect.suspend(() => (pass(), unknownOutcome)),
          () => Effect.suspend(() => (pass(), Effect.never)),
          () => Effect.suspend(() => (this.#later(pass), unknownOutcome)),
          () => unknownOutcome,
          () => Effect.never,
          () => rejected,
          () => unavailable
        ])(),
      cancel: (_, pass) =>
        random.pick([
          () => Effect.sync(pass),
          () => Effect.suspend(() => (pass(), Effect.never)),
          () => Effect.suspend(() => (this.#later(pass), unknownOutcome)),
          () => unavailable
        ])(),
      order: (found) => (random.chance(0.3) ? unavailable : Effect.succeed(found)),
      openOrders: (found) => (random.chance(0.3) ? unavailable : Effect.succeed(found))
    }
  }

  get now(): number {
    return this.#clock.currentTimeMillisUnsafe()
  }

  #later(run: () => void): void {
    this.late.push({ at: this.now + this.random.below(LATEST_MS), run })
  }

  /** Runs what is due. */
  catchUp(all = false): void {
    for (const each of this.late.splice(0)) {
      if (all || each.at <= this.now) each.run()
      else this.late.push(each)
    }
  }

  /** Tells it now, later, twice or, while the venue is lossy, never. */
  #tell(event: PrivateEvent.PrivateEvent): void {
    const told = () => this.account.emit({ ...event, receivedTime: this.now })
    if (this.isLossy && this.random.chance(0.2)) return
    if (this.random.chance(0.5)) told()
    else this.#later(told)
    if (this.random.chance(0.2)) this.#later(told)
  }

  /** Some order at the venue is filled in part, or ended by the venue. */
  move(): void {
    const openOrders = [...this.account.orders.values()].filter((each) => !Order.isEnded(each.status))
    if (openOrders.length === 0) return
    const order = this.random.pick(openOrders)
    const { clientOrderId, filled, venueOrderId } = order
    if (this.random.chance(0.2)) {
      const status = this.random.pick(["cancelled", "expired"] as const)
      return this.#tell(
        this.account.change(clientOrderId, { status, exchangeTime: this.now, reason: "venue" }, this.now)
      )
    }
    const done = Math.min(10, Math.round(Number(filled) * 10) + 1 + this.random.below(5))
    const size = String((done - Math.round(Number(filled) * 10)) / 10)
    const fill: PrivateEvent.Fill = {
      type: "fill",
      venue: "paper",
      exchangeTime: this.now,
      receivedTime: this.now,
      symbol: "BTCUSDT",
      id: `f-${this.#fills++}`,
      ...(this.random.chance(0.8) ? { clientOrderId } : {}),
      venueOrderId: venueOrderId!,
      side: order.side,
      price: "100",
      size
    }
    this.account.fillsAtVenue.push(fill)
    const status = done === 10 ? "filled" : "open"
    const report = this.account.change(
      clientOrderId,
      { status, filled: String(done / 10), exchangeTime: this.now },
      this.now
    )
    for (const event of this.random.chance(0.5) ? [fill, report] : [report, fill]) this.#tell(event)
  }

  /** An order that no engine placed. */
  intrude(): void {
    const clientOrderId = `web-${this.account.orders.size}`
    const { price, side, size, symbol } = limitOrder
    const order = { symbol, side, size, price, kind: "limit", clientOrderId, status: "open", filled: "0" } as const
    const stamps = { type: "order", venue: "paper", receivedTime: this.now, exchangeTime: this.now } as const
    this.account.orders.set(clientOrderId, { ...order, ...stamps, venueOrderId: `v-${this.account.orders.size}` })
  }
}

const run = (seed: number) =>
  Effect.gen(function* () {
    yield* TestClock.adjust("1 hour")
    const random = seeded(seed)
    const chaos = new Chaos(random, yield* Clock.Clock)
    const { account } = chaos
    let journal = MemoryJournal.make()
    const submitted = new Set<string>()
    const told: Array<PrivateEvent.PrivateEvent> = []
    const begin = Effect.gen(function* () {
      const scope = yield* Scope.make()
      const opened = yield* Scope.provide(
        open({ account, journal, limits: { maxOrdersPerSecond: 1_000, maxOpenOrders: 1_000 } }),
        scope
      )
      yield* account.up(++chaos.session)
      return { ...opened, scope }
    })
    let engine = yield* begin
    const end = Effect.suspend(() => {
      told.push(...engine.events)
      return Scope.close(engine.scope, Exit.void)
    })
    for (let step = 0; step < 150; step++) {
      const act = random.next()
      if (act < 0.35) {
        const result = engine.desk.submit("s", limitOrder)
        if (result._tag === "Submitted") submitted.add(result.order.clientOrderId)
      } else if (act < 0.65) chaos.move()
      else if (act < 0.8) {
        const order = engine.desk.open()[0]
        if (order !== undefined) engine.desk.cancel(order.clientOrderId)
      } else if (act < 0.83) chaos.intrude()
      else if (act < 0.87) yield* account.down
      else if (act < 0.97) yield* account.up(++chaos.session)
      else {
        yield* end
        journal = MemoryJournal.make({ entries: journal.entries() })
        engine = yield* begin
      }
      chaos.catchUp()
      yield* TestClock.adjust(random.below(1_500))
    }
    chaos.isLossy = false
    account.script = {}
    yield* TestClock.adjust("10 seconds")
    chaos.catchUp(true)
    yield* account.up(++chaos.session)
    yield* TestClock.adjust("20 minutes")
    yield* end
    return { account, desk: engine.desk, submitted, told, open: engine.desk.open() }
  })

const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1)

describe("Desk against chaos", () => {
  it.effect.each(SEEDS)(
    "agrees with the venue in the end, sends nothing twice, and tells each fill once: seed %i",
    (seed) =>
      Effect.gen(function* () {
        const { account, desk, open: left, submitted, told } = yield* run(seed)
        const sent = account.calls.filter((call) => call.startsWith("submit"))
        assert.strictEqual(new Set(sent).size, sent.length, "no order is sent twice")
        const seen = (order: PrivateEvent.Order | undefined) => [order?.status, order?.filled]
        for (const order of account.orders.values()) {
          // what was begun and ended by others between two looks at the venue is nobody's business
          const isUnseen = !submitted.has(order.clientOrderId) && desk.order(order.clientOrderId) === undefined
          if (isUnseen && Order.isEnded(order.status)) continue
          assert.deepStrictEqual(seen(desk.order(order.clientOrderId)), seen(order), order.clientOrderId)
        }
        for (const id of submitted) {
          if (!account.orders.has(id)) assert.strictEqual(desk.order(id)?.status, "rejected", id)
        }
        const openAtVenue = [...account.orders.values()].filter((each) => !Order.isEnded(each.status))
        assert.deepStrictEqual(
          left.map((each) => each.clientOrderId).toSorted(),
          openAtVenue.map((each) => each.clientOrderId).toSorted()
        )
        const fills = told.filter((event) => event.type === "fill")
        assert.deepStrictEqual(
          fills.map((each) => each.id).toSorted(),
          account.fillsAtVenue.map((each) => each.id).toSorted()
        )
        for (const fill of fills) {
          const owner = [...account.orders.values()].find((each) => each.venueOrderId === fill.venueOrderId)!
          const isOurs = submitted.has(owner.clientOrderId)
          assert.strictEqual(fill.strategy, isOurs ? "s" : undefined)
          if (isOurs) assert.strictEqual(fill.clientOrderId, owner.clientOrderId)
        }
        assert.isAbove(submitted.size, 5)
        assert.isAbove(fills.length, 0)
      })
  )
})
