/**
 * The subscription requests of one session: cut to the venue's limits, paced, each followed until it is acknowledged.
 *
 * Guarantees: a topic is asked for once, however many legs it carries; at most `requestsPerSecond` requests a second on the
 * connection; a request that is not answered in time is sent again, its topics visible by name meanwhile; a refused batch is
 * halved until the refused topic stands alone.
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

/** A topic, and what it carries here. */
interface Asked {
  readonly name: string
  readonly legs: ReadonlyArray<Leg>
}

const ACCEPTED: Answer = { _tag: "Accepted" }

/** The longest wait for the answer to a request that was sent more than twice. */
const LONGEST_WAIT = Duration.seconds(60)

/** How long a topic that was refused for now is left alone. */
const ASK_AGAIN_AFTER = Duration.seconds(10)

export interface RequestsOptions {
  readonly venue: Pick<SocketVenue, "limits" | "subscribe" | "unsubscribe">
  readonly socket: Socket
  readonly acknowledgeTimeout: Duration.Duration
  /** Topics were asked for twice and not answered; `sign` is the last sign of life before that. */
  readonly onUnconfirmed: (legs: ReadonlyArray<Leg>, sign: number) => Effect.Effect<void>
  /** Changes with every sign of life. */
  readonly lastSign: () => number
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

  /** An answer without an id is about the only request that waits, if there is only one; so is a refusal. */
  acknowledged(id: number | undefined): void {
    this.#answer(id ?? this.#onlyOne, ACCEPTED)
  }

  rejected(id: number | undefined, reason: SubscriptionRejected): void {
    this.#answer(id ?? this.#onlyOne, { _tag: "Refused", reason })
  }

  /** Ends when each of the legs is confirmed or its stream has ended. */
  subscribe(legs: ReadonlyArray<Leg>): Effect.Effect<void> {
    return this.#followAll(legs, false)
  }

  /** As `subscribe`, of what is subscribed already: unsubscribes first, with no other message in between. */
  resubscribe(legs: ReadonlyArray<Leg>): Effect.Effect<void> {
    return this.#followAll(legs, true)
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

  #followAll(legs: ReadonlyArray<Leg>, anew: boolean): Effect.Effect<void> {
    return Effect.forEach(this.#batches(legs), (batch) => this.#follow(batch, anew), {
      concurrency: "unbounded",
      discard: true
    })
  }

  #follow(asked: ReadonlyArray<Asked>, anew: boolean): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const sign = this.#options.lastSign()
      let wait = this.#options.acknowledgeTimeout
      for (let attempt = 1; ; attempt++) {
        const isAnew = anew && attempt === 1
        const open = asked.filter(({ legs }) => legs.some((leg) => (isAnew && isWanted(leg)) || isOpen(leg)))
        if (open.length === 0) return
        const answer = yield* this.#ask(open, wait, isAnew)
        if (Option.isSome(answer)) return yield* this.#settle(open, answer.value)
        const unconfirmed = open.flatMap(({ legs }) => legs.filter(isOpen))
        if (unconfirmed.length === 0) return
        if (attempt >= 2) {
          yield* this.#options.onUnconfirmed(unconfirmed, sign)
          wait = Duration.min(Duration.times(wait, 2), LONGEST_WAIT)
        }
      }
    })
  }

  #ask(asked: ReadonlyArray<Asked>, wait: Duration.Duration, anew: boolean): Effect.Effect<Option.Option<Answer>> {
    return Effect.gen({ self: this }, function* () {
      const { socket, venue } = this.#options
      const answer = Deferred.makeUnsafe<Answer>()
      const topics = asked.map(({ name }) => name)
      const legs = asked.flatMap((each) => each.legs)
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
      const delivered = Effect.forEach(asked, oneDelivers, { discard: true })
      return yield* Effect.raceFirst(Deferred.await(answer), Effect.as(delivered, ACCEPTED)).pipe(
        Effect.timeoutOption(wait),
        Effect.ensuring(Effect.sync(() => this.#waiting.delete(id)))
      )
    })
  }

  #settle(asked: ReadonlyArray<Asked>, answer: Answer): Effect.Effect<void> {
    if (answer._tag === "Accepted") {
      return Effect.sync(() => asked.forEach(({ legs }) => legs.forEach((leg) => leg.confirm())))
    }
    if (asked.length > 1) {
      const middle = Math.ceil(asked.length / 2)
      return Effect.andThen(this.#follow(asked.slice(0, middle), false), this.#follow(asked.slice(middle), false))
    }
    return Effect.gen({ self: this }, function* () {
      const forGood = recovery(answer.reason)._tag === "EndSubscription"
      const legs = asked.flatMap((each) => each.legs)
      if (legs.map(({ stream }) => stream.refused(answer.reason.message, forGood)).every((isEnded) => isEnded)) return
      // it may be a passing trouble of this very connection
      yield* Effect.sleep(ASK_AGAIN_AFTER)
      yield* this.#follow(asked, false)
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

  get #onlyOne(): number | undefined {
    return this.#waiting.size === 1 ? [...this.#waiting.keys()][0] : undefined
  }

  #answer(id: number | undefined, answer: Answer): void {
    const waiting = id === undefined ? undefined : this.#waiting.get(id)
    if (waiting !== undefined) Deferred.doneUnsafe(waiting, Effect.succeed(answer))
  }

  #batches(legs: ReadonlyArray<Leg>): ReadonlyArray<ReadonlyArray<Asked>> {
    const { limits, subscribe } = this.#options.venue
    const byTopic = Map.groupBy(legs, ({ stream }) => stream.topic.name)
    return chunks(
      [...byTopic].map(([name, ofTopic]): Asked => ({ name, legs: ofTopic })),
      (batch) =>
        batch.length <= limits.topicsPerRequest &&
        subscribe(
          batch.map(({ name }) => name),
          this.#lastId + 1
        ).length <= limits.charactersPerRequest
    )
  }
}

const isWanted = ({ stream }: Leg): boolean => stream.state !== "ended"

const isOpen = (leg: Leg): boolean => !leg.isConfirmed && isWanted(leg)

/** What comes of a topic for one of its legs shows that the venue has it. */
const oneDelivers = ({ legs }: Asked): Effect.Effect<void> => Effect.raceAll(legs.map((leg) => leg.confirmed.await))

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
