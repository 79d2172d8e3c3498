import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import { fakeAdapter, fakeVenue, folder, tidewire } from "./tidewire.ts"

describe("usage", () => {
  it.each([
    { args: ["--help"], shows: ["tidewire <subcommand>", "run", "stream", "check", "instruments", "sim"] },
    {
      args: ["stream", "--help"],
      shows: ["--limit", "--duration", "--endpoint", "EXAMPLES", "tidewire stream --config tidewire.yaml"]
    },
    { args: ["run", "--help"], shows: ["the demo", "EXAMPLES"] },
    { args: ["sim", "--help"], shows: ["--port", "EXAMPLES"] },
    { args: ["check", "--help"], shows: ["without connecting", "EXAMPLES"] },
    { args: ["instruments", "--help"], shows: ["pattern", "EXAMPLES"] },
    { args: ["--version"], shows: ["0."] }
  ])("$args prints to standard output and exits 0", async ({ args, shows }) => {
    const { code, stderr, stdout } = await tidewire(args)
    assert.deepStrictEqual({ code, stderr }, { code: 0, stderr: "" })
    for (const text of shows) assert.include(stdout, text)
  })

  it.each([
    { args: [], says: "USAGE" },
    { args: ["strem"], says: "stream" },
    { args: ["stream", "--limt", "3"], says: "--limit" },
    { args: ["stream", "--limit", "three"], says: "--limit" },
    { args: ["stream", "--format", "xml"], says: "ndjson" },
    { args: ["stream", "--log-level", "loud"], says: "log-level" },
    { args: ["check"], says: "--config" },
    { args: ["stream"], says: "expected <venue>:<symbol>" },
    { args: ["stream", "fake:BTCUSDT"], says: "then the channels" },
    { args: ["stream", "fake", "trades"], says: '"fake": names no symbols' },
    { args: ["stream", "fake:BTCUSDT", ","], says: '",": names no channels' },
    { args: ["stream", "fake:BTCUSDT", "trades"], says: '"fake": no installed adapter serves it' },
    { args: ["stream", "fake:BTCUSDT", "trades", "--duration", "soon", "--limit", "0"], says: "--limit: 0 is too few" },
    {
      args: ["stream", "fake:BTCUSDT", "trades", "--adapter", fakeAdapter, "--endpoint", "steam=ws://x"],
      says: "did you mean stream?"
    },
    {
      args: ["stream", "--config", "a.yaml", "--isolation", "shared"],
      says: "--isolation: belongs in the configuration"
    },
    { args: ["stream", "--config", "/nowhere/a.yaml"], says: "there is no such file" },
    { args: ["run", "--config", "/nowhere/a.yaml"], says: "there is no such file" },
    { args: ["instruments", "nowhere"], says: "no installed adapter serves it" }
  ])("$args is told on standard error and exits 2", async ({ args, says }) => {
    using elsewhere = folder({ "package.json": "{}" })
    const { code, stderr, stdout } = await tidewire(args, { cwd: elsewhere.path })
    assert.deepStrictEqual({ code, stdout }, { code: 2, stdout: "" })
    assert.include(stderr, says)
  })

  it("a configuration with problems exits 2, tells all of them and never a secret", async () => {
    using made = folder({
      "a.json": JSON.stringify({
        venues: [fakeVenue({ options: { apiKey: { env: "KEY" }, evry: 1 }, environment: "moon" })]
      })
    })
    const ended = await tidewire(["stream", "--config", "a.json"], { cwd: made.path, env: { KEY: "s3cret" } })
    assert.deepStrictEqual(ended, {
      code: 2,
      stdout: "",
      stderr: [
        "a.json: 3 problems",
        '  venues[0].environment: "moon" is not known here; it has mainnet or testnet',
        "  venues[0].options.evry: unknown key (did you mean every?); expected every, batch, padding, trades, fails, packs, hangs, state, dials or apiKey",
        "  venues[0].options.apiKey: the value from the environment is not what is expected here",
        ""
      ].join("\n")
    })
  })
})

describe("a configuration that is code", () => {
  it("tells the line of a syntax error", async () => {
    using made = folder({ "a.ts": "export default {\n  venues: [\n}\n", "package.json": "{}" })
    const { code, stderr } = await tidewire(["check", "--config", "a.ts"], { cwd: made.path })
    assert.strictEqual(code, 2)
    assert.include(stderr, "cannot be loaded: line 3: Expression expected")
  })

  it("may be typed TypeScript", async () => {
    const { code, stdout } = await tidewire(["check", "--config", "configuration.ts"])
    assert.strictEqual(code, 0)
    assert.include(stdout, "fake  mainnet  through fake-adapter")
  })
})

const adapterPath = (name: string): string => fileURLToPath(new URL(`../../../packages/${name}`, import.meta.url))

describe("S-D6 check shows what is polled", () => {
  it("which subscriptions, as which connections, how often, and what cannot be", async () => {
    const configuration = {
      venues: [
        {
          adapter: adapterPath("adapter-binance"),
          venue: "binance-usdm",
          transport: "hybrid",
          connection: { polling: { trades: "3s" } },
          subscriptions: [
            { symbols: ["BTCUSDT"], channels: ["trades", "liquidations"] },
            { symbols: ["ETHUSDT"], channels: ["mark"], transport: "polling" },
            { symbols: ["ETHUSDT"], channels: ["quotes"], transport: "websocket" }
          ]
        }
      ]
    }
    using made = folder({ "a.json": JSON.stringify(configuration) })
    const { code, stdout } = await tidewire(["check", "--config", "a.json"], { cwd: made.path })
    assert.deepStrictEqual(
      { code, stdout },
      {
        code: 0,
        stdout: `binance-usdm  mainnet  through @tidewire/adapter-binance
  queues  1000 events a channel of a symbol; trades drop-oldest, quotes conflate, mark conflate, liquidations drop-oldest
  polling  trades every 3s, mark every 5s; less often where the venue's budget says so
  connections  3; replaced after 23h, gaps repaired within 5s
    BTCUSDT/market  wss://fstream.binance.com/market/stream
      BTCUSDT  trades (hybrid), liquidations (hybrid)
    ETHUSDT/public  wss://fstream.binance.com/public/stream
      ETHUSDT  quotes
    ETHUSDT/polling  https://fapi.binance.com/
      ETHUSDT  mark (polling)
  note  liquidations cannot be polled (no venue shows them but on a stream): hybrid waits for the socket there
`
      }
    )
  })
})

describe("S-A2 check prints the plan without connecting", () => {
  const env = { TEST_PROXY: "http://me:hush@proxy:8080" }
  const configuration = {
    venues: [
      fakeVenue({
        subscriptions: [{ symbols: ["BTCUSDT", "ethusdt", "*USDT"], channels: ["trades", "book:20"] }],
        endpoints: { stream: "ws://127.0.0.1:1" },
        queue: { overflow: { trades: "conflate" } }
      }),
      fakeVenue({
        venue: "fake-two",
        name: "second",
        environment: "testnet",
        connection: { isolation: "shared", rotateAfter: "1 hour", redundancy: 2, audit: "10m" },
        proxy: { env: "TEST_PROXY" },
        subscriptions: [{ symbols: ["BTCUSDT", "ETHUSDT"], channels: ["quotes"] }]
      })
    ]
  }

  it("as text", async () => {
    using made = folder({ "a.json": JSON.stringify(configuration) })
    const { code, stderr, stdout } = await tidewire(["check", "--config", "a.json"], { cwd: made.path, env })
    assert.deepStrictEqual(
      { code, stdout },
      {
        code: 0,
        stdout: `fake  mainnet  through fake-adapter
  queues  1000 events a channel of a symbol; trades conflate, book drop-oldest
  connections  2; replaced after 23h, gaps repaired within 5s
    BTCUSDT  ws://127.0.0.1:1/BTCUSDT
      BTCUSDT  trades, book:20
    ETHUSDT  ws://127.0.0.1:1/ETHUSDT
      ETHUSDT  trades, book:20
  note  *USDT is resolved on the venue's list when a run starts, and again every 15m; it is not in this plan

second (fake-two)  testnet  through fake-adapter
  queues  1000 events a channel of a symbol; quotes conflate
  proxy  http://proxy:8080
  connections  1, 2 for each set of streams; replaced after 1h, gaps repaired within 5s, books audited every 10m
    shared  fake://venue/shared
      BTCUSDT  quotes
      ETHUSDT  quotes
`
      }
    )
    assert.include(stderr, "symbols are not verified")
    assert.notInclude(stdout + stderr, "hush")
  })

  it("as JSON", async () => {
    using made = folder({ "a.json": JSON.stringify(configuration) })
    const { code, stdout } = await tidewire(["check", "--config", "a.json", "--format", "json"], {
      cwd: made.path,
      env
    })
    const { venues } = JSON.parse(stdout) as { venues: ReadonlyArray<Record<string, unknown>> }
    assert.strictEqual(code, 0)
    assert.deepStrictEqual(venues[1], {
      name: "second",
      venue: "fake-two",
      environment: "testnet",
      adapter: "fake-adapter",
      connections: [
        {
          name: "shared",
          url: "fake://venue/shared",
          subscriptions: [
            { symbol: "BTCUSDT", channel: "quotes" },
            { symbol: "ETHUSDT", channel: "quotes" }
          ]
        }
      ],
      proxy: "http://proxy:8080",
      connection: { redundancy: 2, rotateAfterMs: 3_600_000, repairWithinMs: 5_000, auditMs: 600_000 },
      queue: { capacity: 1000, overflow: { quotes: "conflate" } },
      notes: []
    })
  })
})
