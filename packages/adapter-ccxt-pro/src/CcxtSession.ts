/**
 * One exchange object's life: it watches what its connection carries, until one of its sockets is lost or dead. CCXT would
 * dial again by itself at the next call and say nothing of the loss, so that an object is never used beyond it.
 *
 * Guarantees: one loop a subscription; each ends with the session. A subscription counts as confirmed once it has
 * delivered, once every socket has had an answer of the venue after it was asked for, or once nothing was refused within
 * `acknowledgeTimeout`: CCXT does not tell acknowledgements. What is wrong with one subscription is told there, and the
 * others go on.
 */
import { Subscription, Supervision, VenueError } from "@tidewire/core"
import { Deferred, Duration, Effect, Exit, FiberMap, FiberSet, Latch, type Scope } from "effect"
import { ComparedBook } from "./ComparedBook.ts"
import { reasonOf } from "./errors.ts"
import type { Exchange } from "./Exchange.ts"
import { marketOf } from "./markets.ts"
import { SocketLife } from "./SocketLife.ts"
import type { Watch } from "./Watch.ts"
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

/** Answers in a row that cannot be read, after which another exchange object is tried. */
const UNREADABLE = 100

/** The first wait after an error of one subscription; doubles up to `LONGEST_WAIT_MS`. */
const SHORTEST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000

export class CcxtSession implements Supervision.SupervisedSession {
  readonly counter: Supervision.FeedCounter
  readonly legs = new Map<Stream, Leg>()
  readonly ready = Latch.makeUnsafe(false)
  readonly #owner: Supervision.Owner
  readonly #setup: CcxtSessionSetup
  readonly #over = Deferred.makeUnsafe<never, VenueError.Reason>()
  readonly #lives: Array<SocketLife> = []
  /** Legs that the venue has been asked for, and how many frames each socket had had by then. */
  readonly #asked = new Map<Leg, ReadonlyArray<number>>()
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
      this.#asked.delete(leg)
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
    this.legs.clear()
    this.#asked.clear()
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
        onFrame: () => this.#answered(),
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
    for (const { stream } of this.legs.values()) stream.missed("sequence")
  }

  #opened(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.#owner.moved(this, { _tag: "Opened" })
    this.#owner.moved(this, { _tag: "SubscribingStarted" })
    const patience = Duration.toMillis(this.#owner.options.acknowledgeTimeout)
    // an exchange that acknowledges nothing and has nothing to say
    this.#fork?.(
      Effect.forever(
        Effect.andThen(
          Effect.sleep(patience),
          Effect.sync(() => this.#confirmAll())
        )
      )
    )
  }

  #carry(streams: ReadonlyArray<Stream>, exchange: Exchange): void {
    for (const stream of streams) {
      // what the venue refused for good is not asked for again
      if (stream.state === "ended") continue
      const leg = new Supervision.Leg(stream, this)
      this.legs.set(stream, leg)
      stream.attach(leg)
      this.#asked.set(
        leg,
        this.#lives.map((life) => life.frames)
      )
      this.#start?.(leg, this.#loop(leg, exchange))
    }
    this.#settle()
  }

  /** A frame came: whatever was asked for before, on every socket, has been answered by now. */
  #answered(): void {
    if (this.#asked.size === 0) return
    for (const [leg, before] of this.#asked) {
      if (this.#lives.every((life, index) => life.frames > (before[index] ?? 0))) this.#confirm(leg)
    }
    this.#settle()
  }

  #confirmAll(): void {
    for (const leg of this.#asked.keys()) this.#confirm(leg)
    this.#settle()
  }

  #confirm(leg: Leg): void {
    this.#asked.delete(leg)
    leg.confirm()
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
    return Effect.gen({ self: this }, function* () {
      const { stream } = leg
      let waitMs = SHORTEST_WAIT_MS
      let unread = 0
      const watch = this.#watchOf(leg, exchange)
      if (typeof watch === "string") {
        stream.end(watch)
        return this.#settle()
      }
      while (stream.state !== "ended") {
        const answer = yield* Effect.result(Effect.tryPromise({ try: () => watch.next(), catch: reasonOf }))
        if (this.legs.get(stream) !== leg) return
        if (answer._tag === "Success") {
          waitMs = SHORTEST_WAIT_MS
          unread = 0
          this.#take(leg, watch, answer.success)
          if (watch.every !== undefined) yield* Effect.sleep(watch.every)
          continue
        }
        const reason = answer.failure
        const recovery = VenueError.recovery(reason)
        if (recovery._tag === "Skip") {
          // CCXT has written of it, and then stumbled over what it had not read
          if (!this.#isCounted) this.#unreadable(VenueError.describe(reason))
          this.#isCounted = false
          // not every exchange's changes are checked by CCXT
          if (stream instanceof ComparedBook || ++unread >= UNREADABLE) return this.#giveUp(reason)
        } else if (recovery._tag === "ResyncBook") {
          if (stream instanceof ComparedBook) stream.broken(VenueError.describe(reason))
        } else if (recovery._tag === "EndSubscription" || recovery._tag === "Fatal") {
          stream.refused(reason.message, true)
          this.#settle()
        } else {
          // a call that was refused before any socket opened says nothing of one that was lost
          return this.#giveUp(reason)
        }
        yield* Effect.sleep(waitMs)
        waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
      }
      this.#settle()
    })
  }

  #take(leg: Leg, watch: Watch, answer: unknown): void {
    this.#lastAnswer = ++this.counter.signs
    if (!this.#isOpen) this.#opened()
    const never = watch.drain(answer, Supervision.receiveTime())
    if (typeof never === "string") leg.stream.end(never)
    else this.#confirm(leg)
    this.#settle()
  }
}

/** What keeps an exchange from being reached at all is waited out like a dial that failed. */
const dialFailed = (reason: VenueError.Reason): VenueError.Reason =>
  VenueError.recovery(reason)._tag === "Wait"
    ? reason
    : new VenueError.ConnectionFailed({ message: VenueError.describe(reason) })

const late = (within: Duration.Duration): VenueError.Reason =>
  new VenueError.ConnectionFailed({ message: `no answer within ${Duration.format(within)}` })
