/**
 * Bybit by script, for accounts: one HTTP client and one driver of sockets, whose answers a test gives, and everything that
 * was sent to them.
 */
import { ConnectionOptions, type PrivateEvent, Socket, type Trading, VenueError } from "@tidewire/core"
import { Clock, Effect, Layer, Random, Redacted, Schema, SubscriptionRef } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { adapter } from "../../src/adapter.ts"
import type { Options } from "../../src/trading/credentials.ts"
import { markets } from "../../src/venue.ts"

type Values = Readonly<Record<string, unknown>>

export interface Asked {
  readonly what: string
  /** Of the query, or of the body. */
  readonly values: Values
}

export interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly code?: number
  readonly result?: unknown
  /** Ms. */
  readonly takes?: number
}

export interface Frame {
  readonly op: string
  readonly args?: ReadonlyArray<unknown>
  readonly req_id?: string
  readonly reqId?: string
}

export interface ScriptedSocket {
  readonly path: string
  readonly sent: Array<Frame>
  readonly receive: (message: unknown) => void
  readonly receiveText: (text: string) => void
  readonly close: (code?: number) => void
  isOpen: boolean
}

export class Exchange {
  readonly asked: Array<Asked> = []
  readonly sockets: Array<ScriptedSocket> = []
  /** Sockets of these paths are refused. */
  readonly refused = new Set<string>()
  rest: (asked: Asked) => Answer = () => ({})
  /** `undefined` for no answer. */
  trade: (frame: Frame) => Values | undefined = () => ({ retCode: 0, retMsg: "OK", data: { orderId: "v-1" } })
  private: (frame: Frame) => Values | undefined = () => ({ success: true, ret_msg: "" })

  open(path: string): ReadonlyArray<ScriptedSocket> {
    return this.sockets.filter((each) => each.path === path && each.isOpen)
  }

  /** What was sent on the trade sockets but pings and who we are. */
  get orders(): ReadonlyArray<Frame> {
    return this.sockets.flatMap(({ sent }) => sent.filter(({ op }) => op.startsWith("order.")))
  }

  /** The account hears of these rows. */
  tell(topic: string, ...data: ReadonlyArray<unknown>): void {
    this.open("/v5/private")[0]!.receive({ id: "1", topic, creationTime: 5_000, data })
  }

  readonly client = HttpClient.make((request, url) =>
    Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      const body = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : undefined
      const values: Values = body === undefined ? Object.fromEntries(url.searchParams) : JSON.parse(body)
      const asked = { what: `${request.method} ${url.pathname}`, values }
      const isTime = url.pathname === "/v5/market/time"
      if (!isTime) this.asked.push(asked)
      const answer: Answer = isTime ? { result: { timeNano: `${now}000000` } } : this.rest(asked)
      const { code = 0, headers = {}, result = {}, status = 200, takes = 0 } = answer
      yield* Effect.sleep(takes)
      const text = JSON.stringify({
        retCode: code,
        retMsg: code === 0 ? "OK" : "no.",
        result,
        retExtInfo: {},
        time: now
      })
      return HttpClientResponse.fromWeb(request, new Response(text, { status, headers }))
    })
  )

  readonly driver = Layer.succeed(Socket.SocketDriver, {
    canPause: false,
    open: (url, handlers) =>
      Effect.suspend(() => {
        const path = new URL(url).pathname
        if (this.refused.has(path)) return Effect.fail(new VenueError.ConnectionFailed({ message: "refused" }))
        const socket: ScriptedSocket = {
          path,
          sent: [],
          receive: (message) => handlers.onMessage(JSON.stringify(message), true, 1_000.5),
          receiveText: (text) => handlers.onMessage(text, true, 1_000.5),
          close: (code = 1006) => handlers.onClose(code, ""),
          isOpen: true
        }
        const send = (text: string): void => {
          const frame: Frame = JSON.parse(text)
          socket.sent.push(frame)
          if (frame.op === "ping") return socket.receive({ op: "pong" })
          const isTrade = path === "/v5/trade"
          // who we are is answered without an id
          if (isTrade && frame.op === "auth")
            return socket.receive({ retCode: 0, retMsg: "OK", op: "auth", connId: "c" })
          const answer = isTrade ? this.trade(frame) : this.private(frame)
          const { op, req_id, reqId } = frame
          if (answer === undefined) return
          socket.receive(isTrade ? { op, reqId, ...answer } : { op, ...(op !== "auth" && { req_id }), ...answer })
        }
        return Effect.acquireRelease(
          Effect.sync((): Socket.Socket => {
            this.sockets.push(socket)
            return { send, ping: () => (handlers.onPong(), true), pause: () => false, resume: () => {} }
          }),
          () => Effect.sync(() => (socket.isOpen = false))
        )
      })
  })
}

let hosts = 0

export const KEY = "UNITTESTKEY"
export const SECRET = "unit-test-secret-0123456789abcdef"

const given: Options = { apiKey: Redacted.make(KEY), apiSecret: Redacted.make(SECRET) }

export interface Opened {
  readonly account: Trading.Account
  readonly events: Array<PrivateEvent.PrivateEvent>
  readonly stream: () => string
  readonly states: () => Readonly<Record<string, string>>
}

/** The account of a market, its sockets up where they are not refused. */
export const open = (exchange: Exchange, venue: string, environment = "mainnet") =>
  Effect.gen(function* () {
    const host = `exchange-${++hosts}.test`
    expectVenue(venue)
    const made = yield* adapter
      .make({
        venue,
        name: "here",
        environment,
        endpoints: {
          rest: `http://${host}`,
          stream: `ws://${host}`,
          ...(environment === "demo" && { account: `ws://${host}` })
        },
        options: given,
        connection: Schema.decodeSync(ConnectionOptions.ConnectionOptions)({})
      })
      .pipe(Effect.provide(exchange.driver), Effect.provideService(HttpClient.HttpClient, exchange.client))
    if (made.trading === undefined) return yield* Effect.die(new Error("no trading"))
    const events: Array<PrivateEvent.PrivateEvent> = []
    const account = yield* made.trading.open((event) => events.push(event))
    yield* TestClock.adjust("1 second")
    const opened: Opened = {
      account,
      events,
      stream: () => {
        const state = SubscriptionRef.getUnsafe(account.stream)
        return state._tag === "Up" ? `up ${state.session}` : `down ${state.reason}`
      },
      states: () =>
        Object.fromEntries(
          [...SubscriptionRef.getUnsafe(account.connections)].map(([name, { state }]) => [name, state])
        )
    }
    return opened
  }).pipe(Random.withSeed(1))

const expectVenue = (venue: string): void => {
  if (!markets.has(venue)) throw new RangeError(`no venue ${venue}`)
}

/** The reason that this fails with; `"done"` when it does not. */
export const outcome = <A>(effect: Effect.Effect<A, VenueError.VenueError>) =>
  Effect.match(effect, {
    onSuccess: (value): unknown => value ?? "done",
    onFailure: ({ reason }) => VenueError.describe(reason)
  })
