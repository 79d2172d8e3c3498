/**
 * The trading engine: strategies between the events of venues and the order desk.
 *
 * The way of an event: `take` brings the time line to it (timers and paper fills that were due before), lets paper venues and
 * prices know it, and tells it: first the strategies that want it, then whoever listens on `bus`. What strategies cause is told
 * in its order after that.
 *
 * Guarantees: synchronous from `take` to the last handler; the same events give the same run (see `TimeLine`); a strategy that
 * throws is stopped and told, its orders are handled as it says, and everything else runs on. With its scope the engine ends and
 * leaves orders as they are; `stop` handles them first.
 */
import { type Event, EventBus, type Instrument, type PrivateEvent, type VenueError } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { Conversion } from "./Conversion.ts"
import { DailyPnl } from "./DailyPnl.ts"
import * as DeskModule from "./Desk.ts"
import type { AccountView } from "./DeskSetup.ts"
import * as EngineAccounts from "./EngineAccounts.ts"
import type { EngineError } from "./EngineError.ts"
import type { EngineSetup, EngineVenue } from "./EngineSetup.ts"
import type { EngineStatus, StrategyStatus, VenueStatus } from "./EngineStatus.ts"
import { MarketPicture } from "./MarketPicture.ts"
import type { Notice } from "./Notice.ts"
import { Portfolio, type Summary } from "./Portfolio.ts"
import * as Restoration from "./Restoration.ts"
import { seedBars } from "./seedBars.ts"
import type { StrategyEvent } from "./StrategyEvent.ts"
import { StrategyHost, type Told } from "./StrategyHost.ts"
import { strategyContext } from "./strategyContext.ts"
import { TimeLine } from "./TimeLine.ts"
import { timeLineClock } from "./timeLineClock.ts"
import { Turns } from "./Turns.ts"
import type { Desk } from "./VenueDesks.ts"
import * as wanted from "./wanted.ts"

export type { EngineStatus }

export type EngineEvent = Event.Event | PrivateEvent.PrivateEvent | StrategyEvent

/**
 * In quiet times the time line follows the clock at this distance, so that what was received before a timer is told before it,
 * live as in replay.
 */
const GRACE_MS = 250
const FOLLOW_EVERY: Duration.Input = "100 millis"

const TIMER_MS = 1_000

/** How long `start` waits for accounts to be reconciled before the strategies begin without them. */
const OPEN_WITHIN: Duration.Input = "30 seconds"
const LOOK_EVERY: Duration.Input = "20 millis"

const DEFAULT_CURRENCY = "USDT"

export interface StopReport {
  /** Orders that were still open at the deadline. */
  readonly left: ReadonlyArray<PrivateEvent.Order>
  readonly pnl: Summary
}

export interface Engine {
  /** What strategies want to hear, to be subscribed beside what is configured. */
  readonly subscriptions: wanted.Wanted["byVenue"]
  readonly bus: EventBus.EventBus<EngineEvent>
  readonly desk: Desk
  readonly portfolio: Portfolio
  /** Takes an event of a venue, in the order of arrival. */
  readonly take: (event: Event.Event) => void
  /** Reads the past of bars, waits until the accounts may be traded on, and starts the strategies. */
  readonly start: Effect.Effect<void>
  /** Stops the strategies, cancels what they do not leave, and waits for that at most so long. */
  readonly stop: (deadline: Duration.Input) => Effect.Effect<StopReport>
  readonly status: () => EngineStatus
}

/** Whether it may be open for longer than it takes to answer. */
const mayRest = ({ kind, timeInForce }: PrivateEvent.Order): boolean =>
  kind === "stop" || kind === "takeProfit" || (kind === "limit" && timeInForce !== "ioc" && timeInForce !== "fok")

export const make = (setup: EngineSetup): Effect.Effect<Engine, EngineError | VenueError.VenueError, Scope.Scope> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const resolved = yield* Effect.fromResult(wanted.resolve(setup.strategies, setup.venues))
    const timeLine = new TimeLine(clock.currentTimeMillisUnsafe())
    const accounts = yield* Effect.fromResult(EngineAccounts.make(setup, resolved.byVenue, timeLine))
    const engine = new RunningEngine(setup, resolved, { clock, timeLine, accounts })
    yield* engine.open
    return engine
  })

interface Parts {
  readonly clock: Clock.Clock
  readonly timeLine: TimeLine
  readonly accounts: EngineAccounts.EngineAccounts
}

class RunningEngine implements Engine {
  readonly subscriptions: wanted.Wanted["byVenue"]
  readonly bus: EventBus.EventBus<EngineEvent>
  readonly portfolio: Portfolio
  desk!: Desk
  readonly #setup: EngineSetup
  readonly #wanted: wanted.Wanted
  readonly #parts: Parts
  readonly #market: MarketPicture
  readonly #daily: DailyPnl
  readonly #turns: Turns<EngineEvent | EventBus.Timer>
  readonly #currency: string
  readonly #notices = new Map<Notice["_tag"], number>()
  #hosts: ReadonlyArray<StrategyHost> = []
  #isOpen = false
  readonly #hasStarted = new Set<string>()

  constructor(setup: EngineSetup, resolved: wanted.Wanted, parts: Parts) {
    this.#setup = setup
    this.#wanted = resolved
    this.#parts = parts
    this.#currency = setup.currency ?? DEFAULT_CURRENCY
    this.subscriptions = resolved.byVenue
    const book = (venue: string, symbol: string) => this.#venue(venue)?.book(symbol)
    this.portfolio = new Portfolio(EngineAccounts.findInstrument(setup), book)
    this.#market = new MarketPicture(this.portfolio)
    const tell = this.#tell
    this.#daily = new DailyPnl({
      portfolio: this.portfolio,
      conversion: new Conversion({
        currency: this.#currency,
        instruments: () => this.#instruments(),
        price: (venue, symbol) => this.portfolio.lastPrice(venue, symbol)
      }),
      now: () => parts.timeLine.now,
      keep: (snapshot) => this.desk.snapshot(Restoration.DAY, snapshot),
      tell
    })
    this.#turns = new Turns({
      tellNow: (event) => this.#tellNow(event),
      // accounts tell of themselves while the desk is being opened
      between: () => (this.#isOpen ? this.desk.flush() : undefined),
      circle: (most) => this.desk.halt(`more than ${most} events wait: strategies and orders go in a circle`)
    })
    this.bus = new EventBus.EventBus<EngineEvent>({
      onFailure: ({ error, handler, isRemoved }) => {
        const message = `${handler} failed${isRemoved ? " too often and is removed" : ""}: ${String(error)}`
        tell({ _tag: "HandlerFailed", level: "error", message })
      }
    })
  }

  get open(): Effect.Effect<void, VenueError.VenueError, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const { accounts, clock, timeLine } = this.#parts
      const { journal, limits, rehearseEvery, strategies } = this.#setup
      // the market of the paper is all there is to wait for, so that a run can be had again
      const isOnPaper = accounts.venues.every(({ venue }) => accounts.papers.has(venue))
      this.desk = yield* DeskModule.make({
        venues: accounts.venues,
        journal,
        limits,
        emit: (event) => this.#learnt(event),
        tell: this.#tell,
        ...(rehearseEvery !== undefined && { rehearseEvery }),
        ...(limits.maxDailyLoss !== "none" && { dailyPnl: () => this.#daily.total }),
        restoring: (entries) =>
          Restoration.restore(entries, {
            portfolio: this.portfolio,
            daily: this.#daily,
            others: [...accounts.papers.values()],
            write: (entry) => journal.write(entry),
            now: () => clock.currentTimeMillisUnsafe(),
            tell: this.#tell
          })
      }).pipe(Effect.provideService(Clock.Clock, isOnPaper ? timeLineClock(timeLine) : clock))
      this.#isOpen = true
      this.#daily.roll()
      this.#hosts = strategies.map((each) => this.#hosted(each))
      const first = (Math.floor(timeLine.now / TIMER_MS) + 1) * TIMER_MS
      timeLine.schedule(first, () => this.#beat(first))
      const follow = Effect.sync(() => timeLine.advance(clock.currentTimeMillisUnsafe() - GRACE_MS))
      yield* follow.pipe(Effect.repeat(Schedule.spaced(FOLLOW_EVERY)), Effect.forkScoped)
    })
  }

  readonly take = (event: Event.Event): void => {
    this.#parts.timeLine.advance(event.receivedTime)
    this.#market.take(event)
    this.#parts.accounts.papers.get(event.venue)?.market(event)
    this.#turns.tell(event)
  }

  get start(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const { venues } = this.#setup
      yield* Effect.forEach(
        venues,
        ({ adapter }) => seedBars(adapter, this.subscriptions.get(adapter.venue) ?? [], this.#market.bars, this.#tell),
        { concurrency: "unbounded", discard: true }
      )
      const traded = venues.filter(({ execution }) => execution._tag !== "None").map(({ adapter }) => adapter.venue)
      const closed = () => traded.flatMap((venue) => this.desk.closed(venue)?.message ?? [])
      yield* Effect.sync(closed).pipe(
        Effect.repeat({ until: (problems) => problems.length === 0, schedule: Schedule.spaced(LOOK_EVERY) }),
        Effect.timeoutOption(OPEN_WITHIN)
      )
      for (const message of closed()) this.#tell({ _tag: "NotOpen", level: "warn", message })
      for (const host of this.#hosts) {
        this.#hasStarted.add(host.name)
        this.#turns.run(() => {
          host.start()
          if (host.isRunning) this.#tellState(host.name, "running")
        })
      }
    })
  }

  readonly stop = (deadline: Duration.Input): Effect.Effect<StopReport> =>
    Effect.gen({ self: this }, function* () {
      for (const host of this.#hosts) {
        if (!host.isRunning) continue
        this.#turns.run(() => {
          host.stop()
          this.#tellState(host.name, "stopped")
        })
      }
      this.desk.stop()
      const leaving = this.#hosts.filter(({ strategy }) => strategy.onStopped !== "leave")
      for (const { name } of leaving) {
        // what cannot rest ends by itself: an order that closes a position as a last act is let through
        for (const order of this.desk.open({ strategy: name }))
          if (mayRest(order)) this.desk.cancel(order.clientOrderId)
      }
      yield* Effect.forEach(leaving, ({ name }) => this.desk.settled({ strategy: name }), {
        concurrency: "unbounded",
        discard: true
      }).pipe(Effect.timeoutOption(deadline))
      const left = leaving.flatMap(({ name }) => this.desk.open({ strategy: name }))
      for (const { clientOrderId, venue } of left) {
        const message = `Order ${clientOrderId} could not be cancelled in time: it may be open.`
        this.#tell({ _tag: "OrdersLeft", level: "error", venue, message, fields: { clientOrderId } })
      }
      this.#daily.keep()
      return { left, pnl: this.portfolio.summary() }
    })

  readonly status = (): EngineStatus => {
    const accounts = new Map(this.desk.accounts().map((each) => [each.venue, each]))
    return {
      time: this.#parts.timeLine.now,
      halted: this.desk.halted(),
      venues: this.#setup.venues.map((each) => this.#venueStatus(each, accounts.get(each.adapter.venue))),
      strategies: this.#hosts.map((host) => ({
        name: host.name,
        state: this.#stateOf(host),
        ...(host.failure !== undefined && { failure: host.failure }),
        handled: host.handled,
        pnl: this.portfolio.summary(host.name)
      })),
      orders: this.desk.open(),
      pnl: this.portfolio.summary(),
      daily: { pnl: this.#daily.total, currency: this.#currency },
      notices: Object.fromEntries(this.#notices),
      ...this.desk.counts(),
      unvalued: this.portfolio.unvalued,
      published: this.bus.published,
      failures: this.bus.failures,
      dropped: this.#turns.dropped
    }
  }

  #venueStatus({ adapter: { venue }, execution }: EngineVenue, account: AccountView | undefined): VenueStatus {
    return {
      venue,
      execution: execution._tag,
      ...this.#market.streams(venue),
      ...(account?.closed !== undefined && { closed: account.closed.message, closedBy: account.closed.cause }),
      ...(account !== undefined && { privateStream: account.stream._tag }),
      balances: account?.balances ?? [],
      positions: account?.positions ?? []
    }
  }

  #hosted({ name, strategy }: EngineSetup["strategies"][number]): StrategyHost {
    const { desk, portfolio } = this
    const { bars, quote } = this.#market
    const { timeLine } = this.#parts
    return new StrategyHost({
      name,
      strategy,
      subscriptions: this.#wanted.byStrategy.get(name)!,
      context: strategyContext(name, { bars, desk, portfolio, quote, setup: this.#setup, timeLine }),
      failed: (reason) => this.#failed(name, reason)
    })
  }

  #venue(name: string): EngineVenue | undefined {
    return this.#setup.venues.find(({ adapter }) => adapter.venue === name)
  }

  #instruments(): ReadonlyArray<Instrument.Instrument> {
    return this.#setup.venues.flatMap(({ instruments }) => instruments().instruments)
  }

  readonly #tell = (notice: Notice): void => {
    this.#notices.set(notice._tag, (this.#notices.get(notice._tag) ?? 0) + 1)
    this.#setup.tell(notice)
  }

  /** Something new of an account. */
  #learnt(event: PrivateEvent.PrivateEvent): void {
    if (event.type === "fill") this.portfolio.fill(event)
    if (event.type === "funding") this.portfolio.funding(event)
    this.#turns.tell(event)
  }

  #beat(time: number): void {
    this.#daily.roll()
    this.#turns.tell({ type: "timer", time })
    this.#parts.timeLine.schedule(time + TIMER_MS, () => this.#beat(time + TIMER_MS))
  }

  #tellNow(event: EngineEvent | EventBus.Timer): void {
    if (event.type !== "strategy") for (const host of this.#hosts) host.tell(event satisfies Told)
    if (event.type === "timer") this.bus.beat(event)
    else this.bus.publish(event)
  }

  #failed(name: string, reason: string): void {
    const host = this.#hosts.find((each) => each.name === name)!
    this.#tell({ _tag: "StrategyFailed", level: "error", message: `Strategy ${name} is stopped: ${reason}` })
    this.#tellState(name, "failed", reason)
    if (host.strategy.onFailure !== "leave") this.desk.cancelAll({ strategy: name })
  }

  #tellState(strategy: string, state: StrategyEvent["state"], reason?: string): void {
    const receivedTime = this.#parts.timeLine.now
    this.#turns.tell({ type: "strategy", strategy, receivedTime, state, ...(reason !== undefined && { reason }) })
  }

  #stateOf(host: StrategyHost): StrategyStatus["state"] {
    if (host.failure !== undefined) return "failed"
    if (!this.#hasStarted.has(host.name)) return "waiting"
    return host.isRunning ? "running" : "stopped"
  }
}
