/**
 * REST requests of one venue: a path and its parameters in, a checked value out, every failure a `VenueError`. Reads, and
 * with a signature what an account may ask (`send`).
 *
 * Guarantees: nothing is sent but within the budget of the host (`RestBudget`), which every request of this process
 * shares, in the order of `Urgency.current`; what the venue says about its limits is taken in before the read ends.
 * What changes something and may have been carried out fails with what its `unknown` says, and with nothing else.
 * Waiting for the budget has no end of its own: a caller with a deadline gives up by `Effect.timeoutOrElse`, and leaves
 * its place to the next.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import * as RestBudget from "./RestBudget.ts"
import * as Urgency from "./Urgency.ts"
import {
  ConnectionFailed,
  DecodeFailed,
  RateLimited,
  type Reason,
  recovery,
  VenueError,
  VenueUnavailable
} from "./VenueError.ts"

/** Names are lower case. */
export type Headers = Readonly<Record<string, string | undefined>>

/** What a venue answered. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export interface BudgetOptions {
  /** Which of the venue's counts it is, where one host serves several markets that are counted apart. */
  readonly market: string
  /** What the venue allows in each window of its clock. Of a window that slides, give a fraction. */
  readonly weight: number
  readonly window: Duration.Input
  /** The weight used in this window as an answer tells it; `undefined` where it does not. */
  readonly usedWeight: (headers: Headers) => number | undefined
}

export interface RestOptions {
  readonly venue: string
  /** Without a trailing slash. */
  readonly baseUrl: string
  /**
   * The venue's error table: what an answer means that is no success, or that is one only by its status. `undefined` for an
   * answer that is what was asked for; of a status beyond the 200s that is taken as `VenueUnavailable`.
   */
  readonly classify: (answer: Answer) => Reason | undefined
  readonly budget: BudgetOptions
  /** How long an answer may take once the request is sent. */
  readonly timeout?: Duration.Input
}

export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>

export type Method = "GET" | "POST" | "PUT" | "DELETE"

/** A request as it goes over the wire; the query is percent-encoded already. */
export interface Prepared {
  readonly query?: string
  /** With its media type. */
  readonly body?: { readonly text: string; readonly type: string }
  readonly headers?: Readonly<Record<string, string>>
}

/** A request with everything that can be asked of one. */
export interface Sending<A, I> {
  readonly method: Method
  readonly path: string
  readonly parameters: Parameters
  readonly schema: Schema.Codec<A, I>
  /** What the venue counts for it, failed or not. */
  readonly weight: number
  /** Stamps and signs: called just before it is sent, after every wait. Without it the parameters are the query. */
  readonly prepare?: (parameters: ReadonlyArray<readonly [string, string]>) => Prepared
  /** In the place of the venue's error table. */
  readonly classify?: RestOptions["classify"]
  /**
   * Of requests that change something: the reason they fail with when they were sent and nobody knows whether they were
   * carried out: no answer in time, none at all, or one that cannot be read. Reads have none.
   */
  readonly unknown?: (message: string) => Reason
  /** How long it may wait for the budget: afterwards it has certainly not been sent. Default: without end. */
  readonly patience?: Duration.Input
  /** Sees every answer, before anything is made of it. */
  readonly answered?: (answer: Answer) => void
}

/** What requests are asked of. */
export interface Asking {
  /** `weight` is what the venue counts for it, failed or not. */
  readonly get: <A, I>(
    path: string,
    parameters: Parameters,
    schema: Schema.Codec<A, I>,
    weight: number
  ) => Effect.Effect<A, VenueError>
  readonly send: <A, I>(sending: Sending<A, I>) => Effect.Effect<A, VenueError>
  /**
   * Waits until so much may be asked of this host on another way, such as a socket, and counts it. Fails with what
   * certainly was not sent when it takes longer than `patience`.
   */
  readonly take: (weight: number, patience: Duration.Input) => Effect.Effect<void, Reason>
  /** Takes in what the venue says about the budget of this host on another way, such as a socket. */
  readonly told: (answer: RestBudget.Answer) => Effect.Effect<void>
  /** How the budget of this host stands. */
  readonly budget: Effect.Effect<RestBudget.RestState>
}

export interface Rest extends Asking {
  /**
   * Requests of this are made ready and go nowhere: each stays, until it is interrupted, where it would be handed to the
   * transport. It has a budget of its own, without bounds.
   */
  readonly rehearsal: Asking
}

/** The longest sample of a body that an error carries. */
const SAMPLE_LENGTH = 200

export const make = (options: RestOptions): Effect.Effect<Rest, never, HttpClient.HttpClient> =>
  Effect.map(HttpClient.HttpClient, (client) => {
    const { market, weight, window } = options.budget
    const windowMs = Duration.toMillis(Duration.fromInputUnsafe(window))
    const budget = RestBudget.shared(`${market} ${new URL(options.baseUrl).host}`, { weight, windowMs })
    const unbounded = new RestBudget.RestBudget({ weight: Number.MAX_SAFE_INTEGER, windowMs })
    return { ...over(options, client, budget), rehearsal: over(options, nowhere, unbounded) }
  })

const nowhere = HttpClient.make(() => Effect.never)

const over = (options: RestOptions, client: HttpClient.HttpClient, budget: RestBudget.RestBudget): Asking => {
  const timeout = Duration.fromInputUnsafe(options.timeout ?? "10 seconds")
  const { usedWeight } = options.budget
  const turn = (weight: number, urgency: Urgency.Urgency, patience: Duration.Input | undefined) =>
    Clock.clockWith((clock) => {
      const now = clock.currentTimeMillisUnsafe()
      if (budget.takeNow(weight, urgency, now)) return Effect.succeed(now)
      return within(budget.take(weight, urgency), patience)
    })

  const takeIn = (sentMs: number, answer: RestBudget.Answer) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const restMs = budget.answered(sentMs, answer, now)
      if (restMs === 0) return Effect.void
      return Effect.annotateLogs(Effect.logWarning("the venue wants no requests for a while"), {
        venue: options.venue,
        status: answer.status,
        restMs
      })
    })

  const send: Asking["send"] = (sending) =>
    Effect.gen(function* () {
      const { classify = options.classify, method, path, prepare, schema, unknown, weight } = sending
      const fail = (reason: Reason, cause?: unknown) =>
        new VenueError({
          venue: options.venue,
          operation: `${method} ${path}`,
          reason,
          // what was signed is not shown to whoever prints a cause
          ...(cause !== undefined && prepare === undefined && { cause })
        })
      const uncertain = (message: string, otherwise: (message: string) => Reason) =>
        unknown?.(message) ?? otherwise(message)
      const failed = (message: string) => new ConnectionFailed({ message })
      const given = Object.entries(sending.parameters).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, String(value)] as const]
      )
      const sentMs = yield* Effect.mapError(turn(weight, yield* Urgency.current, sending.patience), (reason) =>
        fail(reason)
      )
      const request = requestOf(`${options.baseUrl}${path}`, method, given, prepare?.(given))
      const execute = client.execute(request)
      // nor to whoever collects traces
      const untraced = Effect.provideService(execute, HttpClient.TracerDisabledWhen, () => true)
      const answer = yield* (prepare === undefined ? execute : untraced).pipe(
        Effect.flatMap(({ headers, status, text }) => Effect.map(text, (body): Answer => ({ status, headers, body }))),
        Effect.mapError((cause) => {
          const message = describe(cause)
          return fail(isUnsent(cause) ? failed(message) : uncertain(message, failed), cause)
        }),
        Effect.timeoutOrElse({
          duration: timeout,
          orElse: () => Effect.fail(fail(uncertain(`no answer within ${Duration.format(timeout)}`, failed)))
        })
      )
      sending.answered?.(answer)
      const { body, headers, status } = answer
      const reason = classify(answer) ?? unexplained(status, unknown)
      const used = usedWeight(headers)
      yield* takeIn(sentMs, { status, ...(used !== undefined && { usedWeight: used }), ...limits(reason, headers) })
      if (reason !== undefined) return yield* fail(reason)
      return yield* Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(body).pipe(
        Effect.mapError((cause) => {
          const unread = (message: string) => new DecodeFailed({ message, sample: body.slice(0, SAMPLE_LENGTH) })
          return fail(uncertain(cause.message, unread), cause)
        })
      )
    })

  return {
    get: (path, parameters, schema, weight) => send({ method: "GET", path, parameters, schema, weight }),
    send,
    take: (weight, patience) =>
      Effect.flatMap(Urgency.current, (urgency) => Effect.asVoid(turn(weight, urgency, patience))),
    told: (answer) => Effect.flatMap(Clock.currentTimeMillis, (now) => takeIn(now, answer)),
    budget: Effect.map(Clock.currentTimeMillis, (now) => budget.state(now))
  }
}

const requestOf = (
  url: string,
  method: Method,
  parameters: ReadonlyArray<readonly [string, string]>,
  prepared: Prepared | undefined
): HttpClientRequest.HttpClientRequest => {
  if (prepared === undefined) {
    return HttpClientRequest.make(method)(url).pipe(HttpClientRequest.setUrlParams(parameters))
  }
  const { body, headers = {}, query = "" } = prepared
  const request = HttpClientRequest.make(method)(query === "" ? url : `${url}?${query}`).pipe(
    HttpClientRequest.setHeaders(headers)
  )
  return body === undefined ? request : HttpClientRequest.bodyText(request, body.text, body.type)
}

/** Fails with what certainly was not sent when it takes longer. */
const within = <A>(waiting: Effect.Effect<A>, patience: Duration.Input | undefined): Effect.Effect<A, Reason> => {
  if (patience === undefined) return waiting
  const message = `not sent: no room in the budget within ${Duration.format(Duration.fromInputUnsafe(patience))}`
  return Effect.timeoutOrElse(waiting, {
    duration: patience,
    orElse: () => Effect.fail(new RateLimited({ message }))
  })
}

/** What the system says of connections that never were: nothing can have been sent on them. */
const UNSENT: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"])

const isUnsent = (error: unknown): boolean => {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ("code" in current && UNSENT.has(current.code)) return true
  }
  return false
}

const unexplained = (status: number, unknown: Sending<unknown, unknown>["unknown"]): Reason | undefined => {
  if (status >= 200 && status < 300) return undefined
  const message = `HTTP ${status}`
  return unknown?.(message) ?? new VenueUnavailable({ message })
}

/** What a refusal says about the budget of its host. */
const limits = (
  reason: Reason | undefined,
  headers: Headers
): Pick<RestBudget.Answer, "isRateLimited" | "retryAfterMs"> => {
  if (reason === undefined) return {}
  const action = recovery(reason)
  const asked = (action._tag === "Wait" ? action.retryAfterMs : undefined) ?? retryAfterMs(headers)
  return { isRateLimited: reason._tag === "RateLimited", ...(asked !== undefined && { retryAfterMs: asked }) }
}

/** `Retry-After` in seconds; a date in its place says nothing. */
export const retryAfterMs = (headers: Headers): number | undefined => {
  const header = headers["retry-after"]?.trim()
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) * 1000 : undefined
}

/** The innermost message of a transport failure (`connect ECONNREFUSED …` rather than `fetch failed`), without any query. */
const describe = (error: unknown): string => {
  let current = error
  let message = "no connection"
  while (current instanceof Error) {
    if (current.message !== "") message = current.message
    current = current.cause
  }
  return message.replaceAll(/\?[^\s)]+/g, "?…")
}
