import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { defineConfig } from "@tidewire/runner"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { BadConfiguration, format } from "../src/configuration/Problem.ts"
import * as Deployment from "../src/venues/Deployment.ts"
import { fakeVenue, fixtures } from "./tidewire.ts"

const environment = {
  FAKE_API_KEY: "a long enough key",
  SHORT_KEY: "hush",
  PROXY: "http://me:hush@proxy:8080",
  HOME: "/"
}

/** The problems of a configuration, as they are printed. */
const problemsOf = (value: unknown) =>
  Deployment.make({ source: "test", folder: fixtures, value }, environment).pipe(
    Effect.as([] as ReadonlyArray<string>),
    Effect.catchTag("BadConfiguration", ({ problems }) => Effect.succeed(problems.map(format)))
  )

const venue = (over: Readonly<Record<string, unknown>>) => ({ venues: [fakeVenue(over)] })
const channels = (...names: ReadonlyArray<string>) =>
  venue({ subscriptions: [{ symbols: ["BTCUSDT"], channels: names }] })

const spellings = "trades, quotes, book, book:<depth>, bars:<interval>, ticker, mark or liquidations"
const proxies = 'expected http://host:port, https://…, socks5://…, socks5h://… or socks4://…, or { "env": "NAME" }'
const intervals =
  "bars:1s, bars:1m, bars:3m, bars:5m, bars:15m, bars:30m, bars:1h, bars:2h, bars:4h, bars:6h, bars:8h, bars:12h, bars:1d, bars:3d, bars:1w or bars:1M"

const cases: ReadonlyArray<readonly [title: string, value: unknown, problems: ReadonlyArray<string>]> = [
  ["nothing wrong", venue({}), []],
  ["not an object", 7, ["7 is not right here; expected object"]],
  ["no venues", { venues: [] }, ["venues[0]: is missing"]],
  [
    "an unknown key at the top",
    { ...venue({}), engin: {} },
    ["engin: unknown key (did you mean engine?); expected venues, engine, http, store, metrics or alerts"]
  ],
  [
    "an unknown key deep inside",
    venue({ connection: { reconnect: { bas: "1 second" } } }),
    [
      "venues[0].connection.reconnect.bas: unknown key (did you mean base?); expected base, max, attempts, stableAfter or coolDown"
    ]
  ],
  [
    "a missing key",
    { venues: [{ adapter: "./fake-adapter", venue: "fake" }] },
    ["venues[0].subscriptions: is missing"]
  ],
  [
    "an unknown venue",
    venue({ venue: "fkae" }),
    ['venues[0].venue: "fkae" is not known here (did you mean fake?); fake-adapter serves fake or fake-two']
  ],
  [
    "an unknown environment",
    venue({ environment: "tesnet" }),
    ['venues[0].environment: "tesnet" is not known here (did you mean testnet?); it has mainnet or testnet']
  ],
  [
    "an unknown endpoint",
    venue({ endpoints: { steam: "ws://x" } }),
    ["venues[0].endpoints.steam: unknown key (did you mean stream?); expected stream"]
  ],
  [
    "an unknown option",
    venue({ options: { evry: 1 } }),
    [
      "venues[0].options.evry: unknown key (did you mean every?); expected every, batch, padding, trades, fails, packs, hangs, state, dials or apiKey"
    ]
  ],
  [
    "an option of another type",
    venue({ options: { every: "1" } }),
    ['venues[0].options.every: "1" is not right here; expected number']
  ],
  [
    "a misspelt channel",
    channels("tredes"),
    [`venues[0].subscriptions[0].channels[0]: "tredes" is no channel (did you mean trades?); expected ${spellings}`]
  ],
  [
    "a channel the venue has not",
    channels("mark"),
    [
      'venues[0].subscriptions[0].channels[0]: "mark": this venue has no channel mark; expected trades, quotes, book or bars'
    ]
  ],
  [
    "an interval that is none",
    channels("trades", "bars:7m"),
    [
      `venues[0].subscriptions[0].channels[1]: "bars:7m" is no channel (did you mean bars:1m or bars:1M or bars:3m?); expected ${intervals}`
    ]
  ],
  [
    "an interval the venue has not",
    channels("bars:1h"),
    [
      'venues[0].subscriptions[0].channels[0]: "bars:1h": this venue has no interval 1h (did you mean bars:1m or bars:5m?); expected bars:1m or bars:5m'
    ]
  ],
  [
    "a depth the venue has not",
    channels("book:21"),
    [
      'venues[0].subscriptions[0].channels[0]: "book:21": this venue has no depth 21 (did you mean book:20 or book:5?); expected book, book:5 or book:20'
    ]
  ],
  [
    "two symbols in one",
    venue({ subscriptions: [{ symbols: ["BTCUSDT,ETHUSDT"], channels: ["trades"] }] }),
    [
      'venues[0].subscriptions[0].symbols[0]: "BTCUSDT,ETHUSDT" is no symbol; expected one symbol or a pattern such as "*USDT"'
    ]
  ],
  [
    "a symbol twice, in another case",
    venue({ subscriptions: [{ symbols: ["BTCUSDT", "btcusdt"], channels: ["trades"] }] }),
    [
      'venues[0].subscriptions[0].symbols[1]: "trades" of BTCUSDT is asked for twice; first at venues[0].subscriptions[0].symbols[0]'
    ]
  ],
  [
    "a channel twice",
    channels("trades", "trades"),
    [
      'venues[0].subscriptions[0].channels[1]: "trades" of BTCUSDT is asked for twice; first at venues[0].subscriptions[0].channels[0]'
    ]
  ],
  [
    "two books of one symbol",
    channels("book", "book:20"),
    [
      'venues[0].subscriptions[0].channels[1]: "book:20" of BTCUSDT contradicts "book" at venues[0].subscriptions[0].channels[0]; a symbol has one book'
    ]
  ],
  [
    "two venues of one name",
    { venues: [fakeVenue(), fakeVenue({ venue: "fake-two", name: "fake" })] },
    ['venues[1].name: "fake" is the name of venues[0] too; expected a name of its own']
  ],
  [
    "a venue twice, without names",
    { venues: [fakeVenue(), fakeVenue()] },
    ['venues[1].name: "fake" is the name of venues[0] too; expected a name of its own']
  ],
  [
    "a misspelt policy",
    venue({ queue: { overflow: { trades: "drop-old" } } }),
    [
      'venues[0].queue.overflow.trades: "drop-old" is not right here; expected "drop-oldest" | "drop-newest" | "conflate" | "block"'
    ]
  ],
  [
    "a policy of no channel",
    venue({ queue: { overflow: { trade: "block" } } }),
    [
      "venues[0].queue.overflow.trade: unknown key (did you mean trades?); expected trades, quotes, book, bars, ticker, mark or liquidations"
    ]
  ],
  [
    "block on a shared connection",
    venue({ connection: { isolation: "shared" }, queue: { overflow: { trades: "block" } } }),
    [
      'venues[0].queue.overflow.trades: "block" would stop every symbol of a shared connection; expected isolation "symbol" or another policy'
    ]
  ],
  [
    "block for a channel nobody asks for",
    venue({ connection: { isolation: "shared" }, queue: { overflow: { quotes: "block" } } }),
    []
  ],
  [
    "a duration that is none",
    venue({ connection: { reconnect: { base: "1 secnd", attempts: 0 } } }),
    [
      "venues[0].connection.reconnect.attempts: 0 is not right here; expected a value greater than 0",
      'venues[0].connection.reconnect.base: "1 secnd" is not right here; expected a duration such as "30 seconds", "500ms" or "10m"'
    ]
  ],
  [
    "a secret that is not set",
    venue({ options: { apiKey: { env: "FAKE_API_KY" }, every: true } }),
    [
      "venues[0].options.apiKey: the environment variable FAKE_API_KY is not set (did you mean FAKE_API_KEY?)",
      "venues[0].options.every: true is not right here; expected number"
    ]
  ],
  ["a secret that is set", venue({ options: { apiKey: { env: "FAKE_API_KEY" } } }), []],
  [
    "a secret that is refused, without repeating it",
    venue({ options: { apiKey: { env: "SHORT_KEY" } } }),
    ["venues[0].options.apiKey: the value from the environment is not what is expected here"]
  ],
  ["a proxy", venue({ proxy: "socks5://127.0.0.1:1080" }), []],
  ["a proxy from the environment, with its secret", venue({ proxy: { env: "PROXY" } }), []],
  [
    "a proxy with a secret in the file, without repeating it",
    venue({ proxy: "http://me:hush@proxy:8080" }),
    [
      'venues[0].proxy: names a user or a password, which come from the environment only; expected { "env": "NAME" } and the whole URL in that variable'
    ]
  ],
  [
    "a proxy of another kind",
    venue({ proxy: "ftp://proxy" }),
    [`venues[0].proxy: "ftp://proxy" is no proxy; ${proxies}`]
  ],
  [
    "a proxy with a path",
    venue({ proxy: "http://proxy/x" }),
    [`venues[0].proxy: "http://proxy/x" is no proxy; ${proxies}`]
  ],
  [
    "a proxy without its protocol, without repeating it",
    venue({ proxy: "me:hush@proxy:8080" }),
    [`venues[0].proxy: this is no proxy; ${proxies}`]
  ],
  [
    "a proxy from the environment that is none, without repeating it",
    venue({ proxy: { env: "SHORT_KEY" } }),
    [`venues[0].proxy: the value from the environment is no proxy; ${proxies}`]
  ],
  [
    "a proxy from the environment that is not set",
    venue({ proxy: { env: "PROXI" } }),
    ["venues[0].proxy: the environment variable PROXI is not set (did you mean PROXY?)"]
  ],
  [
    "polling of what the venue does not show",
    venue({ transport: "polling" }),
    [
      'venues[0].subscriptions[0].channels[0]: "trades" cannot be polled: this venue does not show its latest trades; expected another transport'
    ]
  ],
  [
    "a fallback that the adapter does not have, of one subscription",
    venue({ subscriptions: [{ symbols: ["BTCUSDT"], channels: ["trades"], transport: "hybrid" }] }),
    [
      'venues[0].subscriptions[0].transport: "hybrid" is not what this adapter can do; expected "websocket" or "polling"'
    ]
  ],
  [
    "a transport of its own where the venue's would be wrong",
    venue({
      transport: "polling",
      subscriptions: [{ symbols: ["BTCUSDT"], channels: ["trades"], transport: "websocket" }]
    }),
    []
  ],
  [
    "polls faster than answers come back",
    venue({ connection: { polling: { trades: "50ms" } } }),
    ['venues[0].connection.polling.trades: "50ms" is not right here; expected at least 100ms']
  ],
  ["a list read again every 10 seconds", venue({ refreshInstruments: "10s" }), []],
  [
    "a list read again too often",
    venue({ refreshInstruments: "9s" }),
    ['venues[0].refreshInstruments: "9s" is not right here; expected at least 10s']
  ],
  [
    "how connections are kept",
    venue({ connection: { rotateAfter: "1 hour", redundancy: 2, repairWithin: "500ms", audit: "10m" } }),
    []
  ],
  [
    "how connections are kept, wrong throughout",
    venue({ connection: { rotateAfter: "daily", redundancy: 3, repairWithin: 5, audit: "10 parsecs" }, audit: "1m" }),
    [
      "venues[0].audit: unknown key; expected adapter, venue, name, environment, endpoints, options, subscriptions, proxy, refreshInstruments, workers, connection, queue or transport",
      "venues[0].connection.redundancy: 3 is not right here; expected 1 | 2",
      "venues[0].connection.repairWithin: 5 is not right here; expected string",
      'venues[0].connection.rotateAfter: "daily" is not right here; expected a duration such as "30 seconds", "500ms" or "10m"',
      'venues[0].connection.audit: "10 parsecs" is not right here; expected a duration such as "30 seconds", "500ms" or "10m"'
    ]
  ],
  [
    "everything at once, also where the structure is wrong",
    {
      venues: [
        {
          adapter: "./fake-adapter",
          venue: "fakee",
          subscriptions: [{ symbols: ["BTCUSDT"], channels: ["tredes"] }],
          queue: { capacity: 0 },
          proxy: 1
        }
      ]
    },
    [
      'venues[0].proxy: 1 is not right here; expected a URL or { "env": "NAME" }',
      "venues[0].queue.capacity: 0 is not right here; expected a value greater than 0",
      'venues[0].venue: "fakee" is not known here (did you mean fake?); fake-adapter serves fake or fake-two',
      `venues[0].subscriptions[0].channels[0]: "tredes" is no channel (did you mean trades?); expected ${spellings}`
    ]
  ]
]

describe("S-B4 a configuration that cannot be used says where, what was given and what was expected", () => {
  it.effect.each(cases)("%s", ([, value, expected]) =>
    Effect.map(problemsOf(value), (problems) => assert.deepStrictEqual(problems, expected))
  )

  it("prints its source and every problem with it", () => {
    const problems = [
      { path: "venues", message: "is missing" },
      { path: "", message: "no" }
    ]
    assert.strictEqual(
      new BadConfiguration({ source: "a.yaml", problems }).message,
      "a.yaml: 2 problems\n  venues: is missing\n  no"
    )
  })
})

describe("what is accepted", () => {
  it.effect("alerts as defineConfig types them, values from the environment in their places", () =>
    Effect.gen(function* () {
      const value = defineConfig({
        venues: [fakeVenue({}) as never],
        alerts: {
          rules: [{ on: "stale", over: "5 seconds" }],
          webhook: { url: { env: "HOOK" }, headers: { Authorization: { env: "HOOK_TOKEN" } } }
        }
      })
      const { operation } = yield* Deployment.make(
        { source: "test", folder: fixtures, value },
        { ...environment, HOOK: "https://chat.example/1", HOOK_TOKEN: "quiet" }
      )
      assert.deepStrictEqual(operation.alerts, {
        rules: [{ on: "stale", match: "*", over: Duration.seconds(5) }],
        clearAfter: Duration.seconds(10),
        webhook: { url: "https://chat.example/1", headers: { Authorization: "quiet" } }
      })
    })
  )

  it.effect("http has an address of this machine alone, and a token from the environment", () =>
    Effect.gen(function* () {
      const value = { venues: [fakeVenue({})], http: { port: 0, token: { env: "API_TOKEN" } } }
      const { operation } = yield* Deployment.make(
        { source: "test", folder: fixtures, value },
        { ...environment, API_TOKEN: "0123456789abcdef" }
      )
      assert.deepStrictEqual(operation, {
        http: {
          host: "127.0.0.1",
          port: 0,
          whenTaken: "fail",
          token: "0123456789abcdef",
          origins: [],
          clients: 100,
          requestsPerSecond: 100,
          recent: { perSeries: 1_000, total: 10_000 }
        }
      })
    })
  )

  it.effect("a token that stands in the file, or is too short, is refused and never repeated", () =>
    Effect.gen(function* () {
      const inFile = { venues: [fakeVenue({})], http: { token: "0123456789abcdef" } }
      const short = { venues: [fakeVenue({})], http: { token: { env: "API_TOKEN" } } }
      assert.deepStrictEqual(yield* problemsOf(inFile), [
        'http.token: is a secret and stands in the file; expected { "env": "NAME" }'
      ])
      const refused = yield* Effect.flip(
        Deployment.make({ source: "test", folder: fixtures, value: short }, { ...environment, API_TOKEN: "hush" })
      )
      assert.deepStrictEqual(refused.problems, [
        { path: "http.token", message: "the value from the environment is not what is expected here" }
      ])
    })
  )

  it.effect("metrics go to a collector, with headers from the environment", () =>
    Effect.gen(function* () {
      const otlp = { url: "http://127.0.0.1:4318/v1/metrics", headers: { "x-api-key": { env: "API_TOKEN" } } }
      const { operation } = yield* Deployment.make(
        { source: "test", folder: fixtures, value: { venues: [fakeVenue({})], metrics: { otlp } } },
        { ...environment, API_TOKEN: "hush" }
      )
      assert.deepStrictEqual(operation, {
        metrics: {
          perSymbol: "auto",
          otlp: { url: otlp.url, headers: { "x-api-key": "hush" }, every: Duration.seconds(10), resource: {} }
        }
      })
    })
  )

  it.effect(
    "a header that stands in the file, an address with a password, and a rate that is too high are refused",
    () =>
      Effect.gen(function* () {
        const of = (otlp: Readonly<Record<string, unknown>>) =>
          problemsOf({
            venues: [fakeVenue({})],
            metrics: { otlp: { url: "http://127.0.0.1:4318/v1/metrics", ...otlp } }
          })
        assert.deepStrictEqual(yield* of({ headers: { authorization: "hush" } }), [
          'metrics.otlp.headers.authorization: is a secret and stands in the file; expected { "env": "NAME" }'
        ])
        assert.deepStrictEqual(
          [...(yield* of({ url: "http://me:hush@host/v1/metrics" })), ...(yield* of({ every: "10ms" }))].map(
            (text) => text.split(":")[0]
          ),
          ["metrics.otlp.url", "metrics.otlp.every"]
        )
      })
  )

  it.effect("S-B1 the environment and the endpoints reach the adapter, a name of its own too", () =>
    Effect.gen(function* () {
      const value = venue({ name: "mine", environment: "testnet", endpoints: { stream: { env: "HOME" } } })
      const { venues } = yield* Deployment.make({ source: "test", folder: path.dirname(fixtures), value }, environment)
      const { endpoints, environment: used, name, venue: id } = venues[0]!.settings
      assert.deepStrictEqual(
        { endpoints, used, name, id },
        { endpoints: { stream: "/" }, used: "testnet", name: "mine", id: "fake" }
      )
    })
  )
})
