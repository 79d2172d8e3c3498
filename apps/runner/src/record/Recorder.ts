/**
 * Stands where the world enters a running program and writes down what comes: frames, answers, the waking of timers. While
 * one runs, the program's time is that of what came in last, so that a replay sees the same time.
 *
 * Guarantees: nothing is held up or changed on its way; what is private is never written (`OpenOptions.recordAs`,
 * `openRequest.ts`). The time of the program is at most `STALE_MS` behind the system's.
 */
import { Supervision } from "@tidewire/core"
import { BEGINS_LOOP, BEGINS_TURN, IS_BINARY } from "./EntryWriter.ts"
import { Kind } from "./Tape.ts"
import type { TapeWriter } from "./TapeWriter.ts"

/**
 * How old the time of what came in last may be before the clock is read anew. A reading that came from nowhere is one that a
 * replay cannot repeat at the same place, so there should be few: the start of a program alone may take so long.
 */
const STALE_MS = 1_000

export class Recorder {
  readonly tape: TapeWriter
  #connections = 0
  #isInTurn = false
  #isInLoop = false
  /** Of the clock, since something came in. */
  #reads = 0
  #time = Supervision.receiveTime()

  constructor(tape: TapeWriter) {
    this.tape = tape
  }

  /** The program's time. */
  readonly now = (): number => {
    this.#reads++
    const time = Supervision.receiveTime()
    if (time - this.#time > STALE_MS) this.#told(Kind.tick, time, 0, String(this.#reads))
    return this.#time
  }

  /** A new connection's number. */
  dial(dial: string): number {
    const connection = ++this.#connections
    this.#told(Kind.dial, this.#time, connection, dial)
    return connection
  }

  frame(connection: number, time: number, frame: string | Uint8Array, isText: boolean): void {
    this.#time = time
    this.#reads = 0
    this.tape.add(Kind.frame, this.#flags() | (isText ? 0 : IS_BINARY), time, connection, frame)
  }

  /** Something that came in just now. */
  came(kind: Kind, connection: number, payload: string): void {
    this.#time = Supervision.receiveTime()
    this.#reads = 0
    this.tape.add(kind, this.#flags(), this.#time, connection, payload)
  }

  /** Something that the program did by itself: it begins no turn. */
  #told(kind: Kind, time: number, connection: number, payload: string): void {
    this.#time = time
    this.#reads = 0
    this.tape.add(kind, 0, time, connection, payload)
  }

  #flags(): number {
    if (this.#isInTurn) return 0
    this.#isInTurn = true
    queueMicrotask(this.#turnIsOver)
    if (this.#isInLoop) return BEGINS_TURN
    this.#isInLoop = true
    setImmediate(this.#loopIsOver)
    return BEGINS_TURN | BEGINS_LOOP
  }

  readonly #turnIsOver = (): void => {
    this.#isInTurn = false
  }

  readonly #loopIsOver = (): void => {
    this.#isInLoop = false
  }
}
