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
import { type Event, EventBus, type Instrument, type PrivateEvent, type Trading, type VenueError } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { BarHistory } from "./BarHistory.ts"
import * as DeskModule from "./Desk.ts"
import { EngineError, NoAccount } from "./EngineError.ts"
import type { EngineSetup, EngineVenue } from "./EngineSetup.ts"
import { PaperVenue } from "./paper/PaperVenue.ts"
import { Portfolio, type Summary } from "./Portfolio.ts"
import { seedBars } from "./seedBars.ts"
import type { StrategyEvent } from "./StrategyEvent.ts"
import { StrategyHost, type Told } from "./StrategyHost.ts"
import { strategyContext } from "./strategyContext.ts"
import { TimeLine } from "./TimeLine.ts"
import type { Desk } from "./VenueDesks.ts"
import type { VenueSetup } from "./VenueDesk.ts"
import * as wanted from "./wanted.ts"

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

/** Events that wait for the one before to be told: more is a circle. */
const MOST_WAITING = 100_000

export interface StopReport {
  /** Orders that were still open at the deadline. */
  readonly left: ReadonlyArray<PrivateEvent.Order>
  readonly pnl: Summary
}

export interface EngineStatus {
  readonly time: number
  readonly halted: string | undefined
  readonly venues: ReadonlyArray<{ readonly venue: string; readonly execution: string; readonly closed?: string }>
  readonly strategies: ReadonlyArray<{
    readonly name: string
    readonly state: "waiting" | "running" | "stopped" | "failed"
    readonly failure?: string
    readonly handled: number
    readonly pnl: Summary
  }>
  readonly orders: ReadonlyArray<PrivateEvent.Order>
  readonly pnl: Summary
  /** Events told, and failures of listeners on the bus. */
  readonly published: number
  readonly failures: number
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
    const engine = new RunningEngine(setup, resolved, clock)
    yield* engine.open
    return engine
  })

class RunningEngine implements Engine {
  readonly subscriptions: wanted.Wanted["byVenue"]
  readonly bus: EventBus.EventBus<EngineEvent>
  readonly portfolio: Portfolio
  desk!: Desk
  readonly #setup: EngineSetup
  readonly #wanted: wanted.Wanted
  readonly #clock: Clock.Clock
  readonly #timeLine: TimeLine
  readonly #bars = new BarHistory()
  readonly #papers = new Map<string, PaperVenue>()
  readonly #quotes = new Map<string, Map<string, Event.Quote>>()
  #hosts: ReadonlyArray<StrategyHost> = []
  readonly #hasStarted = new Set<string>()
  readonly #waiting: Array<EngineEvent | EventBus.Timer> = []
  #isTelling = false

  constructor(setup: EngineSetup, resolved: wanted.Wanted, clock: Clock.Clock) {
    this.#setup = setup
    this.#wanted = resolved
    this.#clock = clock
    this.subscriptions = resolved.byVenue
    this.#timeLine = new TimeLine(clock.currentTimeMillisUnsafe())
    this.portfolio = new Portfolio((venue, symbol) => this.#instrument(venue, symbol))
    this.bus = new EventBus.EventBus<EngineEvent>({
      onFailure: ({ error, handler, isRemoved }) =>
        setup.tell({
          _tag: "HandlerFailed",
          level: "error",
          message: `${handler} failed${isRemoved ? " too often and is removed" : ""}: ${String(error)}`
        })
    })
  }

  get open(): Effect.Effect<void, EngineError | VenueError.VenueError, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      const accounts = yield* Effect.forEach(this.#setup.venues, (venue) => this.#account(venue))
      this.desk = yield* DeskModule.make({
        venues: accounts.flat(),
        journal: this.#setup.journal,
        limits: this.#setup.limits,
        emit: (event) => this.#learnt(event),
        tell: this.#setup.tell
      })
      for (const entry of this.desk.restored) {
        if (entry._tag === "Fill") this.portfolio.fill(entry.fill)
        if (entry._tag === "Funding") this.portfolio.funding(entry.funding)
      }
      const { bars, desk, portfolio, quote, setup, timeLine } = this.#parts()
      this.#hosts = setup.strategies.map(
        ({ name, strategy }) =>
          new StrategyHost({
            name,
            strategy,
            subscriptions: this.#wanted.byStrategy.get(name)!,
            context: strategyContext(name, { bars, desk, portfolio, quote, setup, timeLine }),
            failed: (reason) => this.#failed(name, reason)
          })
      )
      const first = (Math.floor(timeLine.now / TIMER_MS) + 1) * TIMER_MS
      timeLine.schedule(first, () => this.#beat(first))
      const follow = Effect.sync(() => timeLine.advance(this.#clock.currentTimeMillisUnsafe() - GRACE_MS))
      yield* follow.pipe(Effect.repeat(Schedule.spaced(FOLLOW_EVERY)), Effect.forkScoped)
    })
  }

  readonly take = (event: Event.Event): void => {
    this.#timeLine.advance(event.receivedTime)
    switch (event.type) {
      case "quote":
        this.#keepQuote(event)
        if (event.bid > 0 && event.ask > 0) {
          this.portfolio.price(event.venue, event.symbol, (event.bid + event.ask) / 2, "quote")
        }
        break
      case "mark":
        if (event.mark !== undefined) this.portfolio.price(event.venue, event.symbol, event.mark, "mark")
        break
      case "trade":
        this.portfolio.price(event.venue, event.symbol, event.price, "trade")
        break
      case "bar":
        this.#bars.take(event)
        break
      default:
    }
    this.#papers.get(event.venue)?.market(event)
    this.#publish(event)
  }

  get start(): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const { tell, venues } = this.#setup
      yield* Effect.forEach(
        venues,
        ({ adapter }) => seedBars(adapter, this.subscriptions.get(adapter.venue) ?? [], this.#bars, tell),
        { concurrency: "unbounded", discard: true }
      )
      const traded = venues.filter(({ execution }) => execution._tag !== "None").map(({ adapter }) => adapter.venue)
      const closed = () => traded.flatMap((venue) => this.desk.closed(venue)?.message ?? [])
      yield* Effect.sync(closed).pipe(
        Effect.repeat({ until: (problems) => problems.length === 0, schedule: Schedule.spaced(LOOK_EVERY) }),
        Effect.timeoutOption(OPEN_WITHIN)
      )
      for (const message of closed()) tell({ _tag: "NotOpen", level: "warn", message })
      for (const host of this.#hosts) {
        this.#hasStarted.add(host.name)
        host.start()
        if (host.isRunning) this.#tellState(host.name, "running")
      }
    })
  }

  readonly stop = (deadline: Duration.Input): Effect.Effect<StopReport> =>
    Effect.gen({ self: this }, function* () {
      for (const host of this.#hosts) {
        if (!host.isRunning) continue
        host.stop()
        this.#tellState(host.name, "stopped")
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
        this.#setup.tell({ _tag: "OrdersLeft", level: "error", venue, message, fields: { clientOrderId } })
      }
      return { left, pnl: this.portfolio.summary() }
    })

  readonly status = (): EngineStatus => ({
    time: this.#timeLine.now,
    halted: this.desk.halted(),
    venues: this.#setup.venues.map(({ adapter: { venue }, execution }) => {
      const closed = execution._tag === "None" ? undefined : this.desk.closed(venue)?.message
      return { venue, execution: execution._tag, ...(closed !== undefined && { closed }) }
    }),
    strategies: this.#hosts.map((host) => ({
      name: host.name,
      state: this.#stateOf(host),
      ...(host.failure !== undefined && { failure: host.failure }),
      handled: host.handled,
      pnl: this.portfolio.summary(host.name)
    })),
    orders: this.desk.open(),
    pnl: this.portfolio.summary(),
    published: this.bus.published,
    failures: this.bus.failures
  })

  #parts() {
    const quote = (venue: string, symbol: string) => this.#quotes.get(venue)?.get(symbol)
    const { desk, portfolio } = this
    return { setup: this.#setup, desk, timeLine: this.#timeLine, portfolio, bars: this.#bars, quote }
  }

  #instrument(venue: string, symbol: string): Instrument.Instrument | undefined {
    const found = this.#setup.venues
      .find(({ adapter }) => adapter.venue === venue)
      ?.instruments()
      .find(symbol)
    return found?._tag === "Found" ? found.instrument : undefined
  }

  /** The account of a venue that is traded on. */
  #account({ adapter, book, execution }: EngineVenue): Effect.Effect<ReadonlyArray<VenueSetup>, EngineError> {
    if (execution._tag === "None") return Effect.succeed([])
    const { venue } = adapter
    const instrument = (symbol: string) => this.#instrument(venue, symbol)
    const symbols = [...new Set((this.subscriptions.get(venue) ?? []).map(({ symbol }) => symbol))]
    const common = { venue, instrument, symbols: () => symbols, book }
    if (execution._tag === "Paper") {
      const { balances, fees, latency, leverage, queue } = execution
      const timeLine = this.#timeLine
      const paper = new PaperVenue({ venue, timeLine, instrument, book, balances, fees, latency, leverage, queue })
      this.#papers.set(venue, paper)
      return Effect.succeed([{ ...common, trading: paper }])
    }
    const trading: Trading.Trading | undefined = adapter.trading
    if (trading === undefined) {
      const message = `${venue} is to be traded on live, and has no account: its adapter was given no credentials, or cannot trade`
      return Effect.fail(new EngineError({ reason: new NoAccount({ message }) }))
    }
    const { deadMan, watchdog } = execution
    return Effect.succeed([
      { ...common, trading, ...(deadMan !== undefined && { deadMan }), ...(watchdog !== undefined && { watchdog }) }
    ])
  }

  /** Something new of an account. */
  #learnt(event: PrivateEvent.PrivateEvent): void {
    if (event.type === "fill") this.portfolio.fill(event)
    if (event.type === "funding") this.portfolio.funding(event)
    this.#publish(event)
  }

  #beat(time: number): void {
    this.#publish({ type: "timer", time })
    this.#timeLine.schedule(time + TIMER_MS, () => this.#beat(time + TIMER_MS))
  }

  /** Tells an event, and after it what it has caused. */
  #publish(event: EngineEvent | EventBus.Timer): void {
    if (this.#isTelling) {
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push(event)
      else this.desk.halt(`more than ${MOST_WAITING} events wait: strategies and orders go in a circle`)
      return
    }
    this.#isTelling = true
    try {
      this.#tellNow(event)
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#tellNow(next)
    } finally {
      this.#isTelling = false
    }
  }

  #tellNow(event: EngineEvent | EventBus.Timer): void {
    if (event.type !== "strategy") for (const host of this.#hosts) host.tell(event satisfies Told)
    if (event.type === "timer") this.bus.beat(event)
    else this.bus.publish(event)
  }

  #failed(name: string, reason: string): void {
    const host = this.#hosts.find((each) => each.name === name)!
    this.#setup.tell({ _tag: "StrategyFailed", level: "error", message: `Strategy ${name} is stopped: ${reason}` })
    this.#tellState(name, "failed", reason)
    if (host.strategy.onFailure !== "leave") this.desk.cancelAll({ strategy: name })
  }

  #tellState(strategy: string, state: StrategyEvent["state"], reason?: string): void {
    const receivedTime = this.#timeLine.now
    this.#publish({ type: "strategy", strategy, receivedTime, state, ...(reason !== undefined && { reason }) })
  }

  #stateOf(host: StrategyHost): EngineStatus["strategies"][number]["state"] {
    if (host.failure !== undefined) return "failed"
    if (!this.#hasStarted.has(host.name)) return "waiting"
    return host.isRunning ? "running" : "stopped"
  }

  #keepQuote(quote: Event.Quote): void {
    const ofVenue = this.#quotes.get(quote.venue) ?? new Map<string, Event.Quote>()
    this.#quotes.set(quote.venue, ofVenue)
    ofVenue.set(quote.symbol, quote)
  }
}
