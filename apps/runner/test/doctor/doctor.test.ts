/**
 * `tidewire doctor` on the simulator, through the command line: what is well is said with figures, what is not says what to do,
 * nothing is sent and nothing secret is told.
 */
import * as net from "node:net"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import type { Fault } from "@tidewire/simulator"
import type { Finding } from "../../src/doctor/Finding.ts"
import { account, configuration, exchange, place } from "../live.ts"
import { fakeVenue, tidewire } from "../tidewire.ts"

const subscriptions = [{ symbols: ["BTCUSDT"], channels: ["trades", "book"] }]

const found = (stdout: string): ReadonlyArray<Finding> =>
  (JSON.parse(stdout) as { readonly findings: ReadonlyArray<Finding> }).findings

/** `subject check level`, each once, but for what depends on the machine. */
const levels = (findings: ReadonlyArray<Finding>): ReadonlyArray<string> => [
  ...new Set(
    findings
      .filter(({ subject }) => subject !== "this machine")
      .map(({ check, level, subject }) => `${subject} ${check} ${level}`)
  )
]

const one = (findings: ReadonlyArray<Finding>, check: string): Finding => {
  const those = findings.filter((each) => each.check === check && each.level !== "ok")
  assert.strictEqual(those.length, 1, JSON.stringify(findings, undefined, 2))
  return those[0]!
}

/** The configuration of a live engine on one venue of the simulator, with subscriptions of its own. */
const withStreams = (venue: string, simulator: Parameters<typeof configuration>[1], more: object = {}) => {
  const whole = configuration(venue, simulator)
  return { ...whole, venues: whole.venues.map((each) => ({ ...each, subscriptions })), ...more }
}

const examined = async (value: unknown, secret?: string) => {
  using made = place(value, secret)
  const { code, stderr, stdout } = await made.command("doctor", "--format", "json")
  for (const each of [account.secret, ...(secret === undefined ? [] : [secret]), account.key]) {
    assert.notInclude(stdout + stderr, each)
  }
  return { code, stderr, findings: found(stdout) }
}

describe("doctor", () => {
  for (const venue of ["binance", "binance-usdm"]) {
    it(`${venue}: a venue and an account that are well, with no order sent`, async () => {
      await using sim = await exchange()
      const { code, findings } = await examined(withStreams(venue, sim.simulator, { http: { port: 0 } }))
      const well = ["endpoint", "rest", "clock", "limits", "instruments", "connections", "stream", "account"]
      assert.deepStrictEqual(levels(findings), [
        "configuration file ok",
        "configuration journal ok",
        "configuration http ok",
        ...well.map((check) => `${venue} ${check} ok`),
        // what the key may do is not told over Binance's API
        `${venue} account unknown`
      ])
      assert.strictEqual(code, 0)
      assert.match(findings.find(({ check }) => check === "rest")?.found ?? "", /^answers in [\d.]+ ms \(median of 5/)
      assert.deepStrictEqual(sim.truth().requests, [])
    }, 40_000)
  }

  const broken: ReadonlyArray<{
    readonly title: string
    readonly faults?: ReadonlyArray<Fault>
    readonly secret?: string
    readonly more?: (value: ReturnType<typeof withStreams>) => object
    readonly check: string
    readonly says: RegExp
    readonly advises: RegExp
  }> = [
    {
      title: "a clock that is a minute off",
      faults: [{ kind: "skewedClock", offsetMs: -60_000 }],
      check: "clock",
      says: /clock is (59|60)\d{3} ms behind ours/,
      advises: /set this machine's clock/
    },
    {
      title: "a wrong secret",
      secret: "anotheranother9876543210",
      check: "account",
      says: /Signature for this request is not valid/,
      advises: /./
    },
    {
      title: "a symbol that nobody trades",
      more: (value) => ({
        venues: value.venues.map((each) => ({
          ...each,
          subscriptions: [{ symbols: ["BTCUSTD"], channels: ["trades"] }]
        }))
      }),
      check: "instruments",
      says: /^venues\[0\]\.subscriptions\[0\]\.symbols\[0\]: "BTCUSTD" is no symbol of this venue \(did you mean BTCUSDT/,
      advises: /tidewire instruments/
    },
    {
      title: "sockets that are refused",
      faults: [{ kind: "refuse", status: 502, count: 1_000, filter: { route: "public" } }],
      check: "stream",
      says: /not subscribed within 12s.*HTTP 502/,
      advises: /WebSockets/
    },
    {
      title: "a folder that cannot be written",
      more: () => ({ engine: { ...configuration("binance-usdm", NOWHERE).engine, journal: "/proc/journal.sqlite" } }),
      check: "journal",
      says: /nothing can be written in \/proc \(E[A-Z]+\)/,
      advises: /may write to/
    }
  ]
  for (const { advises, check, faults = [], more, says, secret, title } of broken) {
    it(`${title} is a problem, and the rest is looked at all the same`, async () => {
      await using sim = await exchange()
      for (const fault of faults) sim.simulator.control.inject(fault)
      const value = withStreams("binance-usdm", sim.simulator)
      const { code, findings } = await examined({ ...value, ...more?.(value) }, secret)
      const problems = findings.filter(({ level }) => level === "problem")
      assert.deepStrictEqual(
        problems.map((each) => each.check),
        [check],
        JSON.stringify(findings, undefined, 2)
      )
      assert.match(problems[0]?.found ?? "", says)
      assert.match(problems[0]?.advice ?? "", advises)
      assert.strictEqual(code, 1)
    }, 40_000)
  }

  for (const status of [429, 418]) {
    it(`a venue that answers ${status} is asked no more, and says for how long`, async () => {
      await using sim = await exchange()
      sim.simulator.control.inject({ kind: "rest", status, retryAfterS: 30, count: 100 })
      const { code, findings } = await examined(withStreams("binance-usdm", sim.simulator))
      const of = (check: string) => findings.find((each) => each.check === check)
      assert.match(of("rest")?.advice ?? "", /^wait 30 s; this address asks the venue too much/)
      assert.match(of("limits")?.found ?? "", /wants no requests for (29|30) s$/)
      assert.deepStrictEqual(
        ["rest", "limits", "instruments", "account", "connections"].map((check) => of(check)?.level),
        ["problem", "problem", "unknown", "unknown", "ok"]
      )
      assert.strictEqual(code, 1)
    }, 40_000)
  }

  it("a venue that nothing listens for: each way to it says so, the other venue is well", async () => {
    await using sim = await exchange()
    const { venues } = withStreams("binance-usdm", sim.simulator)
    const market = { ...venues[0], options: {} }
    const closed = await freePort()
    const endpoints = { stream: `ws://127.0.0.1:${closed}`, rest: `http://127.0.0.1:${closed}` }
    const { code, findings } = await examined({ venues: [market, { ...market, name: "other", endpoints }] })
    assert.deepStrictEqual(
      levels(findings).filter((each) => each.startsWith("other")),
      [
        "other endpoint problem",
        "other rest problem",
        "other limits ok",
        "other instruments unknown",
        "other connections ok",
        "other stream problem",
        "other account ok"
      ]
    )
    assert.isTrue(
      levels(findings)
        .filter((each) => each.startsWith("binance-usdm"))
        .every((each) => each.endsWith("ok"))
    )
    assert.match(findings.find(({ level }) => level === "problem")?.found ?? "", /cannot be reached \(ECONNREFUSED\)/)
    assert.strictEqual(code, 1)
  }, 40_000)

  it("a proxy that is not there: it is named without its password, and looked at in the place of the venue's hosts", async () => {
    await using sim = await exchange()
    const { venues } = withStreams("binance-usdm", sim.simulator)
    const closed = await freePort()
    using made = place({ venues: [{ ...venues[0], options: {}, proxy: { env: "PROXY" } }] })
    const ran = await tidewire(["doctor", "--format", "json", "--config", path.join(made.path, "a.json")], {
      cwd: path.resolve(import.meta.dirname, "../../../.."),
      env: { PROXY: `http://somebody:hidden-word@127.0.0.1:${closed}` }
    })
    const shown = `http://127.0.0.1:${closed}`
    const problems = found(ran.stdout).filter(({ level }) => level === "problem")
    assert.deepStrictEqual(
      problems.map(({ check }) => check),
      ["proxy", "rest", "stream", "stream"]
    )
    assert.isTrue(problems[0]?.found.startsWith(`everything goes through ${shown}: port ${closed} cannot be reached`))
    for (const { advice } of problems.slice(1)) assert.include(advice, `look whether the proxy ${shown}`)
    assert.notInclude(ran.stdout + ran.stderr, "hidden-word")
    assert.strictEqual(ran.code, 1)
  }, 40_000)

  it("a configuration with problems: all of them, and what is right of it is looked at", async () => {
    await using sim = await exchange()
    const { venues } = withStreams("binance-usdm", sim.simulator)
    const market = { ...venues[0], options: {} }
    const wrong = { ...fakeVenue({ environment: "moon" }), name: "wrong" }
    const { code, findings } = await examined({
      venues: [market, wrong, { ...market, name: "third", venue: "binanse" }]
    })
    const problems = findings.filter(({ level }) => level === "problem")
    assert.deepStrictEqual(
      problems.map(({ check, found: text }) => [check, text.split(" is not known")[0]]),
      [
        ["file", 'venues[1].environment: "moon"'],
        ["file", 'venues[2].venue: "binanse"']
      ]
    )
    assert.include(levels(findings), "binance-usdm stream ok")
    assert.strictEqual(code, 1)
  }, 40_000)

  it("the port of the API: taken by something else it is a problem, by an instance of Tidewire a word", async () => {
    for (const [answer, level] of [
      ["HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", "problem"],
      ['HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 15\r\n\r\n{"status":"ok"}', "warning"]
    ] as const) {
      const server = net.createServer(
        (socket) => void socket.once("data", () => socket.end(answer)).on("error", () => {})
      )
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      const { port } = server.address() as net.AddressInfo
      const { findings } = await examined({ venues: [fakeVenue()], http: { port } })
      server.close()
      assert.deepStrictEqual(
        [one(findings, "http").level, one(findings, "http").found.startsWith(`127.0.0.1:${port} is taken`)],
        [level, true]
      )
    }
  }, 40_000)

  it("says who has the journal", async () => {
    await using sim = await exchange()
    using made = place(withStreams("binance-usdm", sim.simulator))
    const running = made.run("--live")
    await running.until((stdout) => stdout.includes('"status":"open"'))
    const { code, stdout } = await made.command("doctor", "--format", "json")
    running.process.kill("SIGINT")
    const ended = await running.ended
    const journal = found(stdout).filter(({ check }) => check === "journal")
    assert.deepStrictEqual(
      journal.map(({ level }) => level),
      ["ok", "warning"]
    )
    assert.match(journal[0]?.found ?? "", /journal\.sqlite has [\d.]+ MB; can be written, \d+ MB are free$/)
    assert.deepStrictEqual([code, ended.code], [0, 0])
  }, 40_000)

  it("without a configuration it looks at the machine alone, and text says what JSON says", async () => {
    const cwd = path.resolve(import.meta.dirname, "../../../..")
    const asJson = await tidewire(["doctor", "--format", "json"], { cwd })
    const asText = await tidewire(["doctor"], { cwd })
    const checks = found(asJson.stdout).map(({ check }) => check)
    assert.deepStrictEqual([...new Set(checks)], ["runtime", "adapter", "memory", "open files", "clock"])
    assert.deepStrictEqual([asJson.code, asText.code, asText.stderr], [0, 0, ""])
    assert.match(asText.stdout, /^this machine\n  ok +runtime +Node/)
    assert.match(asText.stdout, /\n\d+ ok, \d+ warnings?, 0 problems, \d+ unknown\n$/)
  }, 40_000)

  it.each([
    { args: ["doctor", "--config", "/nowhere/a.yaml"], says: "there is no such file" },
    { args: ["doctor", "--format", "xml"], says: "text" },
    { args: ["doctor", "--live-orders", "yes"], says: "live-orders" }
  ])("$args is bad usage", async ({ args, says }) => {
    const { code, stderr, stdout } = await tidewire(args)
    assert.deepStrictEqual([code, stdout], [2, ""])
    assert.include(stderr, says)
  })
})

const NOWHERE = { url: "http://127.0.0.1:1", wsUrl: "ws://127.0.0.1:1" } as Parameters<typeof configuration>[1]

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })
