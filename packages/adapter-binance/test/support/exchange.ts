/**
 * Binance by script, for accounts: one HTTP client and one driver of sockets, whose answers a test gives, and everything that was
 * sent to them.
 */
import {
  ConnectionOptions,
  type PrivateEvent,
  Socket,
  type Trading,
  type VenueAdapter,
  VenueError
} from "@tidewire/core"
import { Clock, Effect, Layer, Random, Redacted, Schema, SubscriptionRef } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { adapter } from "../../src/adapter.ts"
import type { Options } from "../../src/trading/credentials.ts"

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly key: string | undefined
}

export interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
  /** Ms. */
  readonly takes?: number
}

export interface Frame {
  readonly id: string
  readonly method: string
  readonly params?: Readonly<Record<string, unknown>>
}

export interface ScriptedSocket {
  readonly url: string
  readonly sent: Array<Frame>
  readonly receive: (message: unknown) => void
  readonly receiveText: (text: string) => void
  readonly close: (code?: number) => void
  isOpen: boolean
}

export class Exchange {
  readonly asked: Array<Asked> = []
  readonly sockets: Array<ScriptedSocket> = []
  /** By how much its clock is ahead. */
  aheadMs = 0
  /** `undefined` for what is answered as below. */
  rest: (asked: Asked) => Answer | undefined = () => undefined
  /** `undefined` for no answer. */
  api: (frame: Frame) => object | undefined = () => ({ status: 200, result: {} })

  get last(): ScriptedSocket {
    return this.sockets.at(-1)!
  }

  readonly client = HttpClient.make((request, url) =>
    Effect.gen({ self: this }, function* () {
      const asked: Asked = {
        method: request.method,
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        key: request.headers["x-mbx-apikey"]
      }
      const now = (yield* Clock.currentTimeMillis) + this.aheadMs
      const isTime = asked.path.endsWith("/time")
      if (!isTime) this.asked.push(asked)
      const answer: Answer = isTime ? { body: { serverTime: now } } : (this.rest(asked) ?? {})
      const { body = {}, headers = {}, status = 200, takes = 0 } = answer
      yield* Effect.sleep(takes)
      return HttpClientResponse.fromWeb(request, new Response(JSON.stringify(body), { status, headers }))
    })
  )

  readonly driver = Layer.succeed(Socket.SocketDriver, {
    canPause: false,
    open: (url, handlers) =>
      Effect.acquireRelease(
        Effect.sync(() => {
          const socket: ScriptedSocket = {
            url,
            sent: [],
            receive: (message) => handlers.onMessage(JSON.stringify(message), true, 1_000.5),
            receiveText: (text) => handlers.onMessage(text, true, 1_000.5),
            close: (code = 1006) => handlers.onClose(code, ""),
            isOpen: true
          }
          this.sockets.push(socket)
          return socket
        }),
        (socket) => Effect.sync(() => (socket.isOpen = false))
      ).pipe(
        Effect.map((socket): Socket.Socket => ({
          send: (text) => {
            const frame: Frame = JSON.parse(text)
            socket.sent.push(frame)
            const answer = this.api(frame)
            if (answer !== undefined) socket.receive({ id: frame.id, ...answer })
          },
          ping: () => {
            handlers.onPong()
            return true
          },
          pause: () => false,
          resume: () => {}
        }))
      )
  })
}

let hosts = 0

export const KEY = "UNITTESTKEY"
export const SECRET = "unit-test-secret-0123456789abcdef"

const given = { apiKey: Redacted.make(KEY), apiSecret: Redacted.make(SECRET) }

export interface Opened {
  readonly account: Trading.Account
  readonly events: Array<PrivateEvent.PrivateEvent>
  readonly stream: () => string
  readonly connection: () => VenueAdapter.ConnectionStatus | undefined
}

/** The account of a market, its stream up. */
export const open = (exchange: Exchange, venue: "binance" | "binance-usdm", options: Options = given) =>
  Effect.gen(function* () {
    const host = `exchange-${++hosts}.test`
    const made = yield* adapter
      .make({
        venue,
        name: "here",
        environment: "mainnet",
        endpoints: {
          rest: `http://${host}`,
          stream: `ws://${host}`,
          ...(venue === "binance" && { api: `ws://${host}` })
        },
        options,
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
      connection: () => SubscriptionRef.getUnsafe(account.connections).get("account")
    }
    return opened
  }).pipe(Random.withSeed(1))

/** The reason that this fails with; `"done"` when it does not. */
export const outcome = <A>(effect: Effect.Effect<A, VenueError.VenueError>) =>
  Effect.match(effect, {
    onSuccess: (value): unknown => value ?? "done",
    onFailure: ({ reason }) => VenueError.describe(reason)
  })
