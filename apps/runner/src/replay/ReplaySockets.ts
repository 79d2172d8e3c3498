/**
 * Sockets out of a recording. Who dials is given the recorded connection of the same venue, name and URL, in the order in which
 * they were dialled, and hears what was recorded of it when the replay comes to it.
 *
 * Guarantees of a driver (`Socket.ts`). What was recorded of a connection that nobody has dialled yet waits, at most
 * `MOST_WAITING` entries of each; more is dropped and counted.
 */
import { type Socket, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import type * as Scope from "effect/Scope"
import { maskedUrl } from "../record/maskedUrl.ts"
import { type Closed, type Dial, type Entry, Kind, type Refused, value } from "../record/Tape.ts"
import type { VirtualTime } from "./VirtualTime.ts"

const MOST_WAITING = 100_000

/** Who dialled, and waits or listens. */
interface Caller {
  readonly handlers: Socket.SocketHandlers
  readonly answer: (result: Effect.Effect<void, VenueError.ConnectionFailed>) => void
  isPaused: boolean
  hasLeft: boolean
}

/** A recorded connection. */
interface Line {
  caller: Caller | undefined
  waiting: Array<Entry>
  /** The recorded run has closed it. */
  readonly left: Latch.Latch
}

export class ReplaySockets {
  readonly #time: VirtualTime
  readonly #lines = new Map<number, Line>()
  /** By key, those that nobody dialled yet, and who dials what is not there yet. */
  readonly #undialled = new Map<string, Array<Line>>()
  readonly #callers = new Map<string, Array<Caller>>()
  #isOver = false
  dropped = 0

  constructor(time: VirtualTime) {
    this.#time = time
  }

  /** The driver that a venue's adapter is made with. */
  driver(venue: string): Socket.SocketDriver["Service"] {
    return {
      canPause: true,
      open: (url, handlers, { recordAs }) =>
        recordAs === undefined
          ? Effect.fail(new VenueError.ConnectionFailed({ message: "what is private is in no recording" }))
          : this.#open(keyOf(venue, recordAs, maskedUrl(url)), handlers)
    }
  }

  dial(number: number, { connection, url, venue }: Dial): void {
    const key = keyOf(venue, connection, url)
    const line: Line = { caller: this.#callers.get(key)?.shift(), waiting: [], left: Latch.makeUnsafe() }
    this.#lines.set(number, line)
    if (line.caller === undefined) listIn(this.#undialled, key).push(line)
  }

  /** Something of a connection. */
  take(entry: Entry): void {
    const line = this.#lines.get(entry.connection)
    if (line === undefined) return
    if (entry.kind === Kind.left) {
      this.#lines.delete(entry.connection)
      line.left.openUnsafe()
      return
    }
    const { caller, waiting } = line
    if (caller?.hasLeft === true) return
    if (caller === undefined || caller.isPaused || waiting.length > 0) {
      if (waiting.length < MOST_WAITING) waiting.push(entry)
      else this.dropped++
    } else deliver(caller, entry)
  }

  /** The recording is over: who closes need not wait for what is not in it. */
  end(): void {
    this.#isOver = true
    for (const { left } of this.#lines.values()) left.openUnsafe()
  }

  #open(
    key: string,
    handlers: Socket.SocketHandlers
  ): Effect.Effect<Socket.Socket, VenueError.ConnectionFailed, Scope.Scope> {
    return Effect.gen({ self: this }, function* () {
      let answer: Caller["answer"] = () => {}
      const caller: Caller = { handlers, answer: (result) => answer(result), isPaused: false, hasLeft: false }
      yield* Effect.addFinalizer(() =>
        Effect.suspend(() => {
          caller.hasLeft = true
          const waiting = this.#callers.get(key)
          const index = waiting?.indexOf(caller) ?? -1
          if (index !== -1) waiting?.splice(index, 1)
          return this.#left(caller)
        })
      )
      yield* Effect.callback<void, VenueError.ConnectionFailed>((resume) => {
        answer = resume
        const line = this.#undialled.get(key)?.shift()
        if (line === undefined) listIn(this.#callers, key).push(caller)
        else {
          line.caller = caller
          this.#catchUp(line)
        }
      })
      return {
        send: () => {},
        ping: () => !caller.hasLeft,
        pause: () => (caller.isPaused = true),
        resume: () => {
          caller.isPaused = false
          for (const each of this.#lines.values()) if (each.caller === caller) this.#catchUp(each)
        }
      }
    })
  }

  /** Closing takes as long as it took. */
  #left(caller: Caller): Effect.Effect<void> {
    const line = [...this.#lines.values()].find((each) => each.caller === caller)
    return line === undefined || this.#isOver ? Effect.void : line.left.await
  }

  /** Delivers what has waited, before anything else comes. */
  #catchUp(line: Line): void {
    this.#time.defer(() => {
      const entries = line.waiting
      line.waiting = []
      for (const [index, entry] of entries.entries()) {
        const { caller } = line
        if (caller === undefined || caller.hasLeft) return
        if (caller.isPaused) {
          line.waiting = entries.slice(index)
          return
        }
        deliver(caller, entry)
      }
    })
  }
}

const keyOf = (venue: string, connection: string, url: string): string => `${venue}\n${connection}\n${url}`

const listIn = <A>(lists: Map<string, Array<A>>, key: string): Array<A> => {
  const list = lists.get(key) ?? []
  lists.set(key, list)
  return list
}

const deliver = ({ answer, handlers }: Caller, entry: Entry): void => {
  switch (entry.kind) {
    case Kind.opened:
      return answer(Effect.void)
    case Kind.refused:
      return answer(Effect.fail(new VenueError.ConnectionFailed(value<Refused>(entry))))
    case Kind.frame:
      return handlers.onMessage(entry.payload, entry.isText, entry.time)
    case Kind.ping:
      return handlers.onPing()
    case Kind.pong:
      return handlers.onPong()
    case Kind.closed: {
      const { code, reason } = value<Closed>(entry)
      return handlers.onClose(code, reason)
    }
    default:
  }
}
