/**
 * Where everybody in a process hears of events (S-A4, S-D1): handlers of one type of event, general handlers, a timer.
 *
 * Guarantees: `publish` is synchronous and allocates nothing; an event goes to the handlers of its type in the order
 * they were added, then to the general ones; handlers that throw are isolated, counted and reported (`HandlerList`).
 * Nothing is queued: a slow handler holds up its publisher, and the bound is the queue in front of that.
 */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { Event } from "./Event.ts"
import { type HandlerFailure, HandlerList, type Unsubscribe } from "./HandlerList.ts"

const DEFAULT_MAX_FAILURES = 100

/** Told at a steady pace, for what has to be done when nothing happens. */
export interface Timer {
  readonly type: "timer"
  /** Epoch ms. */
  readonly time: number
}

export interface EventBusOptions<E> {
  /** Hears of every failure of a handler; must not throw. */
  readonly onFailure: (failure: HandlerFailure<E | Timer>) => void
  /** Failures in a row after which a handler is removed; default 100. */
  readonly maxFailures?: number
}

export class EventBus<E extends { readonly type: string } = Event> {
  /** Events published, timers not among them. */
  published = 0
  /** How many times a handler threw. */
  failures = 0
  readonly #options: EventBusOptions<E>
  readonly #byType = new Map<string, HandlerList<E>>()
  readonly #general: HandlerList<E>
  readonly #timers: HandlerList<Timer>

  constructor(options: EventBusOptions<E>) {
    this.#options = options
    this.#general = this.#list()
    this.#timers = this.#list()
  }

  /** How many handlers there are, those of the timer included. */
  get handlers(): number {
    let handlers = this.#general.size + this.#timers.size
    for (const ofType of this.#byType.values()) handlers += ofType.size
    return handlers
  }

  /** Hears of events of one type; `name` is what its failures are reported under. */
  on<T extends E["type"]>(
    type: T,
    handler: (event: Extract<E, { readonly type: T }>) => void,
    name: string = type
  ): Unsubscribe {
    const handlers = this.#byType.get(type) ?? this.#list<E>()
    this.#byType.set(type, handlers)
    // sound because the list of a type gets only events of that type
    return handlers.add(name, handler as (event: E) => void)
  }

  /** Hears of every event, after the handlers of its type. */
  onAny(handler: (event: E) => void, name = "any"): Unsubscribe {
    return this.#general.add(name, handler)
  }

  onTimer(handler: (timer: Timer) => void, name = "timer"): Unsubscribe {
    return this.#timers.add(name, handler)
  }

  publish(event: E): void {
    this.published++
    this.#byType.get(event.type)?.call(event)
    this.#general.call(event)
  }

  /** Tells the handlers of the timer that it is so late: for whoever keeps time differently from `timers`. */
  beat(timer: Timer): void {
    this.#timers.call(timer)
  }

  /** Runs the timer until the scope ends: first after one interval, then on its beat; beats that were missed are lost. */
  timers(interval: Duration.Input = "1 second"): Effect.Effect<void, never, Scope.Scope> {
    const beat = Effect.map(Clock.currentTimeMillis, (time) => this.#timers.call({ type: "timer", time }))
    return beat.pipe(Effect.schedule(Schedule.fixed(interval)), Effect.forkScoped, Effect.asVoid)
  }

  #list<A extends E | Timer>(): HandlerList<A> {
    return new HandlerList<A>(this.#options.maxFailures ?? DEFAULT_MAX_FAILURES, (failure) => {
      this.failures++
      this.#options.onFailure(failure)
    })
  }
}
