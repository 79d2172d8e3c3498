/** What the doctor makes of venues and accounts that the simulator does not play. */
import * as net from "node:net"
import * as tls from "node:tls"
import { assert, describe, it } from "@effect/vitest"
import type { Checkup, Event, Subscription, Trading, VenueAdapter } from "@tidewire/core"
import { VenueError } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { TestClock } from "effect/testing"
import * as certificate from "../../../../packages/core/test/certificate.ts"
import * as Account from "../../src/doctor/account.ts"
import { Checks, median, type Verdicts } from "../../src/doctor/Checks.ts"
import * as Connections from "../../src/doctor/connections.ts"
import * as Endpoints from "../../src/doctor/endpoints.ts"
import type { Verdict } from "../../src/doctor/Finding.ts"
import * as Rest from "../../src/doctor/rest.ts"
import * as Streams from "../../src/doctor/streams.ts"

const DAY_MS = 86_400_000

const short = (verdicts: ReadonlyArray<Verdict>) => verdicts.map(({ found, level }) => `${level}: ${found}`)

const silent = { begun: () => {}, ended: () => {} }

const checkup = (more: Partial<Checkup.Checkup> = {}): Checkup.Checkup => ({
  endpoints: [],
  serverTime: (sending) => Effect.andThen(Effect.sync(sending), Clock.currentTimeMillis),
  stamps: { aheadMs: 1_000, behindMs: 5_000 },
  budget: Effect.succeed({ used: 1, usable: 100, waiting: 0, restingUntilMs: undefined }),
  limits: { dials: { attempts: 10, window: "5 minutes" }, connections: 20 },
  ...more
})

describe("a check", () => {
  it.effect("that hangs is given up in its time and says so, one that breaks says why", () =>
    Effect.gen(function* () {
      const checks = new Checks(silent)
      const ask = (make: Verdicts) => checks.make({ check: "x", subject: "reef", make })
      const hanging = yield* Effect.forkChild(ask(Effect.never))
      yield* TestClock.adjust("15 seconds")
      const [late] = yield* Fiber.join(hanging)
      const [broken] = yield* ask(Effect.die(new Error("no such thing")))
      assert.deepStrictEqual(short([late!, broken!]), [
        "unknown: not found out within 15s",
        "unknown: the check itself failed: no such thing"
      ])
    })
  )

  it("takes the middle of what was measured", () => {
    assert.deepStrictEqual([median([5, 1, 9]), median([4, 1, 2, 9])], [5, 3])
  })
})

describe("the venue's clock and limits", () => {
  for (const [aheadMs, level] of [
    [1_200, "ok"],
    [-300, "warning"],
    [1_300, "warning"],
    [-1_001, "problem"],
    [5_001, "problem"]
  ] as const) {
    it.effect(`${aheadMs} ms ahead of ours: ${level}, by what stamps may be off that way`, () =>
      Effect.gen(function* () {
        const serverTime: Checkup.Checkup["serverTime"] = (sending) =>
          Effect.andThen(
            Effect.sync(sending),
            Effect.map(Clock.currentTimeMillis, (now) => now + aheadMs)
          )
        const { clock } = yield* Rest.look(checkup({ serverTime }), undefined)
        assert.deepStrictEqual(
          clock.map((each) => each.level),
          [level]
        )
      })
    )
  }

  it.effect("a budget that others use up is a warning, connections beyond the venue's limit are a problem", () =>
    Effect.gen(function* () {
      const budget = Effect.succeed({ used: 81, usable: 100, waiting: 0, restingUntilMs: undefined })
      const { budget: said } = yield* Rest.look(checkup({ budget }), undefined)
      const with_ = (count: number): VenueAdapter.VenueAdapter =>
        ({
          checkup: checkup(),
          plan: () => ({ notes: [], connections: Array(count).fill({ subscriptions: [] }) })
        }) as never
      assert.deepStrictEqual(
        [said, ...[5, 6, 21].map((count) => Connections.look(with_(count), []))].map(([each]) => each?.level),
        ["warning", "ok", "warning", "problem"]
      )
    })
  )
})

/** A venue that subscribes and says nothing, or says what `says` gives. */
const venue = (says: ReadonlyArray<Event.Event>): VenueAdapter.VenueAdapter =>
  ({
    plan: (subscriptions: ReadonlyArray<Subscription.Subscription>) => ({
      notes: [],
      connections: subscriptions.length === 0 ? [] : [{ name: "BTCUSDT", url: "wss://reef.example/x", subscriptions }]
    }),
    open: (_: unknown, emit: (event: Event.Event) => void) => Effect.sync(() => says.forEach(emit))
  }) as never

const stamps = { venue: "reef", receivedTime: 1 }
const active: Event.Connection = { type: "connection", ...stamps, connection: "BTCUSDT", state: "Active", attempt: 0 }
const trade: Event.Trade = {
  type: "trade",
  ...stamps,
  symbol: "BTCUSDT",
  id: "1",
  price: 1,
  size: 1,
  side: "buy",
  origin: "stream"
}

describe("a stream", () => {
  const subscription = { symbol: "BTCUSDT", channel: "trades" } as const
  const look = (says: ReadonlyArray<Event.Event>) =>
    Effect.gen(function* () {
      const looking = yield* Effect.forkChild(Streams.look(venue(says), [subscription], undefined))
      yield* TestClock.adjust("12 seconds")
      return short(yield* Fiber.join(looking))
    })

  it.effect("is well with its first event, doubtful when it says nothing, a problem when it is not subscribed", () =>
    Effect.gen(function* () {
      const what = "wss://reef.example/x (BTCUSDT trades)"
      const lost: Event.Connection = {
        ...active,
        state: "Reconnecting",
        attempt: 1,
        reason: "ConnectionFailed: no route"
      }
      // of another symbol, and of another channel
      const others: ReadonlyArray<Event.Event> = [
        { ...trade, symbol: "ETHUSDT" },
        { type: "mark", ...stamps, symbol: "BTCUSDT", mark: 1 }
      ]
      assert.deepStrictEqual(
        [yield* look([active, trade]), yield* look([active, ...others]), yield* look([lost])].flat(),
        [
          `ok: ${what}: subscribed after 0.0 ms, first event after 0.0 ms`,
          `warning: ${what}: subscribed after 0.0 ms, and no event within 12s`,
          `problem: ${what}: not subscribed within 12s (Reconnecting): ConnectionFailed: no route`
        ]
      )
    })
  )
})

const account = (more: Partial<Trading.Account>): Trading.Trading =>
  ({
    capabilities: { positions: more.positionMode !== undefined },
    open: () =>
      Effect.gen(function* () {
        const stream = yield* SubscriptionRef.make<Trading.StreamState>({ _tag: "Up", session: 1 })
        const connections = yield* SubscriptionRef.make(new Map())
        return { stream, connections, balances: Effect.succeed([]), positions: Effect.succeed([]), ...more }
      })
  }) as never

describe("a key", () => {
  const look = (more: Partial<Trading.Account>, isTraded = true) =>
    Effect.map(Account.look(account(more), undefined, isTraded), (verdicts) => short(verdicts).slice(2))

  it.effect("that may withdraw, works from everywhere and ends soon: a warning for each", () =>
    Effect.gen(function* () {
      const rights = Effect.succeed({ trade: true, withdraw: true, addresses: [], expiresAt: 3 * DAY_MS })
      assert.deepStrictEqual(yield* look({ rights }), [
        "ok: the key may trade",
        "warning: the key may withdraw",
        "warning: the key works from every address",
        "warning: the key ends on 1970-01-04, in 3 days"
      ])
    })
  )

  it.effect("that is as it should be: nothing but ok; one that has ended: a problem", () =>
    Effect.gen(function* () {
      yield* TestClock.adjust("10 days")
      const rights = { trade: true, withdraw: false, addresses: ["203.0.113.7"] }
      assert.deepStrictEqual(yield* look({ rights: Effect.succeed({ ...rights, expiresAt: 400 * DAY_MS }) }), [
        "ok: the key may trade",
        "ok: the key may not withdraw",
        "ok: the key works from 203.0.113.7 only",
        "ok: the key ends on 1971-02-05"
      ])
      const ended = yield* look({ rights: Effect.succeed({ expiresAt: 5 * DAY_MS, withdraw: false }) })
      assert.include(ended, "problem: the key ends on 1970-01-06")
    })
  )

  it.effect("that may not trade, and an account in hedge mode: problems where there is an engine, else none", () =>
    Effect.gen(function* () {
      const more = {
        rights: Effect.succeed({ trade: false, withdraw: false }),
        positionMode: Effect.succeed("hedge" as const)
      }
      const levels = (said: ReadonlyArray<string>) => said.map((each) => each.split(":")[0])
      assert.deepStrictEqual(
        [levels(yield* look(more)), levels(yield* look(more, false))],
        [
          ["problem", "problem", "ok"],
          ["warning", "ok", "ok"]
        ]
      )
    })
  )

  it.effect("that is refused says so, and what to look at", () =>
    Effect.gen(function* () {
      const reason = new VenueError.AuthenticationFailed({ message: "-2015 Invalid API-key" })
      const balances = Effect.fail(new VenueError.VenueError({ venue: "reef", operation: "GET /account", reason }))
      const [verdict, ...others] = yield* Account.look(account({ balances }), undefined, true)
      assert.deepStrictEqual(
        [others, verdict?.level, verdict?.found],
        [[], "problem", "GET /account: AuthenticationFailed: -2015 Invalid API-key"]
      )
      assert.match(verdict?.advice ?? "", /of this environment/)
    })
  )
})

/** Listens on loopback while the test lasts. */
const listening = <S extends net.Server>(server: S): Effect.Effect<number, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(() => new Promise<S>((resolve) => void server.listen(0, "127.0.0.1", () => resolve(server)))),
    (each) => Effect.promise(() => new Promise((resolve) => void each.close(resolve)))
  ).pipe(Effect.map((each) => (each.address() as net.AddressInfo).port))

describe("the way to a host", () => {
  it.live("that speaks no TLS, or whose certificate nobody signed, is a problem", () =>
    Effect.gen(function* () {
      const plain = yield* listening(
        net.createServer((socket) =>
          socket
            .on("error", () => {})
            .resume()
            .end("hello\r\n")
        )
      )
      const own = yield* listening(tls.createServer(certificate))
      const verdicts = [
        ...(yield* Endpoints.endpoint("rest", `https://user:secret@127.0.0.1:${plain}/api`)),
        ...(yield* Endpoints.endpoint("stream", `wss://localhost:${own}`))
      ]
      const [first = "", second = ""] = short(verdicts)
      assert.match(first, /^problem: rest https:\/\/127\.0\.0\.1:\d+\/api: .* connects in .*, but TLS fails \(\w+\)$/)
      assert.match(second, /^problem: stream wss:\/\/localhost:\d+: .*, but TLS fails \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/)
    })
  )

  it.live("whose certificate is good is well, until the day that is told", () =>
    Effect.gen(function* () {
      const port = yield* listening(tls.createServer(certificate))
      const before = tls.getCACertificates("default")
      const found = yield* Effect.acquireUseRelease(
        Effect.sync(() => tls.setDefaultCACertificates([certificate.cert])),
        () => Endpoints.endpoint("stream", `wss://localhost:${port}`),
        () => Effect.sync(() => tls.setDefaultCACertificates(before))
      )
      const [said = ""] = short(found)
      assert.match(said, /^ok: stream wss:\/\/localhost:\d+: .*, certificate until \d{4}-\d\d-\d\d$/)
    })
  )
})
