/**
 * A made-up venue with accounts, on scripted sockets: `{"auth":id}`, `{"subscribe":id}` and `{"order":name,"id":id}` are
 * answered by `{"answer":id,"value":…}` when the test says so, or by itself; `{"event":…}` is an event, `{"over":true}`
 * ends the session, `{"shutdown":true}` announces its end.
 */
import {
  AccountStream,
  ConnectionOptions,
  ConnectionStates,
  DialBudget,
  PrivateSocket,
  type PrivateVenue,
  Socket,
  VenueError
} from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { TestClock } from "effect/testing"

export interface Scripted {
  readonly url: string
  readonly sent: Array<Record<string, unknown>>
  readonly receive: (message: unknown) => void
  readonly close: (code?: number) => void
  isOpen: boolean
}

export class AccountDriver {
  readonly sockets: Array<Scripted> = []
  /** Answers what begins a session by itself. */
  answersBeginning = true
  answersOrders = false
  answersPings = true
  refusals: Array<VenueError.ConnectionFailed> = []

  get last(): Scripted {
    return this.sockets.at(-1)!
  }

  readonly layer: Layer.Layer<Socket.SocketDriver> = Layer.succeed(Socket.SocketDriver, {
    canPause: false,
    open: (url, handlers) =>
      Effect.acquireRelease(
        Effect.suspend(() => {
          const refusal = this.refusals.shift()
          if (refusal !== undefined) return Effect.fail(refusal)
          const socket: Scripted = {
            url,
            sent: [],
            receive: (message) => handlers.onMessage(JSON.stringify(message), true, 1),
            close: (code = 1006) => handlers.onClose(code, ""),
            isOpen: true
          }
          this.sockets.push(socket)
          return Effect.succeed({ socket, handlers })
        }),
        ({ socket }) => Effect.sync(() => (socket.isOpen = false))
      ).pipe(
        Effect.map(({ handlers, socket }): Socket.Socket => ({
          send: (text) => {
            const message = JSON.parse(text)
            socket.sent.push(message)
            const id = message.auth ?? message.subscribe ?? (this.answersOrders ? message.id : undefined)
            if (id !== undefined && (message.order !== undefined || this.answersBeginning)) {
              socket.receive({ answer: id, value: "fine" })
            }
          },
          ping: () => {
            if (this.answersPings) handlers.onPong()
            return true
          },
          pause: () => false,
          resume: () => {}
        }))
      )
  })
}

let hosts = 0

export interface Options {
  readonly connection?: unknown
  readonly messagesPerSecond?: number
  readonly url?: PrivateVenue.PrivateVenue<string>["url"]
  readonly meanwhile?: NonNullable<PrivateVenue.PrivateVenue<string>["meanwhile"]>
  readonly heartbeat?: PrivateVenue.PrivateVenue<string>["heartbeat"]
}

export const open = (driver: AccountDriver, options: Options = {}) =>
  Effect.gen(function* () {
    const states = yield* ConnectionStates.ConnectionStates.make
    const stream = yield* AccountStream.AccountStream.make
    const events: Array<unknown> = []
    const told: Array<string> = []
    const url = `ws://account-${++hosts}.test/private?listenKey=hidden`
    yield* SubscriptionRef.changes(stream.ref).pipe(
      Stream.runForEach((state) =>
        Effect.sync(() => told.push(state._tag === "Up" ? `up ${state.session}` : `down ${state.reason}`))
      ),
      Effect.forkScoped
    )
    const venue: PrivateVenue.PrivateVenue<string> = {
      venue: "reference",
      name: "private",
      options: Schema.decodeUnknownSync(ConnectionOptions.ConnectionOptions)(options.connection ?? {}),
      dials: DialBudget.ofHost(url, { attempts: 100, window: "5 minutes" }),
      heartbeat: options.heartbeat ?? { _tag: "ServerPings", deadAfter: "60 seconds" },
      messagesPerSecond: options.messagesPerSecond ?? 100,
      answerWithin: "5 seconds",
      url: options.url ?? Effect.succeed(url),
      begin: ({ authenticating, request, subscribing }) =>
        Effect.gen(function* () {
          yield* authenticating
          const answer = yield* request({ frame: (id) => JSON.stringify({ auth: id }) })
          if (answer === "later") return yield* new VenueError.RateLimited({ message: "banned", retryAfterMs: 120_000 })
          if (answer === "no") return yield* new VenueError.AuthenticationFailed({ message: "wrong key" })
          yield* subscribing
          yield* request({ frame: (id) => JSON.stringify({ subscribe: id }) })
        }),
      ...(options.meanwhile !== undefined && { meanwhile: options.meanwhile }),
      read: (frame, _receivedTime, sink) => {
        const message = JSON.parse(frame)
        if (message.answer !== undefined) return sink.answer(message.answer, message.value)
        if (message.event !== undefined) return void events.push(message.event)
        if (message.over === true) return sink.over(new VenueError.Stale({ silentForMs: 0, message: "key expired" }))
        if (message.shutdown === true) return sink.shutdownNotice()
        sink.unknown()
      }
    }
    const socket = yield* PrivateSocket.make({ venue, states, stream }).pipe(Effect.provide(driver.layer))
    yield* TestClock.adjust("1 second")
    return {
      socket,
      stream,
      events,
      told,
      state: () => SubscriptionRef.getUnsafe(states.ref).get("private"),
      order: (name: string) =>
        socket.request({
          frame: (id) => JSON.stringify({ order: name, id }),
          patience: "2500 millis",
          unknown: (message) => new VenueError.OutcomeUnknown({ message, clientOrderId: name })
        }),
      read: () => socket.request({ frame: (id) => JSON.stringify({ read: id }) })
    }
  }).pipe(Random.withSeed(1))
