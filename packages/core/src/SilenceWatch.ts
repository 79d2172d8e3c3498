/**
 * Finds streams that should speak and do not: subscribed, acknowledged, and without data (S-A8). A quiet symbol is not a
 * dead one: a stream is measured by its own pace, and when it is silent for long the venue is asked whether the symbol
 * has traded meanwhile.
 *
 * Guarantees: a stream that has said nothing for `FIRST_WORD_MS`, or for `PATIENCE` times its usual pace, is looked at;
 * one that the venue shows to be dead is first resubscribed, then its connection is replaced (at once when nothing at
 * all speaks there), then it is reported as `silent` and tried again every `RETRY_MS`; a symbol that the venue does not
 * know ends with the venue's reason. All others never notice. One question at a time for a symbol.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import * as Channel from "./Channel.ts"
import type { ChannelStream } from "./ChannelStream.ts"
import type { Connection } from "./Connection.ts"
import type { Leg } from "./Leg.ts"
import * as Subscription from "./Subscription.ts"
import * as Urgency from "./Urgency.ts"
import type { History } from "./VenueAdapter.ts"
import type { VenueError } from "./VenueError.ts"

const LOOK_EVERY_MS = 1_000

/** How long a stream may be silent that has not spoken, or usually speaks more often. */
const FIRST_WORD_MS = 5_000

/** Mean times between messages after which silence is worth a question, and how long that is at most. */
const PATIENCE = 20
const LONGEST_SILENCE_MS = 120_000

/** Messages that a pace is learnt from. */
const ENOUGH = 20

/** Trades of a symbol without a word of another of its streams that are as good as the venue's answer. */
const ENOUGH_TRADES = 2

/** Between the two questions that show whether a symbol trades, and after them for what is on its way. */
const BETWEEN_QUESTIONS_MS = 3_000
const ON_ITS_WAY_MS = 1_000

/** How many times its patience a stream that was found quiet is left alone, at most. */
const MOST_PATIENCE = 32

/** How long a stream that could not be made to speak is left alone. */
const RETRY_MS = 600_000

/** What was done about a stream that is silent. */
type Step = "nothing" | "resubscribed" | "replaced" | "split" | "reported"

/** What is remembered of a stream's silence. */
interface Record {
  leg: Leg
  seen: number
  spokeAtMs: number
  /** Messages of the symbol's trades when it spoke. */
  tradesThen: number
  /** How many times its patience it is left alone when it is found quiet. */
  patience: number
  step: Step
  /** Not looked at before. */
  restUntilMs: number
}

export interface Surroundings {
  readonly venue: string
  readonly lastTrade: History["lastTrade"]
  readonly streams: () => Iterable<ChannelStream>
  readonly connections: () => Iterable<Connection>
  /** Every stream of a symbol. */
  readonly streamsOf: (symbol: string) => ReadonlyArray<ChannelStream>
  /** The trades of a symbol, if they are subscribed. */
  readonly trades: (symbol: string) => ChannelStream | undefined
  /** Moves half of what a connection carries to a new one; false when it carries too little. */
  readonly split: (connection: Connection) => Effect.Effect<boolean>
}

export const watch = (surroundings: Surroundings): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const questions = yield* FiberMap.make<string>()
    const ask = yield* FiberMap.runtime(questions)<never>()
    const silences = new Silences(
      surroundings,
      (symbol, question) => void ask(symbol, question, { onlyIfMissing: true })
    )
    const look = Effect.map(Clock.currentTimeMillis, (now) => silences.look(now))
    yield* Effect.forkScoped(Effect.forever(Effect.andThen(Effect.sleep(LOOK_EVERY_MS), look)))
  })

class Silences {
  readonly #surroundings: Surroundings
  readonly #ask: (symbol: string, question: Effect.Effect<void>) => void
  readonly #records = new WeakMap<ChannelStream, Map<Connection, Record>>()

  constructor(surroundings: Surroundings, ask: (symbol: string, question: Effect.Effect<void>) => void) {
    this.#surroundings = surroundings
    this.#ask = ask
  }

  look(now: number): void {
    for (const stream of this.#surroundings.streams()) stream.tick(now)
    for (const connection of this.#surroundings.connections()) {
      const { session } = connection
      if (session === undefined) continue
      for (const leg of session.legs.values()) {
        const record = this.#recordOf(connection, leg, now)
        if (this.#isSuspicious(connection, leg, record, now)) {
          const { symbol } = leg.stream.subscription
          this.#ask(symbol, this.#question(symbol))
        }
      }
    }
  }

  #recordOf(connection: Connection, leg: Leg, now: number): Record {
    const records = this.#records.get(leg.stream) ?? new Map<Connection, Record>()
    this.#records.set(leg.stream, records)
    const known = records.get(connection)
    const { symbol } = leg.stream.subscription
    const record = known ?? {
      leg,
      seen: 0,
      spokeAtMs: now,
      tradesThen: 0,
      patience: 1,
      step: "nothing",
      restUntilMs: 0
    }
    if (known === undefined) records.set(connection, record)
    if (record.leg !== leg) {
      record.leg = leg
      record.seen = 0
      record.spokeAtMs = now
    }
    const said = leg.messages - record.seen
    if (said > 0) {
      leg.stream.pace.observe(said, Math.max(1, now - record.spokeAtMs))
      record.seen = leg.messages
      record.spokeAtMs = now
      record.patience = 1
      record.step = "nothing"
      record.restUntilMs = 0
    } else if (!leg.isConfirmed) record.spokeAtMs = now
    if (record.spokeAtMs === now) record.tradesThen = this.#tradesOf(symbol)
    return record
  }

  #isSuspicious(connection: Connection, leg: Leg, record: Record, now: number): boolean {
    const { stream } = leg
    if (connection.isPaused || !leg.isConfirmed || stream.state === "ended" || now < record.restUntilMs) return false
    if (now - record.spokeAtMs < patienceMs(stream)) return false
    if (speaks(stream)) return true
    if (stream.state === "pending") stream.move("quiet")
    return false
  }

  /** Finds out whether the symbol trades, and sees to every stream of it that should have spoken meanwhile. */
  #question(symbol: string): Effect.Effect<void> {
    return Effect.gen({ self: this }, function* () {
      const suspects = this.#suspects(symbol, yield* Clock.currentTimeMillis)
      const silentSince = suspects.map(({ record }) => record.spokeAtMs)
      const isAnswered = suspects.every(({ record }) => this.#wasTold(symbol, record))
      const trades = !isAnswered && (yield* this.#askVenue(symbol))
      yield* Effect.sleep(ON_ITS_WAY_MS)
      const now = yield* Clock.currentTimeMillis
      for (const [index, suspect] of suspects.entries()) {
        const { connection, leg } = suspect
        const record = this.#recordOf(connection, leg, now)
        // it may have spoken meanwhile, and what was done about one may have been for all of its connection
        if (record.spokeAtMs !== silentSince[index] || !isCarried(suspect)) continue
        if (shouldSpeak(leg.stream, trades || this.#wasTold(symbol, record))) yield* this.#heal(suspect, now)
        else this.#leaveAlone(suspect, now)
      }
    }).pipe(
      Effect.catch((error) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const { reason } = error
          // only the venue's own code is evidence; anything else may be the way there
          const isUnknown = reason._tag === "InvalidRequest" && reason.code !== undefined
          if (isUnknown) for (const stream of this.#surroundings.streamsOf(symbol)) stream.end(error.message)
          else for (const { leg, record } of this.#suspects(symbol, now)) wait(leg.stream, record, now)
        })
      )
    )
  }

  /** The symbol's own trades came while this stream said nothing. */
  #wasTold(symbol: string, record: Record): boolean {
    return this.#tradesOf(symbol) - record.tradesThen >= ENOUGH_TRADES
  }

  /** Messages of the symbol's trades so far. */
  #tradesOf(symbol: string): number {
    return this.#surroundings.trades(symbol)?.pace.spoken ?? 0
  }

  /** Asks twice, so that no clock is compared with another. */
  #askVenue(symbol: string): Effect.Effect<boolean, VenueError> {
    const { lastTrade } = this.#surroundings
    if (lastTrade === undefined) return Effect.succeed(false)
    const ask = Effect.provideService(lastTrade(symbol), Urgency.current, "background")
    return Effect.gen(function* () {
      const first = yield* ask
      yield* Effect.sleep(BETWEEN_QUESTIONS_MS)
      const second = yield* ask
      return second !== undefined && first !== undefined && second.time > first.time
    })
  }

  #suspects(symbol: string, now: number): ReadonlyArray<Suspect> {
    return [...this.#surroundings.connections()].flatMap((connection) =>
      [...(connection.session?.legs.values() ?? [])].flatMap((leg) => {
        if (leg.stream.subscription.symbol !== symbol) return []
        const record = this.#recordOf(connection, leg, now)
        return this.#isSuspicious(connection, leg, record, now) ? [{ connection, leg, record }] : []
      })
    )
  }

  /** It has nothing to say; but what it had to say before may have been missed. */
  #leaveAlone({ leg, record }: Suspect, now: number): void {
    wait(leg.stream, record, now)
    if (leg.stream.state === "pending" || leg.stream.state === "live") leg.stream.move("quiet")
    leg.stream.lookBehindAfterInterruption()
  }

  #heal({ connection, leg, record }: Suspect, now: number): Effect.Effect<void> {
    const { stream } = leg
    const isAlone = this.#isNothingSaid(connection, now)
    const reason = `acknowledged, but nothing came for ${Math.round((now - record.spokeAtMs) / 1_000)} s while ${stream.subscription.symbol} traded`
    const step = next(record.step, isAlone)
    record.step = step
    record.spokeAtMs = now
    record.tradesThen = this.#tradesOf(stream.subscription.symbol)
    return Effect.gen({ self: this }, function* () {
      const done = yield* this.#act(step, { connection, leg, record }, reason, now)
      if (done === undefined) {
        record.step = "reported"
        record.restUntilMs = now + RETRY_MS
        stream.move("silent", `${reason}; subscribing anew and another connection did not help`)
      }
      const outcome = done ?? "it stays silent; its name or its route may be wrong"
      yield* Effect.annotateLogs(Effect.logWarning(`a stream is silent: ${outcome}`), {
        venue: this.#surroundings.venue,
        connection: connection.name,
        ...stream.subscription,
        reason
      })
    })
  }

  /** Takes a step; gives what was done, `undefined` when nothing is left to do. */
  #act(step: Step, { connection, leg }: Suspect, reason: string, now: number): Effect.Effect<string | undefined> {
    const key = Subscription.key(leg.stream.subscription)
    switch (step) {
      case "resubscribed":
        connection.session?.resubscribe(leg, reason)
        return Effect.succeed("it is subscribed to anew")
      case "replaced":
        this.#setAll(connection, "replaced", now)
        connection.rotate(`${key} is silent`)
        return Effect.succeed("its connection is replaced")
      case "split":
        this.#setAll(connection, "split", now)
        return Effect.map(this.#surroundings.split(connection), (isSplit) =>
          isSplit ? "nothing comes on its connection: a part of it moves to another" : undefined
        )
      default:
        return Effect.succeed(undefined)
    }
  }

  /** Something was done about all of a connection: each of its streams has time to speak. */
  #setAll(connection: Connection, step: Step, now: number): void {
    for (const leg of connection.session?.legs.values() ?? []) {
      const record = this.#recordOf(connection, leg, now)
      record.step = step
      record.spokeAtMs = now
      record.tradesThen = this.#tradesOf(leg.stream.subscription.symbol)
    }
  }

  /** Of several streams on this connection, none has said anything lately. */
  #isNothingSaid(connection: Connection, now: number): boolean {
    const legs = [...(connection.session?.legs.values() ?? [])]
    return (
      legs.length > 1 &&
      legs.every((leg) => now - this.#recordOf(connection, leg, now).spokeAtMs >= FIRST_WORD_MS || !speaks(leg.stream))
    )
  }
}

interface Suspect {
  readonly connection: Connection
  readonly leg: Leg
  readonly record: Record
}

/** Its session is still the one that counts, and carries it. */
const isCarried = ({ connection, leg }: Suspect): boolean =>
  connection.session?.legs.get(leg.stream) === leg && leg.isConfirmed && leg.stream.state !== "ended"

/** What is done next about a stream that did not speak after `step`. */
const next = (step: Step, isNothingSaid: boolean): Step => {
  switch (step) {
    case "nothing":
      return isNothingSaid ? "replaced" : "resubscribed"
    case "resubscribed":
      return "replaced"
    case "replaced":
      return isNothingSaid ? "split" : "reported"
    case "split":
      return isNothingSaid ? "split" : "reported"
    case "reported":
      return "resubscribed"
  }
}

/** It is left alone for a while, longer each time. */
const wait = (stream: ChannelStream, record: Record, now: number): void => {
  record.restUntilMs = now + patienceMs(stream) * record.patience
  record.patience = Math.min(record.patience * 2, MOST_PATIENCE)
}

/** How long a stream may be silent before that is looked at. */
const patienceMs = (stream: ChannelStream): number => {
  const meanMs = stream.pace.meanMs(ENOUGH)
  return meanMs === undefined ? FIRST_WORD_MS : Math.min(Math.max(FIRST_WORD_MS, PATIENCE * meanMs), LONGEST_SILENCE_MS)
}

/** Liquidations are rare and follow nothing. */
const speaks = (stream: ChannelStream): boolean => Channel.kind(stream.subscription.channel) !== "liquidations"

/** Whether silence is a fault: a trade moves everything of a symbol, and marks come whether it trades or not. */
const shouldSpeak = (stream: ChannelStream, trades: boolean): boolean =>
  Channel.kind(stream.subscription.channel) === "mark" || trades
