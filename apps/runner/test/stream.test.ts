import { assert, describe, it } from "@effect/vitest"
import * as fs from "node:fs"
import * as path from "node:path"
import { fakeAdapter, fakeVenue, folder, parseLines, start, tidewire } from "./tidewire.ts"

/** A project folder with a configuration of these venues. */
const configured = (...venues: ReadonlyArray<Record<string, unknown>>) =>
  folder({ "a.json": JSON.stringify({ venues }), "package.json": "{}" })

const stream = ["stream", "--config", "a.json"]

interface Log {
  readonly message: string
  readonly level: string
  readonly annotations: Record<string, unknown>
}

const logs = (stderr: string) => parseLines(stderr) as unknown as ReadonlyArray<Log>
const logged = (stderr: string, message: string) => logs(stderr).filter((each) => each.message.startsWith(message))

describe("stream", () => {
  it("prints exactly as many market events as the limit says, as JSON lines, and exits 0", async () => {
    using made = configured(fakeVenue({ options: { batch: 100 } }))
    const { code, stdout } = await tidewire([...stream, "--limit", "250"], { cwd: made.path })
    const trades = parseLines(stdout).filter((each) => each["type"] === "trade")
    assert.strictEqual(code, 0)
    assert.deepStrictEqual(
      trades.map((each) => each["id"]),
      Array.from({ length: 250 }, (_, index) => String(index + 1))
    )
    const { exchangeTime, receivedTime, ...rest } = trades[0]!
    assert.strictEqual(exchangeTime, receivedTime)
    assert.deepStrictEqual(rest, {
      type: "trade",
      venue: "fake",
      symbol: "BTCUSDT",
      id: "1",
      price: 100.01,
      size: 0.5,
      side: "sell",
      origin: "stream"
    })
  })

  it("run with a configuration is the same", async () => {
    using made = configured(fakeVenue())
    const { code, stdout } = await tidewire(["run", "--config", "a.json", "--limit", "2"], { cwd: made.path })
    assert.strictEqual(code, 0)
    assert.deepStrictEqual(
      parseLines(stdout).map((each) => each["type"]),
      ["connection", "trade", "trade"]
    )
  })

  it("ends with its duration", async () => {
    using made = configured(fakeVenue())
    const { code, stderr, stdout } = await tidewire([...stream, "--duration", "300 millis"], { cwd: made.path })
    assert.strictEqual(code, 0)
    assert.isAbove(parseLines(stdout).length, 1)
    assert.strictEqual(logged(stderr, "stopping")[0]?.message, "stopping: the duration is over")
  })

  it("S-B2 takes either spelling in any case and patterns, and subscribes each symbol once", async () => {
    using made = configured(
      fakeVenue({
        subscriptions: [
          { symbols: ["btc/usdt", "*TH*"], channels: ["trades"] },
          { symbols: ["*"], channels: ["trades"] }
        ]
      })
    )
    const { stdout } = await tidewire([...stream, "--limit", "6"], { cwd: made.path })
    const trades = parseLines(stdout).filter((each) => each["type"] === "trade")
    assert.deepStrictEqual(
      trades.map((each) => `${String(each["symbol"])} ${String(each["id"])}`),
      ["BTCUSDT 1", "ETHUSDT 1", "SOLUSDT 1", "BTCUSDT 2", "ETHUSDT 2", "SOLUSDT 2"]
    )
  })

  it("exits 2 for a symbol that the venue does not list, with the nearest", async () => {
    using made = configured(fakeVenue({ subscriptions: [{ symbols: ["BTCUSD", "*EUR"], channels: ["trades"] }] }))
    const ended = await tidewire(stream, { cwd: made.path })
    assert.deepStrictEqual(ended, {
      code: 2,
      stdout: "",
      stderr: [
        "a.json: 2 problems",
        '  venues[0].subscriptions[0].symbols[0]: "BTCUSD" is no symbol of this venue (did you mean BTCUSDT?)',
        '  venues[0].subscriptions[0].symbols[1]: "*EUR" matches no instrument that trades',
        ""
      ].join("\n")
    })
  })

  it("goes on with the symbols as they are given when the venue's list does not come", async () => {
    using made = configured(
      fakeVenue({ options: { fails: "list" }, subscriptions: [{ symbols: ["xyz"], channels: ["trades"] }] })
    )
    const { code, stderr, stdout } = await tidewire([...stream, "--limit", "1"], { cwd: made.path })
    assert.strictEqual(code, 0)
    assert.strictEqual(parseLines(stdout).at(-1)?.["symbol"], "XYZ")
    assert.strictEqual(logged(stderr, "the list of instruments did not come")[0]?.level, "WARN")
  })

  it("K5 finds the installed adapter that serves a venue, without a file", async () => {
    using made = folder({
      "package.json": JSON.stringify({ devDependencies: { "fake-adapter": "1" } }),
      "node_modules/.keep": ""
    })
    fs.symlinkSync(fakeAdapter, path.join(made.path, "node_modules/fake-adapter"))
    const args = ["stream", "fake:btcusdt,ETHUSDT", "fake-two:BTCUSDT", "trades,quotes", "--limit", "50"]
    const { code, stdout } = await tidewire(args, { cwd: made.path })
    const series = new Set(
      parseLines(stdout)
        .filter((each) => each["type"] === "trade")
        .map((each) => `${String(each["venue"])} ${String(each["symbol"])}`)
    )
    assert.strictEqual(code, 0)
    assert.deepStrictEqual(series, new Set(["fake BTCUSDT", "fake ETHUSDT", "fake-two BTCUSDT"]))
  })

  it("K5 takes the adapter by its path and the flags of a venue", async () => {
    using made = folder({ "package.json": "{}" })
    const args = [
      "stream",
      "fake:BTCUSDT,ETHUSDT",
      "trades",
      "--adapter",
      fakeAdapter,
      "--isolation",
      "shared",
      "--environment",
      "testnet",
      "--limit",
      "1"
    ]
    const { code, stdout } = await tidewire(args, { cwd: made.path })
    assert.strictEqual(code, 0)
    assert.strictEqual(parseLines(stdout)[0]?.["connection"], "shared")
  })

  it("prints the table without control characters when asked for it on a pipe", async () => {
    using made = configured(fakeVenue())
    const running = start([...stream, "--format", "table"], { cwd: made.path })
    await running.until((stdout) => stdout.includes("EVENTS/S"))
    running.process.kill("SIGINT")
    const { code, stdout } = await running.ended
    assert.strictEqual(code, 0)
    assert.include(stdout, "fake/BTCUSDT  Active")
    assert.notInclude(stdout, "\u001B")
  })

  it("lists instruments", async () => {
    using made = folder({ "package.json": "{}" })
    const list = (...args: ReadonlyArray<string>) =>
      tidewire(["instruments", "fake", "--adapter", fakeAdapter, ...args], { cwd: made.path })
    const [all, some, table, none] = await Promise.all([
      list(),
      list("eth/usdt"),
      list("*", "--format", "table"),
      list("nothing")
    ])
    assert.deepStrictEqual(
      parseLines(all.stdout).map((each) => each["symbol"]),
      ["BTCUSDT", "ETHUSDT", "SOLUSDT"]
    )
    assert.deepStrictEqual(
      parseLines(some.stdout).map((each) => each["symbol"]),
      ["ETHUSDT"]
    )
    assert.strictEqual(table.stdout.split("\n")[1], "BTCUSDT  BTC/USDT  spot  trading  0.01  0.001")
    assert.deepStrictEqual([all.code, some.code, table.code, none.code], [0, 0, 0, 1])
  })
})

describe("S-A5 venues start together", () => {
  it("one that cannot open is told once, with its cause, and the others go on", async () => {
    using made = configured(fakeVenue({ options: { fails: "open" } }), fakeVenue({ venue: "fake-two" }))
    const { code, stderr, stdout } = await tidewire([...stream, "--limit", "3"], { cwd: made.path })
    assert.strictEqual(code, 0)
    assert.deepStrictEqual(new Set(parseLines(stdout).map((each) => each["venue"])), new Set(["fake-two"]))
    assert.deepStrictEqual(
      logged(stderr, "fake could not be opened").map(({ annotations, level }) => ({ annotations, level })),
      [
        {
          level: "ERROR",
          annotations: {
            venue: "fake",
            operation: "connect",
            reason: "ConnectionFailed",
            detail: "the made-up venue is closed"
          }
        }
      ]
    )
  })

  it("one that cannot be made is no different", async () => {
    using made = configured(fakeVenue({ options: { fails: "make" } }), fakeVenue({ venue: "fake-two" }))
    const { code, stderr } = await tidewire([...stream, "--limit", "3"], { cwd: made.path })
    assert.strictEqual(code, 0)
    assert.strictEqual(logged(stderr, "fake could not be opened").length, 1)
  })

  it("S-B4 none at all is a failure", async () => {
    using made = configured(fakeVenue({ options: { fails: "open" } }))
    const { code, stderr, stdout } = await tidewire(stream, { cwd: made.path })
    assert.deepStrictEqual({ code, stdout }, { code: 1, stdout: "" })
    assert.deepStrictEqual(
      logs(stderr).map((each) => each.message),
      ["fake could not be opened", "no venue could be opened; fake: ConnectionFailed: the made-up venue is closed"]
    )
  })

  it("nothing Active in time is a failure that says where every connection was and why", async () => {
    using made = configured(
      fakeVenue({ options: { state: "Connecting" } }),
      fakeVenue({ venue: "fake-two", options: { state: "Failed" } })
    )
    const { code, stderr } = await tidewire([...stream, "--start-within", "200ms"], { cwd: made.path })
    assert.strictEqual(code, 1)
    assert.strictEqual(
      logged(stderr, "no connection")[0]?.message,
      "no connection was Active within 200ms; fake/BTCUSDT Connecting: the made-up venue does not answer; fake-two/BTCUSDT Failed: the made-up venue does not answer"
    )
  })

  it("a duration that ends before anything was Active is a failure too", async () => {
    using made = configured(fakeVenue({ options: { state: "Connecting" } }))
    const { code, stderr } = await tidewire([...stream, "--duration", "100ms"], { cwd: made.path })
    assert.strictEqual(code, 1)
    assert.strictEqual(logged(stderr, "no connection was ever Active").length, 1)
  })
})

describe("S-A6 a stop", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("on %s drains, closes, reports every event and exits 0", async (signal) => {
    using made = configured(fakeVenue(), fakeVenue({ venue: "fake-two" }))
    const running = start(stream, { cwd: made.path })
    await running.until(
      (stdout) => stdout.includes('"venue":"fake","symbol"') && stdout.includes('"venue":"fake-two","symbol"')
    )
    running.process.kill(signal)
    const { code, stderr, stdout } = await running.ended
    const printed = (venue: string) => parseLines(stdout).filter((each) => each["venue"] === venue).length
    assert.strictEqual(code, 0)
    assert.strictEqual(logged(stderr, "stopping")[0]?.message, `stopping: ${signal}`)
    assert.deepStrictEqual(
      logged(stderr, "stopped").map((each) => each.annotations),
      ["fake", "fake-two"].map((venue) => ({
        venue,
        left: 0,
        received: printed(venue),
        delivered: printed(venue),
        conflated: 0,
        dropped: 0,
        waiting: 0,
        gaps: 0,
        gapsRepaired: 0,
        reconnects: 0,
        rotations: 0,
        malformed: 0,
        fallbacks: 0
      }))
    )
  })

  it("names the connections that do not close, and does not wait for them without end", async () => {
    using made = configured(fakeVenue({ options: { hangs: true } }))
    const running = start(stream, { cwd: made.path })
    await running.until((stdout) => stdout.includes('"trade"'))
    running.process.kill("SIGINT")
    const { code, stderr } = await running.ended
    assert.deepStrictEqual(
      [code, logged(stderr, "connections did not close").map((each) => each.annotations)],
      [0, [{ venue: "fake", connections: "BTCUSDT" }]]
    )
  }, 20_000)

  it("is forced by a second signal, with 130", async () => {
    using made = configured(fakeVenue({ options: { hangs: true } }))
    const running = start(stream, { cwd: made.path })
    await running.until((stdout) => stdout.includes('"trade"'))
    running.process.kill("SIGINT")
    await running.until((_, stderr) => stderr.includes("stopping: SIGINT"))
    running.process.kill("SIGTERM")
    assert.strictEqual((await running.ended).code, 130)
  })

  it("before anything was opened is quiet", async () => {
    using made = folder({
      "package.json": "{}",
      "a.json": JSON.stringify({ venues: [fakeVenue({ options: { fails: "never lists" } })] })
    })
    const running = start([...stream, "--log-level", "debug"], { cwd: made.path })
    // this comes before the list is asked for
    await running.until((_, stderr) => stderr.includes('"starting"'))
    running.process.kill("SIGINT")
    const { code, stderr, stdout } = await running.ended
    assert.deepStrictEqual({ code, stdout }, { code: 0, stdout: "" })
    assert.strictEqual(logs(stderr).at(-1)?.message, "SIGINT: stopped before anything was opened")
  })

  it("comes quietly when the reader goes away", async () => {
    using made = configured(fakeVenue())
    const running = start(stream, { cwd: made.path })
    await running.until((stdout) => stdout.includes('"trade"'))
    running.process.stdout!.destroy()
    const { code, stderr } = await running.ended
    assert.strictEqual(code, 0)
    assert.deepStrictEqual(
      logs(stderr).filter((each) => each.level !== "INFO"),
      []
    )
    assert.strictEqual(logged(stderr, "stopping")[0]?.message, "stopping: nobody reads the output any more")
  })

  it("S-A3 accounts for what a reader who does not read has cost, and does not wait for it", async () => {
    using made = configured(fakeVenue({ options: { batch: 100, padding: 50_000 } }))
    const running = start([...stream, "--duration", "3s", "--drain", "50ms"], { cwd: made.path, reads: false })
    const code = await running.exited
    running.process.stdout!.resume()
    const { stderr } = await running.ended
    const [account] = logged(stderr, "stopped before everything")
    const { delivered, dropped, left, received } = account!.annotations as Record<string, number>
    assert.strictEqual(code, 0)
    assert.strictEqual(
      logged(stderr, "").filter((each) => /bytes of output were not read/.test(each.message)).length,
      1
    )
    assert.isAbove(dropped!, 0)
    assert.strictEqual(left, 1_000)
    assert.deepStrictEqual(
      [account!.level, account!.message, account!.annotations["leftBy"]],
      ["WARN", "stopped before everything was delivered: 1000 events were left", { "BTCUSDT trades": 1_000 }]
    )
    assert.strictEqual(received, delivered! + dropped! + left!)
  })
})

describe("SIGUSR2", () => {
  it.skipIf(process.platform === "win32")(
    "renews the connections, and says which; before there are any, nothing",
    async () => {
      const venues = [
        fakeVenue(),
        fakeVenue({ venue: "fake-two", options: { state: "Failed" } }),
        fakeVenue({ name: "third", options: { fails: "never lists" } })
      ]
      using made = folder({ "package.json": "{}", "a.json": JSON.stringify({ venues }) })
      const running = start([...stream, "--log-level", "debug"], { cwd: made.path })
      // this comes before the lists are asked for, and one of them is waited for
      await running.until((_, stderr) => stderr.includes('"starting"'))
      running.process.kill("SIGUSR2")
      await running.until((_, stderr) => stderr.includes("there are no connections to renew yet"))
      await running.until((stdout) => stdout.includes('"trade"'))
      running.process.kill("SIGUSR2")
      await running.until((_, stderr) => stderr.includes("asked to renew connections"))
      running.process.kill("SIGINT")
      const { code, stderr } = await running.ended
      assert.deepStrictEqual(
        [code, logged(stderr, "asked to renew")[0]?.annotations],
        [0, { triedAgain: "fake-two/BTCUSDT", replaced: "fake/BTCUSDT, third/BTCUSDT" }]
      )
    },
    30_000
  )
})
