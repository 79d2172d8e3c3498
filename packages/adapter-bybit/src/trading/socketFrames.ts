/**
 * What the private socket and the trade socket say that is no news of the account: answers and pongs, in the words of each.
 * An answer without an id is to the last request of its kind: only `auth` and `subscribe` have such.
 * Source: docs/venues/bybit.md, "Private sockets".
 */
import { type PrivateVenue, VenueError } from "@tidewire/core"
import { Effect, Result, Schema } from "effect"
import { isRow, type Row } from "../decode/reader.ts"
import * as wire from "../wire.ts"

/** An answer of either socket; the private one has no codes. */
export interface Answer {
  readonly isSuccess: boolean
  readonly code: number | undefined
  readonly message: string
  readonly data: unknown
  readonly header: Row
}

/** Numbers the requests whose answers may come without a number. */
export class LastAsked {
  readonly #ids = new Map<string, number>()

  frame(op: string, id: number, make: () => string): string {
    this.#ids.set(op, id)
    return make()
  }

  of(op: string, named: string | undefined): number | undefined {
    if (named !== undefined && named !== "") return /^\d{1,15}$/.test(named) ? Number(named) : undefined
    return this.#ids.get(op)
  }
}

type Sink = PrivateVenue.PrivateSink<Answer>

const decodePrivate = Schema.decodeUnknownResult(wire.PrivateAnswer)
const decodeTrade = Schema.decodeUnknownResult(wire.TradeAnswer)

const isPulse = ({ op }: Row): boolean => op === "pong" || op === "ping"

/** A frame of the private socket without a topic. */
export const privateAnswer = (row: Row, asked: LastAsked, sink: Sink): void => {
  if (isPulse(row)) return sink.ignored()
  const decoded = decodePrivate(row)
  if (Result.isFailure(decoded)) return sink.unknown()
  const { op, req_id, ret_msg = "", success } = decoded.success
  const id = asked.of(op, req_id)
  if (id === undefined) return sink.unknown()
  sink.answer(id, { isSuccess: success, code: undefined, message: ret_msg, data: undefined, header: {} })
}

/** The code of a service that is about to restart: nothing more may be sent on that socket. */
const RESTARTING = 10019

/** A frame of the trade socket; `onLeaving` is called when nothing more may be sent on it. */
export const tradeAnswer = (frame: string, asked: LastAsked, sink: Sink, onLeaving: () => void): void => {
  const row: unknown = JSON.parse(frame)
  if (!isRow(row)) return sink.malformed("no object")
  if (isPulse(row)) return sink.ignored()
  const decoded = decodeTrade(row)
  if (Result.isFailure(decoded)) return sink.malformed(decoded.failure.message)
  const { data, header = {}, op, reqId, retCode: code, retMsg: message = "" } = decoded.success
  if (code === RESTARTING) {
    onLeaving()
    sink.shutdownNotice()
  }
  const id = asked.of(op, reqId)
  if (id !== undefined) sink.answer(id, { isSuccess: code === 0, code, message, data, header })
  else if (code !== RESTARTING) sink.unknown()
}

interface Authenticating {
  readonly request: (ask: PrivateVenue.Ask) => Effect.Effect<Answer, VenueError.Reason>
  /** Makes the frame, with the venue's time at that moment. */
  readonly frame: (id: number, now: number) => string
  readonly clock: {
    readonly now: () => number
    readonly offsetMs: () => number | undefined
    readonly corrected: (stamp: number) => Effect.Effect<void, VenueError.VenueError>
  }
  readonly reasonOf: (answer: Answer) => VenueError.Reason
}

/** How far the clock must have been off for that to be why a key was refused. */
const OFF_MS = 1_000

/** Says who we are; once more where the clock turns out to have been off, because the venue does not say why it refuses. */
export const authenticate = ({
  clock,
  frame,
  reasonOf,
  request
}: Authenticating): Effect.Effect<void, VenueError.Reason> =>
  Effect.gen(function* () {
    let stamp = 0
    const ask = request({ frame: (id) => frame(id, (stamp = clock.now())) })
    const before = clock.offsetMs() ?? 0
    const first = yield* ask
    if (first.isSuccess) return
    yield* Effect.mapError(clock.corrected(stamp), ({ reason }) => reason)
    const isClock = Math.abs((clock.offsetMs() ?? 0) - before) > OFF_MS
    const second = isClock ? yield* ask : first
    if (!second.isSuccess) return yield* Effect.fail(reasonOf(second))
  })
