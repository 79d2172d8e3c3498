/**
 * What a recording holds: everything that came into the program from outside, in the order in which it came. Each entry has
 * the time at which it did, epoch milliseconds with microseconds, and says whether it began a turn.
 *
 * A **turn** is one callback of the runtime: what came in the same one was taken without anything happening in between. A
 * **loop** is one round of the event loop; what was deferred within it has run before the next. A replay takes turns and
 * loops as they were, so that it does the same things in the same order.
 */

/** Numbers are of the file format: never change one, only add. */
export const Kind = {
  header: 1,
  /** A connection is dialled: the number of the connection, then who dials what. */
  dial: 2,
  opened: 3,
  refused: 4,
  frame: 5,
  ping: 6,
  pong: 7,
  closed: 8,
  /** We closed it. */
  left: 9,
  /** An answer to a request over HTTP, or that there was none. */
  answer: 10,
  /** A fiber was woken that had fallen asleep for so many ms (a number as text). */
  wake: 11,
  /** The clock was read so many times (a number as text) after the last entry, and nothing had come in for a while. */
  tick: 12,
  /** The run began to stop. */
  stopping: 13,
  /** What could not be recorded before this. */
  lost: 14
} as const
export type Kind = (typeof Kind)[keyof typeof Kind]

export interface Dial {
  /** The configured venue, and the name of its connection. */
  readonly venue: string
  readonly connection: string
  /** Without what may be secret in it (`maskedUrl.ts`). */
  readonly url: string
}

export interface Refused {
  readonly message: string
  readonly status?: number
  readonly retryAfterMs?: number
}

export interface Closed {
  readonly code: number
  readonly reason: string
}

export interface Answer {
  readonly venue: string
  readonly method: string
  readonly url: string
  /** Absent where there was no answer. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Why there was no answer. */
  readonly failure?: string
}

export interface Lost {
  readonly entries: number
  readonly bytes: number
  readonly reason: string
}

export interface Header {
  readonly format: 1
  /** Epoch ms. */
  readonly startedAt: number
  /** Of the random numbers of the run. */
  readonly seed: number
  readonly version: string
  readonly runtime: string
  /** Where modules of the configuration that are named by a path are looked for. */
  readonly folder: string
  /** Of the run, without secrets. */
  readonly configuration: unknown
  /** What strategies heard beside what is configured. */
  readonly heard?: ReadonlyArray<{
    readonly venue: string
    readonly symbol: string
    readonly channels: ReadonlyArray<string>
  }>
  /** Which file of the recording this is, from 1. */
  readonly segment: number
}

export interface Entry {
  readonly kind: Kind
  readonly time: number
  readonly beginsTurn: boolean
  readonly beginsLoop: boolean
  /** Number of the connection, 0 where it is of none. */
  readonly connection: number
  readonly isText: boolean
  readonly payload: Uint8Array
}

const decoder = new TextDecoder()

/** The value of an entry whose payload is JSON. */
export const value = <A>(entry: Entry): A => JSON.parse(decoder.decode(entry.payload)) as A
