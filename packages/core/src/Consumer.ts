/**
 * The one consumer of a stream's queues. Plain synchronous code: an idle consumer takes an event where it is emitted, in
 * the socket's callback; otherwise the event waits, and a turn (a microtask) delivers everything that waits.
 *
 * Guarantees: `handler` is never entered twice at once; while an Effect that it returned runs, nothing is delivered, and
 * then the queues come first that had waited; a handler that throws ends `consume` with that defect and nothing else, and
 * never reaches who emitted.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { Event } from "./Event.ts"
import type { Handler } from "./MarketStream.ts"
import type { SymbolQueue } from "./SymbolQueue.ts"

/**
 * - `absent`: nobody consumes; events wait.
 * - `idle`: nothing waits. `scheduled`: a turn is asked for. `running`: a turn goes on.
 * - `busy`: an Effect of the handler runs.
 */
type State = "absent" | "idle" | "scheduled" | "running" | "busy"

export class Consumer {
  #state: State = "absent"
  #handler: Handler = () => {}
  #run: (effect: Effect.Effect<void>) => Fiber.Fiber<void> = Effect.runFork
  #end: (exit: Exit.Exit<void>) => void = () => {}
  /** Queues with something to deliver, each once. */
  #ready = new Set<SymbolQueue>()
  #finishing: { readonly queues: ReadonlyArray<SymbolQueue>; readonly drained: () => void } | undefined

  /** An event of this queue: an idle consumer takes it here and now, for any other it waits. */
  take(queue: SymbolQueue, event: Event): void {
    if (this.#state !== "idle" || !queue.isClear) {
      queue.offer(event)
      this.#ready.add(queue)
      if (this.#state === "idle") this.#turn(this.#ready)
      return
    }
    this.#state = "running"
    let busy: Effect.Effect<void> | undefined
    try {
      busy = queue.pass(event, this.#deliver)
    } catch (defect) {
      return this.#end(Exit.die(defect))
    }
    if (busy !== undefined) {
      this.#ready.add(queue)
      this.#wait(busy)
    } else if (this.#ready.size > 0) this.#turn(this.#ready)
    else this.#settle()
  }

  /** Delivers what waits in `queue` at once, if the consumer is only waiting for its turn. */
  drainNow(queue: SymbolQueue): void {
    if (this.#state === "scheduled") this.#turn([queue])
  }

  /** No more will come: delivers what waits, tells the last holes, then calls `drained`. */
  finish(queues: ReadonlyArray<SymbolQueue>, drained: () => void): void {
    this.#finishing = { queues, drained }
    if (this.#state === "absent") {
      if (queues.every((queue) => queue.waiting === 0)) drained()
    } else if (this.#state === "idle") this.#schedule()
  }

  readonly consume = (handler: Handler): Effect.Effect<void> =>
    Effect.contextWith((context: Context.Context<never>) => this.#consume(handler, Effect.runForkWith(context)))

  #consume(handler: Handler, run: typeof Effect.runFork): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      if (this.#state !== "absent") {
        resume(Effect.die(new Error("this stream already has a consumer")))
        return
      }
      let running: Fiber.Fiber<void> | undefined
      this.#handler = handler
      this.#run = (effect) => (running = run(effect))
      this.#end = (exit) => {
        this.#state = "absent"
        resume(exit)
      }
      this.#schedule()
      return Effect.suspend(() => {
        this.#state = "absent"
        return running === undefined ? Effect.void : Fiber.interrupt(running)
      })
    })
  }

  #schedule(): void {
    this.#state = "scheduled"
    queueMicrotask(() => {
      if (this.#state === "scheduled") this.#turn(this.#ready)
    })
  }

  /** One turn: every queue in `queues` is drained, unless the handler asks for time. */
  #turn(queues: Iterable<SymbolQueue>): void {
    this.#state = "running"
    const inline = queues !== this.#ready
    try {
      for (const queue of queues) {
        const busy = queue.drain(this.#deliver)
        this.#ready.delete(queue)
        if (busy === undefined) continue
        // behind the others: it may fill as fast as it is drained
        this.#ready.add(queue)
        return this.#wait(busy)
      }
    } catch (defect) {
      return this.#end(Exit.die(defect))
    }
    if (!inline) this.#settle()
    else if (this.#isStillThere()) this.#state = "scheduled"
  }

  /** A handler may have ended its own consumption, in the midst of which this is asked. */
  #isStillThere(): boolean {
    return this.#state === "running"
  }

  readonly #deliver = (event: Event): Effect.Effect<void> | undefined => {
    const result = this.#handler(event)
    return result === undefined ? undefined : result
  }

  #wait(effect: Effect.Effect<void>): void {
    if (!this.#isStillThere()) return
    this.#state = "busy"
    this.#run(effect).addObserver((exit) => {
      if (this.#state !== "busy") return
      if (Exit.isFailure(exit)) {
        if (!Cause.hasInterruptsOnly(exit.cause)) this.#end(exit)
        return
      }
      this.#schedule()
    })
  }

  #settle(): void {
    if (!this.#isStillThere()) return
    this.#state = "idle"
    if (this.#finishing === undefined) return
    const { drained, queues } = this.#finishing
    if (queues.some((queue) => queue.waiting > 0)) return
    try {
      for (const queue of queues) queue.finish(this.#deliver)
    } catch (defect) {
      return this.#end(Exit.die(defect))
    }
    this.#end(Exit.void)
    drained()
  }
}
