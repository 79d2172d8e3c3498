import { assert, describe, it } from "@effect/vitest"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Scope from "effect/Scope"
import { TestClock } from "effect/testing"
import { PrivateSocket, VenueError } from "@tidewire/core"
import { AccountDriver, open } from "./privateVenue.ts"

describe("PrivateSocket", () => {
  it.effect("S-D4 authenticates, subscribes, and is up; a loss is told before a new session is", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const { events, state, told } = yield* open(driver)
      driver.last.receive({ event: 1 })
      driver.last.close()
      yield* TestClock.adjust("3 seconds")
      driver.last.receive({ event: 2 })
      assert.deepStrictEqual(
        [driver.sockets.map(({ isOpen, sent }) => [isOpen, sent]), events, told, state()?.state, state()?.reconnects],
        [
          [
            [false, [{ auth: 1 }, { subscribe: 2 }]],
            [true, [{ auth: 3 }, { subscribe: 4 }]]
          ],
          [1, 2],
          ["down undefined", "up 1", "down ConnectionLost: closed with 1006", "up 2"],
          "Active",
          1
        ]
      )
    })
  )

  it.effect("answers come to whom they belong, in any order", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const { order, socket } = yield* open(driver)
      const first = yield* Effect.forkChild(order("first"))
      const second = yield* Effect.forkChild(order("second"))
      yield* TestClock.adjust(1)
      driver.last.receive({ answer: 4, value: "of second" })
      driver.last.receive({ answer: 3, value: "of first" })
      driver.last.receive({ answer: 77, value: "of nobody" })
      assert.deepStrictEqual(
        [yield* Fiber.join(first), yield* Fiber.join(second), socket.counts().unknown],
        ["of first", "of second", 1]
      )
    })
  )

  it.effect("what was sent and not answered is unknown: after the deadline, and when the socket is lost", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const { order, read } = yield* open(driver)
      const late = yield* Effect.forkChild(Effect.flip(order("late")))
      yield* TestClock.adjust("5 seconds")
      const lost = yield* Effect.forkChild(Effect.flip(order("lost")))
      const lostRead = yield* Effect.forkChild(Effect.flip(read()))
      yield* TestClock.adjust(1)
      driver.last.close()
      assert.deepStrictEqual(
        [yield* Fiber.join(late), yield* Fiber.join(lost), (yield* Fiber.join(lostRead))._tag],
        [
          new VenueError.OutcomeUnknown({ message: "no answer within 5s", clientOrderId: "late" }),
          new VenueError.OutcomeUnknown({ message: "ConnectionLost: closed with 1006", clientOrderId: "lost" }),
          "ConnectionLost"
        ]
      )
    })
  )

  it.effect("what cannot be sent fails at once and has certainly not been sent", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const { order } = yield* open(driver)
      const [socket] = driver.sockets
      socket!.close()
      const error = yield* Effect.flip(order("a"))
      assert.deepStrictEqual(
        [error, socket!.sent.length],
        [new VenueError.ConnectionFailed({ message: "private is not connected" }), 2]
      )
    })
  )

  it.effect("a request that waited for its turn while the socket was lost is not sent on it", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const { order } = yield* open(driver, { messagesPerSecond: 2 })
      const [socket] = driver.sockets
      // the session's own two messages fill the first second
      for (const name of ["a", "b"]) yield* Effect.forkChild(Effect.flip(order(name)))
      const waiting = yield* Effect.forkChild(Effect.flip(order("c")))
      yield* TestClock.adjust(1)
      const sent = socket!.sent.length
      socket!.close()
      yield* TestClock.adjust("2 seconds")
      assert.deepStrictEqual([sent, (yield* Fiber.join(waiting))._tag, socket!.sent.length], [4, "ConnectionFailed", 4])
    })
  )

  it.effect("a request that finds no turn within its patience has certainly not been sent", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      driver.answersOrders = true
      const { order } = yield* open(driver, { messagesPerSecond: 2 })
      yield* TestClock.adjust("3 seconds")
      const orders = yield* Effect.forEach(["a", "b", "c", "d", "e", "f", "g", "h"], (name) =>
        Effect.forkChild(Effect.match(order(name), { onSuccess: () => "sent", onFailure: ({ _tag }) => _tag }))
      )
      yield* TestClock.adjust("10 seconds")
      const outcomes = yield* Effect.forEach(orders, Fiber.join)
      const sent = driver.last.sent.filter((each) => "order" in each).length
      assert.deepStrictEqual(
        [outcomes, sent],
        [["sent", "sent", "sent", "sent", "sent", "sent", "RateLimited", "RateLimited"], 6]
      )
    })
  )

  it.effect("S-D4 a rotation is seamless: no new session of the stream, and what was asked before it is answered", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const { events, order, socket, state, told } = yield* open(driver)
      const [old] = driver.sockets
      const asked = yield* Effect.forkChild(order("slow"))
      yield* TestClock.adjust(1)
      assert.isTrue(socket.rotate("an operator asked"))
      yield* TestClock.adjust(100)
      const both = driver.sockets.map(({ isOpen }) => isOpen)
      old!.receive({ event: "on the old" })
      yield* TestClock.adjust("1 second")
      const meanwhile = yield* Effect.forkChild(order("new"))
      yield* TestClock.adjust(1)
      old!.receive({ answer: 3, value: "after all" })
      yield* TestClock.adjust(1)
      driver.last.receive({ answer: 6, value: "here" })
      assert.deepStrictEqual(
        [
          both,
          events,
          yield* Fiber.join(asked),
          yield* Fiber.join(meanwhile),
          driver.sockets.map((each) => each.isOpen)
        ],
        [[true, true], ["on the old"], "after all", "here", [false, true]]
      )
      assert.deepStrictEqual([told, state()?.state, state()?.rotations], [["down undefined", "up 1"], "Active", 1])
    })
  )

  it.effect("the venue's notice of a shutdown rotates, its word that a session is of no use begins another", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const { told } = yield* open(driver)
      driver.last.receive({ shutdown: true })
      yield* TestClock.adjust("2 seconds")
      const after = [driver.sockets.length, told.length]
      driver.last.receive({ over: true })
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(
        [after, told.slice(2)],
        [
          [2, 2],
          ["down Stale: key expired", "up 2"]
        ]
      )
    })
  )

  it.effect("each session dials where it is told to, and ends when what must be done meanwhile fails", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      let keys = 0
      const { told } = yield* open(driver, {
        url: Effect.sync(() => `ws://account.test/?key=${++keys}`),
        meanwhile: Effect.andThen(
          Effect.sleep("25 minutes"),
          Effect.fail(new VenueError.Stale({ silentForMs: 0, message: "the key is gone" }))
        )
      })
      const keepsAlive = Effect.sync(() => driver.last.receive({ nothing: true })).pipe(
        Effect.andThen(Effect.sleep("10 seconds")),
        Effect.forever
      )
      yield* Effect.forkScoped(keepsAlive)
      yield* TestClock.adjust("25 minutes")
      yield* TestClock.adjust("3 seconds")
      assert.deepStrictEqual(
        [driver.sockets.map(({ url }) => url), told.slice(2)],
        [
          ["ws://account.test/?key=1", "ws://account.test/?key=2"],
          ["down Stale: the key is gone", "up 2"]
        ]
      )
    })
  )

  it.effect("a key that is refused is not tried again and again: the circuit opens at once", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      driver.answersBeginning = false
      const { state, stream } = yield* open(driver)
      const authenticating = state()?.state
      driver.last.receive({ answer: 1, value: "no" })
      yield* TestClock.adjust("50 seconds")
      assert.deepStrictEqual(
        [authenticating, driver.sockets.length, state()?.state, state()?.reason, stream.isUp],
        ["Authenticating", 1, "Failed", "AuthenticationFailed: wrong key", false]
      )
      yield* TestClock.adjust("12 seconds")
      assert.strictEqual(driver.sockets.length, 2)
    })
  )

  it.effect("a venue that wants to be left alone is not dialled meanwhile", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      driver.answersBeginning = false
      yield* open(driver)
      driver.last.receive({ answer: 1, value: "later" })
      driver.answersBeginning = true
      yield* TestClock.adjust("119 seconds")
      const before = driver.sockets.length
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual([before, driver.sockets.length], [1, 2])
    })
  )

  it.effect("what is secret in its URL is in no state", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const url = `ws://account.test/private/${"hidden".repeat(8)}?listenKey=hidden`
      driver.refusals = Array.from({ length: 9 }, () => new VenueError.ConnectionFailed({ message: `no: ${url}` }))
      const { state } = yield* open(driver, { url: Effect.succeed(url), connection: { reconnect: { attempts: 1 } } })
      yield* TestClock.adjust("10 seconds")
      const text = JSON.stringify(state())
      assert.isFalse(text.includes("hidden"), text)
      assert.include(text, "ws://account.test/private/…?listenKey=…")
    })
  )

  it.effect("pings are frames where the venue wants them; a socket that goes silent is replaced", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const { told } = yield* open(driver, {
        heartbeat: {
          _tag: "ClientPings",
          every: "20 seconds",
          frame: (id) => JSON.stringify({ ping: id }),
          deadAfter: "40 seconds"
        }
      })
      yield* TestClock.adjust("30 seconds")
      const pings = driver.last.sent.filter((each) => "ping" in each).length
      const before = [...told]
      driver.answersPings = false
      yield* TestClock.adjust("15 seconds")
      assert.deepStrictEqual(
        [pings, before, told.slice(2).map((each) => each.slice(0, 11)), driver.sockets.length],
        [2, ["down undefined", "up 1"], ["down Stale:", "up 2"], 2]
      )
    })
  )

  it.effect("a frame that cannot be read begins a session anew, however many there are at once", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const { socket, told } = yield* open(driver)
      for (let each = 0; each < 100; each++) driver.last.receive(null)
      yield* TestClock.adjust("15 seconds")
      assert.deepStrictEqual(
        [told, driver.sockets.length, socket.counts().malformed],
        [["down undefined", "up 1", "up 2"], 1, 100]
      )
    })
  )

  it.effect("a stop waits for what was asked, and sends nothing more", () =>
    Effect.gen(function* () {
      const driver = new AccountDriver()
      const scope = yield* Scope.make()
      const { order, stream } = yield* Scope.provide(open(driver), scope)
      const asked = yield* Effect.forkChild(order("last"))
      yield* TestClock.adjust(1)
      const closed = yield* Deferred.make<void>()
      yield* Effect.forkChild(Effect.andThen(Scope.close(scope, Exit.void), Deferred.succeed(closed, undefined)))
      yield* TestClock.adjust(1)
      const refused = yield* Effect.flip(order("too late"))
      driver.last.receive({ answer: 3, value: "done" })
      yield* Deferred.await(closed)
      assert.deepStrictEqual(
        [yield* Fiber.join(asked), refused._tag, driver.last.isOpen, stream.isUp, driver.last.sent.length],
        ["done", "ConnectionFailed", false, false, 3]
      )
    })
  )

  it.effect("a rehearsal makes the frame, sends it nowhere, and leaves the messages of the socket alone", () =>
    Effect.gen(function* () {
      const socket = PrivateSocket.rehearsal<string>({ messagesPerSecond: 1, answerWithin: "5 seconds" })
      const frames: Array<number> = []
      const frame = (id: number) => (frames.push(id), "")
      const rehearsed = yield* Effect.forEach([1, 2, 3], () => Effect.forkChild(socket.request({ frame })))
      yield* TestClock.adjust("1 second")
      const waiting = rehearsed.map((each) => each.pollUnsafe())
      yield* Fiber.interruptAll(rehearsed)
      assert.deepStrictEqual(
        [frames, waiting],
        [
          [1, 2, 3],
          [undefined, undefined, undefined]
        ]
      )
    })
  )
})
