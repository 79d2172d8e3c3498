/**
 * The WebSocket API of spot: one socket for orders and for the private stream. Each request is signed by itself; an Ed25519
 * key also logs the session on, to which its stream then belongs.
 * Source: docs/venues/binance.md, "WebSocket API" and "Private stream of spot".
 */
import { type PrivateVenue, type Rest, type VenueClock, VenueError } from "@tidewire/core"
import { Effect, Redacted, Result, Schema } from "effect"
import { isRow, type Row } from "../decode/reader.ts"
import * as wire from "../wire.ts"
import type { Credentials } from "./credentials.ts"
import * as outcome from "./outcome.ts"
import type { Action } from "./refusals.ts"
import { PATIENCE } from "./SignedRest.ts"
import * as signed from "./signed.ts"

export type Answer = wire.ApiAnswer

export interface ApiRequests {
  readonly credentials: Credentials
  readonly clock: VenueClock.VenueClock
  readonly codes: ReadonlyMap<number, Action>
}

/** Where requests are sent, and who looks at the limits that every answer tells. */
export interface Requester {
  readonly request: (ask: PrivateVenue.Ask) => Effect.Effect<Answer, VenueError.Reason>
  readonly answered?: (answer: Answer) => Effect.Effect<void>
}

/** A method and its parameters; stamped, signed and sent, once more when the stamp was wrong. */
export const call = (
  { clock, codes, credentials }: ApiRequests,
  { answered = () => Effect.void, request }: Requester,
  method: string,
  values: signed.Values,
  { about, isUrgent = false }: { readonly about?: string; readonly isUrgent?: boolean } = {}
): Effect.Effect<unknown, VenueError.Reason> => {
  const unknown = outcome.unknown(about)
  let stamp = 0
  const frame = (id: number): string => {
    stamp = clock.now()
    const apiKey = Redacted.value(credentials.apiKey)
    const params = { ...values, apiKey, recvWindow: credentials.recvWindow, timestamp: stamp }
    return JSON.stringify({ id: String(id), method, params: signed.parameters(params, credentials.signer) })
  }
  const attempt = Effect.gen(function* () {
    const patience = isUrgent || about === undefined ? undefined : PATIENCE
    const answer = yield* request({
      frame,
      isUrgent,
      ...(unknown !== undefined && { unknown }),
      ...(patience !== undefined && { patience })
    })
    yield* answered(answer)
    if (answer.status === 200) return answer.result
    return yield* outcome.reasonOf(codes, refusalOf(answer), about)
  })
  const ready = Effect.mapError(clock.ready, ({ reason }) => reason)
  return Effect.andThen(
    ready,
    Effect.catch(attempt, (reason) =>
      outcome.is(codes, reason, "clock")
        ? Effect.andThen(
            Effect.mapError(clock.corrected(stamp), (error) => error.reason),
            attempt
          )
        : Effect.fail(reason)
    )
  )
}

/** On this way the end of a wait is told as a time, epoch ms by the venue's clock, not in seconds. */
const refusalOf = ({ error, status }: Answer): outcome.Refusal => {
  const data = error?.data
  const { retryAfter, serverTime } = (isRow(data) ? data : {}) as { retryAfter?: unknown; serverTime?: unknown }
  const retryAfterMs =
    typeof retryAfter === "number" && typeof serverTime === "number" ? Math.max(0, retryAfter - serverTime) : undefined
  return {
    status,
    code: error?.code,
    message: error?.msg ?? `status ${status}`,
    ...(retryAfterMs !== undefined && { retryAfterMs })
  }
}

/** Logs on where the key can, and subscribes to the account's events. */
export const begin =
  (requests: ApiRequests, answered: NonNullable<Requester["answered"]>): PrivateVenue.PrivateVenue<Answer>["begin"] =>
  ({ authenticating, request, subscribing }) =>
    Effect.gen(function* () {
      const requester = { request, answered }
      const { codes, credentials } = requests
      yield* authenticating
      const logsOn = credentials.signer.kind === "ed25519"
      if (logsOn) yield* call(requests, requester, "session.logon", {})
      yield* subscribing
      const subscribed = logsOn
        ? Effect.flatMap(
            request({ frame: (id) => JSON.stringify({ id: String(id), method: "userDataStream.subscribe" }) }),
            (answer) =>
              answer.status === 200 ? Effect.void : Effect.fail(outcome.reasonOf(codes, refusalOf(answer), undefined))
          )
        : call(requests, requester, "userDataStream.subscribe.signature", {})
      // one that is active already is what is wanted
      yield* Effect.catch(subscribed, (reason) =>
        outcome.is(codes, reason, "done") ? Effect.void : Effect.fail(reason)
      )
    })

const decodeAnswer = Schema.decodeUnknownResult(wire.ApiAnswer)

/** Tells the sink what is no event of the account; gives the event of those that are. */
export const read = (frame: string, sink: PrivateVenue.PrivateSink<Answer>): Row | undefined => {
  const row: unknown = JSON.parse(frame)
  const event = isRow(row) ? row["event"] : undefined
  if (!isRow(event)) readAnswer(row, sink)
  else if (event["e"] === "serverShutdown") sink.shutdownNotice()
  else if (event["e"] === "eventStreamTerminated") sink.over(ended)
  else return event
  return undefined
}

const ended = new VenueError.VenueUnavailable({ message: "the venue ended the subscription" })

/** An answer to nobody with 401 says that the key was revoked. */
const readAnswer = (row: unknown, sink: PrivateVenue.PrivateSink<Answer>): void => {
  const answer = decodeAnswer(row)
  if (Result.isFailure(answer)) return sink.malformed(answer.failure.message)
  const { error, id, status } = answer.success
  if (id !== null) return sink.answer(Number(id), answer.success)
  if (status !== 401) return sink.unknown()
  sink.over(new VenueError.AuthenticationFailed({ message: error?.msg ?? "the key was revoked" }))
}

/** The limits that an answer tells, as the budget of REST takes them in. */
export const toBudget = (answer: Answer, usedWeight: number | undefined): Parameters<Rest.Rest["told"]>[0] => {
  const retryAfterMs = refusalOf(answer).retryAfterMs
  return {
    status: answer.status,
    ...(usedWeight !== undefined && { usedWeight }),
    ...(retryAfterMs !== undefined && { retryAfterMs })
  }
}
