import { assert, describe, it } from "@effect/vitest"
import type { HttpEntry } from "../../src/configuration/HttpEntry.ts"
import * as Guard from "../../src/http/Guard.ts"
import { isLoopback } from "../../src/http/loopback.ts"
import { RequestRate } from "../../src/http/RequestRate.ts"

const TOKEN = "0123456789abcdef"

const entry: HttpEntry = {
  host: "127.0.0.1",
  port: 8_080,
  whenTaken: "fail",
  origins: ["https://ops.example.com"],
  clients: 100,
  requestsPerSecond: 100,
  recent: { perSeries: 1, total: 1 }
}

const binds = { local: "127.0.0.1", open: "0.0.0.0" } as const

const tokens = {
  none: {},
  wrong: { authorization: "Bearer 0123456789abcdeg" },
  right: { authorization: `Bearer ${TOKEN}` }
} as const

const origins = {
  none: undefined,
  same: "http://127.0.0.1:8080",
  loopback: "http://localhost:5173",
  allowed: "https://ops.example.com",
  foreign: "https://evil.example.com",
  opaque: "null"
} as const

const routes = {
  health: { method: "GET", url: "/health/ready?x=1", isUpgrade: false },
  page: { method: "GET", url: "/ui/assets/a.js", isUpgrade: false },
  read: { method: "GET", url: "/api/status", isUpgrade: false },
  socket: { method: "GET", url: "/api/ws", isUpgrade: true },
  change: { method: "POST", url: "/api/engine/kill", isUpgrade: false }
} as const

type Case = readonly [keyof typeof routes, keyof typeof binds, keyof typeof origins, keyof typeof tokens, string]

const answer = (guard: Guard.Guard, asked: Guard.Asked): string => guard.check(asked)?.error.tag ?? "in"

/** What is decided for every combination, by the rules as an operator would say them. */
const expected = (
  route: keyof typeof routes,
  bind: keyof typeof binds,
  origin: keyof typeof origins,
  token: keyof typeof tokens
): string => {
  const isGuarded = route === "change" || route === "socket"
  const isTrusted =
    origin === "none" || origin === "same" || origin === "allowed" || (origin === "loopback" && bind === "local")
  if (isGuarded && !isTrusted) return "Forbidden"
  const isOpen = route === "health" || route === "page" || (bind === "local" && route !== "change")
  return isOpen || token === "right" ? "in" : "Unauthorized"
}

describe("the door of the API", () => {
  it("lets in by route, address, origin and token, and nothing else", () => {
    const cases: Array<Case> = []
    for (const route of Object.keys(routes) as Array<keyof typeof routes>)
      for (const bind of Object.keys(binds) as Array<keyof typeof binds>)
        for (const origin of Object.keys(origins) as Array<keyof typeof origins>)
          for (const token of Object.keys(tokens) as Array<keyof typeof tokens>) {
            const guard = Guard.make({ ...entry, host: binds[bind], token: TOKEN })
            const headers = { host: "127.0.0.1:8080", origin: origins[origin], ...tokens[token] }
            cases.push([route, bind, origin, token, answer(guard, { ...routes[route], headers })])
          }
    assert.strictEqual(cases.length, 180)
    assert.deepStrictEqual(
      cases,
      cases.map(([route, bind, origin, token]): Case => [
        route,
        bind,
        origin,
        token,
        expected(route, bind, origin, token)
      ])
    )
  })

  it("changes nothing where no token is configured, and says how to configure one", () => {
    const refusal = Guard.make(entry).check({ ...routes.change, headers: { host: "localhost:8080", ...tokens.right } })
    assert.strictEqual(refusal?.error.tag, "NoToken")
    assert.include(refusal?.error.message, "http.token")
  })

  it("is no use to a page whose name was bound to this machine", () => {
    const guard = Guard.make({ ...entry, token: TOKEN })
    const asked = (host: string | undefined) => answer(guard, { ...routes.read, headers: { host } })
    assert.deepStrictEqual(
      [
        asked("127.0.0.1:8080"),
        asked("LOCALHOST"),
        asked("[::1]:8080"),
        asked("ops.example.com"),
        asked("evil.example.com"),
        asked("127.0.0.1.evil.example.com"),
        asked(undefined),
        asked("a b")
      ],
      ["in", "in", "in", "in", "Forbidden", "Forbidden", "Forbidden", "Forbidden"]
    )
  })

  it("takes what a proxy passes on as from outside, on whatever address it is bound", () => {
    const guard = Guard.make({ ...entry, token: TOKEN })
    const headers = { host: "ops.example.com", "x-forwarded-for": "203.0.113.5" }
    assert.deepStrictEqual(
      [
        answer(guard, { ...routes.read, headers }),
        answer(guard, { ...routes.read, headers: { ...headers, ...tokens.right } }),
        answer(guard, { ...routes.health, headers })
      ],
      ["Unauthorized", "in", "in"]
    )
  })

  it("takes the token of a WebSocket from its subprotocol, and never from the URL", () => {
    const guard = Guard.make({ ...entry, host: "0.0.0.0", token: TOKEN })
    const headers = { host: "a", "sec-websocket-protocol": `tidewire, tidewire.bearer.${TOKEN}` }
    assert.deepStrictEqual(
      [
        answer(guard, { ...routes.socket, headers }),
        answer(guard, { ...routes.read, headers }),
        answer(guard, { ...routes.read, url: `/api/status?token=${TOKEN}`, headers: { host: "a" } })
      ],
      ["in", "Unauthorized", "Unauthorized"]
    )
  })

  it("takes no URL that is longer than 8 KiB, and paths that only look like health's are none", () => {
    const guard = Guard.make({ ...entry, host: "0.0.0.0", token: TOKEN })
    const asked = (url: string) => answer(guard, { ...routes.read, url, headers: { host: "a" } })
    assert.deepStrictEqual(
      [asked(`/health?${"x".repeat(8_184)}`), asked(`/health?${"x".repeat(8_185)}`), asked("/healthy"), asked("/uix")],
      ["in", "UrlTooLong", "Unauthorized", "Unauthorized"]
    )
  })

  it("knows which addresses are of this machine alone", () => {
    const local = ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost", "LocalHost", "a.localhost"]
    const open = [
      "0.0.0.0",
      "::",
      "10.0.0.1",
      "128.0.0.1",
      "localhost.example.com",
      "1270.0.0.1",
      "",
      "::ffff:10.0.0.1"
    ]
    assert.deepStrictEqual([local.filter((each) => !isLoopback(each)), open.filter(isLoopback)], [[], []])
  })
})

describe("the rate of requests", () => {
  it("lets each address have its burst and then its rate, and says when to come again", () => {
    let now = 0
    const rate = new RequestRate(2, () => now)
    const taken = [1, 2, 3, 4, 5].map(() => rate.take("a"))
    const other = rate.take("b")
    now += 500
    const later = [rate.take("a"), rate.take("a")]
    assert.deepStrictEqual(
      [taken, other, later],
      [[undefined, undefined, undefined, undefined, 1], undefined, [undefined, 1]]
    )
  })

  it("remembers so many addresses and no more", () => {
    const rate = new RequestRate(1, () => 0)
    rate.take("first")
    rate.take("first")
    assert.strictEqual(rate.take("first"), 1)
    for (let index = 0; index < 10_000; index++) rate.take(String(index))
    assert.isUndefined(rate.take("first"))
  })
})
