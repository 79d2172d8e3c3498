/**
 * One exchange object's life: it watches what its connection carries, until one of its sockets is lost or dead. CCXT would
 * dial again by itself at the next call and say nothing of the loss, so that an object is never used beyond it.
 *
 * Guarantees: one loop a subscription; each ends with the session. What is wrong with one subscription is told there, and
 * the others go on. Nothing is handed over once the session has been left.
 */
import { Subscription, Supervision, VenueError } from "@tidewire/core"
import { Deferred, Duration, Effect, Exit, FiberMap, FiberSet, Latch, type Scope } from "effect"
import { ComparedBook } from "./ComparedBook.ts"
import { Confirmations } from "./Confirmations.ts"
import type { Exchange } from "./Exchange.ts"
import { marketOf } from "./markets.ts"
import { SocketLife } from "./SocketLife.ts"
import type { Watch } from "./Watch.ts"
import { watchLoop } from "./watchLoop.ts"
import { watchOf } from "./watches.ts"

type Stream = Supervision.ChannelStream
type Leg = Supervision.Leg

export interface CcxtSessionSetup {
  readonly venue: string
  readonly bookDepth: number | undefined
  /** An exchange object of its own, markets loaded, closed with the scope. */
  readonly exchange: Effect.Effect<Exchange, VenueError.VenueError, Scope.Scope>
}

/** A socket that says nothing at all for so long is dead, where the venue answers no pings. */
const DEAD_AFTER = Duration.minutes(5)

/** CCXT hands frames over one turn after another; a pong overtakes them. */
const HANDED_OVER_WITHIN = Duration.millis(20)

export class CcxtSession implements Supervision.SupervisedSession {
  readonly counter: Supervision.FeedCounter
  readonly legs = new Map<Stream, Leg>()
  readonly ready = Latch.makeUnsafe(false)
  readonly #owner: Supervision.Owner
  readonly #setup: CcxtSessionSetup
  readonly #over = Deferred.makeUnsafe<never, VenueError.Reason>()
  readonly #lives: Array<SocketLife> = []
  readonly #confirmations: Confirmations
  readonly #watches = new Map<Leg, Watch>()
  #exchange: Exchange | undefined
  #isOpen = false
  /** The frame that could not be read last has been counted. */
  #isCounted = false
  #lastAnswer = 0
  #watch: ((life: SocketLife) => void) | undefined
  #start: ((leg: Leg, loop: Effect.Effect<void>) => void) | undefined
  #fork: ((effect: Effect.Effect<unknown>) => void) | undefined

  constructor(owner: Supervision.Owner, setup: CcxtSessionSetup) {
    this.#owner = owner
    this.#setup = setup
    this.counter = owner.counter
    this.#confirmations = new Confirmations({
      lives: this.#lives,
      onConfirmed: () => this.#settle(),
      whenOverdue: (run) => this.#fork?.(Effect.delay(Effect.sync(run), owner.options.acknowledgeTimeout))
    })
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get isReady(): boolean {
    if (!this.#isOpen) return false
    for (const { isConfirmed, stream } of this.legs.values()) if (!isConfirmed && stream.state !== "ended") return false
    return true
  }

  /** Of its sockets the one that is proved least: what is proved of it is proved of all. */
  get lastProof(): number {
    return this.#lives.length === 0 ? this.#lastAnswer - 1 : Math.min(...this.#lives.map((life) => life.lastProof))
  }

  readonly run: Effect.Effect<never, VenueError.Reason, Scope.Scope> = Effect.gen({ self: this }, function* () {
    const { dialTimeout } = this.#owner.options
    const fork = yield* FiberSet.makeRuntime<never, unknown, unknown>()
    this.#fork = (effect) => void fork(effect)
    this.#watch = (life) => void fork(this.#untilDead(life))
    const exchange = yield* Effect.mapError(this.#setup.exchange, ({ reason }) => dialFailed(reason))
    const loops = yield* FiberMap.make<string>()
    const start = yield* FiberMap.runtime(loops)<never>()
    this.#start = (leg, loop) => void start(Subscription.key(leg.stream.subscription), loop)
    this.#exchange = exchange
    this.#listen(exchange)
    this.#carry([...this.#owner.streams], exchange)
    this.#fork(
      Effect.delay(
        Effect.sync(() => this.#isOpen || this.#giveUp(late(dialTimeout))),
        dialTimeout
      )
    )
    return yield* Deferred.await(this.#over)
  })

  subscribe(streams: ReadonlyArray<Stream>): void {
    if (this.#exchange === undefined) return
    this.ready.closeUnsafe()
    if (this.#isOpen) this.#owner.moved(this, { _tag: "NewSubscriptions" })
    this.#carry(streams, this.#exchange)
  }

  unsubscribe(streams: ReadonlyArray<Stream>): void {
    for (const stream of streams) {
      const leg = this.legs.get(stream)
      if (leg === undefined) continue
      this.legs.delete(stream)
      this.#confirmations.forget(leg)
      stream.detach(leg, "disconnect", "unsubscribed")
      // in the place of the loop; it is of no use where nothing is left to watch, since the object is closed
      const stop = this.#watches.get(leg)?.stop
      this.#watches.delete(leg)
      this.#start?.(
        leg,
        this.legs.size === 0 || stop === undefined ? Effect.void : Effect.ignore(Effect.tryPromise(stop))
      )
    }
    this.#settle()
  }

  /** CCXT asks for nothing twice on the same socket: a silent subscription is begun anew with another object. */
  resubscribe(leg: Leg, reason: string): void {
    if (this.legs.get(leg.stream) !== leg) return
    this.#giveUp(new VenueError.Stale({ silentForMs: 0, message: reason }))
  }

  readonly prove = (): void => {
    // what is on its way was sent before what is to be proved
    for (const life of this.#lives) this.#fork?.(life.ping)
  }

  readonly reseed = (leg: Leg): void => this.resubscribe(leg, "a book that cannot be")

  carriesAs(before: Supervision.SupervisedSession): boolean {
    for (const [stream, leg] of before.legs) {
      if (leg.isConfirmed && stream.state !== "ended" && this.legs.get(stream)?.carriesAs(leg) !== true) return false
    }
    return true
  }

  leave(gapReason: Parameters<Stream["detach"]>[1], reason: string): void {
    const legs = [...this.legs.values()]
    for (const leg of legs) this.#confirmations.forget(leg)
    this.legs.clear()
    this.#watches.clear()
    for (const leg of legs) leg.stream.detach(leg, gapReason, reason)
  }

  readonly proveAlive: Effect.Effect<boolean> = Effect.suspend(() =>
    Effect.map(
      Effect.forEach(this.#lives, (life) => Supervision.proveAlive(life.watched(() => false)), {
        concurrency: "unbounded"
      }),
      (proofs) => proofs.every((isAlive) => isAlive)
    )
  )

  /** CCXT reads its sockets ahead of whoever waits. */
  pause(): boolean {
    return false
  }

  resume(): void {}

  readonly #giveUp = (reason: VenueError.Reason): void => void Deferred.doneUnsafe(this.#over, Exit.fail(reason))

  /** Hears of every socket as it opens. */
  #listen(exchange: Exchange): void {
    const before = exchange.onConnected?.bind(exchange)
    exchange.onConnected = (client, message) => {
      before?.(client, message)
      const life = new SocketLife(client, {
        counter: this.counter,
        onFrame: () => this.#confirmations.frame(Object.keys(exchange.clients ?? {}).length),
        onAnswer: (latencyMs) => this.#owner.measured(this, latencyMs),
        afterwards: (run) => this.#fork?.(Effect.delay(Effect.sync(run), HANDED_OVER_WITHIN)),
        onClose: (code) => this.#giveUp(new VenueError.ConnectionLost({ code, message: `closed with ${code}` }))
      })
      this.#lives.push(life)
      this.#opened()
      this.#watch?.(life)
    }
    // what CCXT cannot read it writes to the console
    if (exchange.verbose !== true) exchange.log = (...words) => this.#unreadable(words.map(String).join(" "))
  }

  /** A frame could not be read: whatever was in it is missing. */
  #unreadable(sample: string): void {
    this.#isCounted = true
    this.counter.malformed++
    this.counter.sample("CCXT could not read a frame", sample)
    for (const { stream } of this.legs.values()) {
      stream.missed("sequence")
      // not every exchange's changes are checked by CCXT, so that nothing would show it
      if (stream instanceof ComparedBook) this.#giveUp(unread(sample))
    }
  }

  #opened(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#owner.moved(this, { _tag: "Opened" })
    this.#owner.moved(this, { _tag: "SubscribingStarted" })
    this.#confirmations.opened()
  }

  #carry(streams: ReadonlyArray<Stream>, exchange: Exchange): void {
    for (const stream of streams) {
      // what the venue refused for good is not asked for again
      if (stream.state === "ended") continue
      const leg = new Supervision.Leg(stream, this)
      this.legs.set(stream, leg)
      stream.attach(leg)
      this.#confirmations.ask(leg)
      this.#start?.(leg, this.#loop(leg, exchange))
    }
    this.#settle()
  }

  #settle(): void {
    // nothing to connect for is left where every subscription was refused
    if (!this.#isOpen && this.legs.size > 0 && [...this.legs.keys()].every(({ state }) => state === "ended")) {
      this.#opened()
    }
    if (!this.isReady) return
    this.ready.openUnsafe()
    this.#owner.moved(this, { _tag: "AllAcknowledged" })
  }

  #untilDead(life: SocketLife): Effect.Effect<void> {
    return Effect.andThen(
      life.ping,
      Supervision.untilDead(
        life.watched(() => this.#owner.isPaused),
        DEAD_AFTER
      )
    ).pipe(Effect.catch((stale) => Effect.sync(() => this.#giveUp(stale))))
  }

  #watchOf(leg: Leg, exchange: Exchange): Watch | string {
    const { subscription } = leg.stream
    const market = marketOf(exchange, subscription.symbol)
    if (market === undefined) return `${subscription.symbol} is no market of this exchange`
    const { bookDepth, venue } = this.#setup
    const watch = watchOf({ exchange, market, venue, ...subscription, leg, counter: this.counter, bookDepth })
    if (typeof watch !== "string") this.#watches.set(leg, watch)
    return watch
  }

  #loop(leg: Leg, exchange: Exchange): Effect.Effect<void> {
    return Effect.suspend(() => {
      const { stream } = leg
      const watch = this.#watchOf(leg, exchange)
      if (typeof watch === "string") {
        stream.end(watch)
        this.#settle()
        return Effect.void
      }
      return watchLoop(watch, {
        isWanted: () => this.legs.get(stream) === leg && stream.state !== "ended",
        onAnswer: (answer) => this.#take(leg, watch, answer),
        onUnreadable: (reason) => {
          // CCXT has written of it, and then stumbled over what it had not read
          if (!this.#isCounted) this.#unreadable(VenueError.describe(reason))
          this.#isCounted = false
        },
        onBroken: (reason) => {
          if (stream instanceof ComparedBook) stream.broken(VenueError.describe(reason))
        },
        onRefused: (reason) => {
          stream.refused(reason.message, true)
          this.#settle()
        },
        giveUp: this.#giveUp
      })
    })
  }

  #take(leg: Leg, watch: Watch, answer: unknown): void {
    this.#lastAnswer = ++this.counter.signs
    this.#opened()
    const never = watch.drain(answer, Supervision.receiveTime())
    if (typeof never !== "string") return this.#confirmations.delivered(leg)
    leg.stream.end(never)
    this.#settle()
  }
}

/** What keeps an exchange from being reached at all is waited out like a dial that failed. */
const dialFailed = (reason: VenueError.Reason): VenueError.Reason =>
  VenueError.recovery(reason)._tag === "Wait"
    ? reason
    : new VenueError.ConnectionFailed({ message: VenueError.describe(reason) })

const unread = (sample: string): VenueError.Reason =>
  new VenueError.DecodeFailed({ message: "a frame that a book may have needed could not be read", sample })

const late = (within: Duration.Duration): VenueError.Reason =>
  new VenueError.ConnectionFailed({ message: `no answer within ${Duration.format(within)}` })
