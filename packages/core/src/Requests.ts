/**
 * The subscription requests of one session: cut to the venue's limits, paced, each followed until it is acknowledged.
 *
 * Guarantees: at most `requestsPerSecond` requests a second on the connection; a request that is not answered in time is
 * sent again, its topics visible by name meanwhile; a refused batch is halved until the refused topic stands alone.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Semaphore from "effect/Semaphore"
import type { Leg } from "./Leg.ts"
import type { Socket } from "./Socket.ts"
import type { SocketVenue } from "./SocketVenue.ts"
import { recovery, type SubscriptionRejected } from "./VenueError.ts"

type Answer = { readonly _tag: "Accepted" } | { readonly _tag: "Refused"; readonly reason: SubscriptionRejected }

const ACCEPTED: Answer = { _tag: "Accepted" }

/** The longest wait for the answer to a request that was sent more than twice. */
const LONGEST_WAIT = Duration.seconds(60)

/** How long a topic that was refused for now is left alone. */
const ASK_AGAIN_AFTER = Duration.seconds(10)

export interface RequestsOptions {
  readonly venue: Pick<SocketVenue, "limits" | "subscribe" | "unsubscribe">
  readonly socket: Socket
  readonly acknowledgeTimeout: Duration.Duration
  /** Topics were asked for twice and not answered. */
  readonly onUnconfirmed: (legs: ReadonlyArray<Leg>) => Effect.Effect<void>
}

export class Requests {
  readonly #options: RequestsOptions
  readonly #waiting = new Map<number, Deferred.Deferred<Answer>>()
  readonly #turn = Semaphore.makeUnsafe(1)
  #lastId = 0
  #nextSendMs = 0

  constructor(options: RequestsOptions) {
    this.#options = options
  }

  acknowledged(id: number): void {
    this.#answer(id, ACCEPTED)
  }

  /** A refusal; one without an id is about the only request that waits, if there is only one. */
  rejected(id: number | undefined, reason: SubscriptionRejected): void {
    const about = id ?? (this.#waiting.size === 1 ? [...this.#waiting.keys()][0] : undefined)
    if (about !== undefined) this.#answer(about, { _tag: "Refused", reason })
  }

  /** Ends when each of the legs is confirmed or its stream has ended. */
  subscribe(legs: ReadonlyArray<Leg>): Effect.Effect<void> {
    return Effect.forEach(this.#batches(legs), (batch) => this.#follow(batch), {
      concurrency: "unbounded",
      discard: true
    })
  }

  /** As `subscribe`, of what is subscribed already: unsubscribes first, with no other message in between. */
  resubscribe(legs: ReadonlyArray<Leg>): Effect.Effect<void> {
    return Effect.forEach(this.#batches(legs), (batch) => this.#follow(batch, true), {
      concurrency: "unbounded",
      discard: true
    })
  }

  /** Does not wait for the answer: whatever still arrives of these topics finds nobody. */
  unsubscribe(topics: ReadonlyArray<string>): Effect.Effect<void> {
    const { limits } = this.#options.venue
    return Effect.forEach(
      chunks(topics, (batch) => batch.length <= limits.topicsPerRequest),
      (batch) => this.#inTurn(() => this.#options.socket.send(this.#options.venue.unsubscribe(batch, ++this.#lastId))),
      { discard: true }
    )
  }

  /** A ping of the protocol, which counts as a message; `sending` is called just before. False when the transport cannot. */
  ping(sending: () => void): Effect.Effect<boolean> {
    return this.#inTurn(() => {
      sending()
      return this.#options.socket.ping()
    })
  }

  #follow(legs: ReadonlyArray<Leg>, anew = false): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      let wait = this.#options.acknowledgeTimeout
      for (let attempt = 1; ; attempt++) {
        const isAnew = anew && attempt === 1
        const open = legs.filter((leg) => (isAnew || !leg.isConfirmed) && leg.stream.state !== "ended")
        if (open.length === 0) return
        const answer = yield* this.#ask(open, wait, isAnew)
        if (Option.isSome(answer)) return yield* this.#settle(open, answer.value)
        if (open.every((leg) => leg.isConfirmed)) return
        if (attempt >= 2) {
          yield* this.#options.onUnconfirmed(open.filter((leg) => !leg.isConfirmed))
          wait = Duration.min(Duration.times(wait, 2), LONGEST_WAIT)
        }
      }
    })
  }

  #ask(legs: ReadonlyArray<Leg>, wait: Duration.Duration, anew: boolean): Effect.Effect<Option.Option<Answer>> {
    return Effect.gen({ self: this }, function* () {
      const { socket, venue } = this.#options
      const answer = Deferred.makeUnsafe<Answer>()
      const topics = legs.map((leg) => leg.stream.topic.name)
      const leave = Effect.andThen(
        this.#paced(() => socket.send(venue.unsubscribe(topics, ++this.#lastId))),
        // what was on its way is no word about what comes now
        Effect.sync(() => legs.forEach((leg) => leg.renew()))
      )
      const enter = this.#paced(() => {
        const next = ++this.#lastId
        this.#waiting.set(next, answer)
        socket.send(venue.subscribe(topics, next))
        return next
      })
      const id = yield* this.#turn.withPermits(1)(anew ? Effect.andThen(leave, enter) : enter)
      const delivered = Effect.forEach(legs, (leg) => leg.confirmed.await, { discard: true })
      return yield* Effect.raceFirst(Deferred.await(answer), Effect.as(delivered, ACCEPTED)).pipe(
        Effect.timeoutOption(wait),
        Effect.ensuring(Effect.sync(() => this.#waiting.delete(id)))
      )
    })
  }

  #settle(legs: ReadonlyArray<Leg>, answer: Answer): Effect.Effect<void> {
    if (answer._tag === "Accepted") {
      return Effect.sync(() => legs.forEach((leg) => leg.confirm()))
    }
    if (legs.length > 1) {
      const middle = Math.ceil(legs.length / 2)
      return Effect.andThen(this.#follow(legs.slice(0, middle)), this.#follow(legs.slice(middle)))
    }
    return Effect.gen({ self: this }, function* () {
      const forGood = recovery(answer.reason)._tag === "EndSubscription"
      if (legs.every(({ stream }) => stream.refused(answer.reason.message, forGood))) return
      // it may be a passing trouble of this very connection
      yield* Effect.sleep(ASK_AGAIN_AFTER)
      yield* this.#follow(legs)
    })
  }

  /** Sends in turn, so that messages keep the venue's distance from each other. */
  #inTurn<A>(act: () => A): Effect.Effect<A> {
    return this.#turn.withPermits(1)(this.#paced(act))
  }

  /** Waits until the next message may be sent; for whoever has the turn. */
  #paced<A>(act: () => A): Effect.Effect<A> {
    const spacingMs = 1_000 / this.#options.venue.limits.requestsPerSecond
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      if (now < this.#nextSendMs) yield* Effect.sleep(this.#nextSendMs - now)
      this.#nextSendMs = Math.max(now, this.#nextSendMs) + spacingMs
      return act()
    })
  }

  #answer(id: number, answer: Answer): void {
    const waiting = this.#waiting.get(id)
    if (waiting !== undefined) Deferred.doneUnsafe(waiting, Effect.succeed(answer))
  }

  #batches(legs: ReadonlyArray<Leg>): ReadonlyArray<ReadonlyArray<Leg>> {
    const { limits, subscribe } = this.#options.venue
    return chunks(
      legs,
      (batch) =>
        batch.length <= limits.topicsPerRequest &&
        subscribe(
          batch.map((leg) => leg.stream.topic.name),
          this.#lastId + 1
        ).length <= limits.charactersPerRequest
    )
  }
}

/** Cuts a list into the longest runs that fit; what does not fit alone stands alone. */
const chunks = <A>(
  items: ReadonlyArray<A>,
  fits: (batch: ReadonlyArray<A>) => boolean
): ReadonlyArray<ReadonlyArray<A>> => {
  const batches: Array<Array<A>> = []
  for (const item of items) {
    const last = batches.at(-1)
    if (last !== undefined && fits([...last, item])) last.push(item)
    else batches.push([item])
  }
  return batches
}
