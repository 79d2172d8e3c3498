import { assert, describe, it } from "@effect/vitest"
import { load } from "../../src/configuration/load.ts"
import { fakeAdapter, fakeVenue, folder, parseLines, start, tidewire } from "../tidewire.ts"

const configured = (...venues: ReadonlyArray<Record<string, unknown>>) =>
  folder({ "a.json": JSON.stringify({ venues }), "package.json": "{}" })

const stream = ["stream", "--config", "a.json"]

const three = [{ symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"], channels: ["trades"] }]

interface Log {
  readonly message: string
  readonly level: string
  readonly annotations: Record<string, unknown>
}

const logged = (stderr: string, message: string) =>
  (parseLines(stderr) as unknown as ReadonlyArray<Log>).filter((each) => each.message === message)

describe("workers in a configuration", () => {
  for (const [given, expected] of [
    [-1, "greater than or equal to 0"],
    [1.5, "integer"],
    ["two", "number"],
    [1_000, "less than or equal to 64"]
  ] as const) {
    it(`${JSON.stringify(given)} is a problem with its path`, () => {
      const { problems } = load({ venues: [fakeVenue({ workers: given })] })
      assert.deepStrictEqual(
        problems.map(({ path }) => path),
        ["venues[0].workers"]
      )
      assert.include(problems[0]!.message, expected)
    })
  }

  it("an entry that cannot be handed to another thread is a problem", async () => {
    using made = folder({
      "package.json": "{}",
      "a.mjs": `export default { venues: [{ ...${JSON.stringify(fakeVenue({ workers: 1 }))}, options: { every: () => 1 } }] }`
    })
    const { code, stderr } = await tidewire(["check", "--config", "a.mjs"], { cwd: made.path })
    assert.strictEqual(code, 2)
    assert.match(stderr, /venues\[0\]\.workers: the entry holds what cannot be handed to another thread/)
  })

  it("check prints which worker carries what, and says where there can be no more of them", async () => {
    using made = configured(
      fakeVenue({ workers: 2, subscriptions: three }),
      fakeVenue({
        venue: "fake-two",
        workers: 2,
        connection: { isolation: "shared" },
        subscriptions: three
      })
    )
    const { code, stdout } = await tidewire(["check", "--config", "a.json"], { cwd: made.path })
    assert.deepStrictEqual(
      { code, stdout: stdout.replaceAll(/^ {2}note {2}2 workers share .*\n/gm, "") },
      {
        code: 0,
        stdout: `fake  mainnet  through fake-adapter
  queues  1000 events a channel of a symbol; trades drop-oldest
  workers  2: @1 has 2 symbols, @2 has 1 symbol
  connections  3; replaced after 23h, gaps repaired within 5s
    BTCUSDT@1  fake://venue/BTCUSDT
      BTCUSDT  trades
    SOLUSDT@1  fake://venue/SOLUSDT
      SOLUSDT  trades
    ETHUSDT@2  fake://venue/ETHUSDT
      ETHUSDT  trades

fake-two  mainnet  through fake-adapter
  queues  1000 events a channel of a symbol; trades drop-oldest
  workers  1: @1 has 3 symbols
  connections  1; replaced after 23h, gaps repaired within 5s
    shared@1  fake://venue/shared
      BTCUSDT  trades
      ETHUSDT  trades
      SOLUSDT  trades
  note  1 of 2 workers has something to carry: no connection is broken apart, and workers are to have no more of them
`
      }
    )
  })
})

describe("streams of workers", () => {
  it("deliver the same events as without them", async () => {
    const run = async (workers: number) => {
      using made = configured(fakeVenue({ workers, subscriptions: three, options: { trades: 500, batch: 50 } }))
      const running = start(stream, { cwd: made.path })
      await running.until((stdout) => stdout.split('"id":"500"').length === 4)
      running.process.kill("SIGTERM")
      const { code, stdout } = await running.ended
      const trades = parseLines(stdout).filter((each) => each["type"] === "trade")
      const ids = (symbol: string) => trades.flatMap((each) => (each["symbol"] === symbol ? [each["id"]] : []))
      return { code, ids: ["BTCUSDT", "ETHUSDT", "SOLUSDT"].map(ids), gaps: stdout.includes('"gap"') }
    }
    assert.deepStrictEqual(await run(2), await run(0))
  })

  it("what the main thread does not take in time is dropped by the policy, and the gaps say what", async () => {
    // more in one turn than may be on its way and wait together
    const options = { batch: 20_000, trades: 40_000 }
    using made = configured(fakeVenue({ workers: 1, options, queue: { capacity: 100 } }))
    const running = start(stream, { cwd: made.path })
    await running.until((stdout) => stdout.slice(-1_000).includes('"id":"40000"'))
    running.process.kill("SIGTERM")
    const { code, stderr, stdout } = await running.ended
    let next = 1
    let lost = 0
    for (const event of parseLines(stdout)) {
      if (event["type"] === "gap") {
        assert.deepStrictEqual([event["reason"], Number(event["from"])], ["overflow", next - 1])
        lost += event["lost"] as number
        next = Number(event["to"])
      } else if (event["type"] === "trade") {
        assert.strictEqual(Number(event["id"]), next)
        next++
      }
    }
    const dropped = [...logged(stderr, "a worker stopped"), ...logged(stderr, "stopped")].map(
      ({ annotations }) => annotations["dropped"] as number
    )
    assert.deepStrictEqual([code, next], [0, 40_001])
    assert.isAbove(dropped[0]!, 0)
    assert.strictEqual(
      dropped.reduce((sum, each) => sum + each),
      lost
    )
  })

  it("S-B4 a feed that cannot be opened fails the start with its reason, once", async () => {
    using made = configured(fakeVenue({ workers: 2, options: { fails: "open" } }))
    const { code, stderr } = await tidewire(stream, { cwd: made.path })
    assert.strictEqual(code, 1)
    assert.deepStrictEqual(
      logged(stderr, "fake could not be opened").map(({ annotations }) => annotations),
      [{ venue: "fake", operation: "connect", reason: "ConnectionFailed", detail: "the made-up venue is closed" }]
    )
  })

  for (const workers of [0, 1, 3]) {
    it(`workers ${workers}: all threads together dial no more than one address may`, async () => {
      using made = configured(fakeVenue({ workers, subscriptions: three, options: { dials: true } }))
      const running = start(stream, { cwd: made.path })
      // every thread has begun, and the budget is used up
      await running.until((stdout) => stdout.split('"state":"Active"').length === 4 && stdout.includes('"trade"'))
      await running.until((stdout) => stdout.split('"trade"').length > 5)
      running.process.kill("SIGTERM")
      const { stdout } = await running.ended
      assert.strictEqual(parseLines(stdout).filter((each) => each["type"] === "trade").length, 5)
    })
  }

  it("secrets reach the worker and no line", async () => {
    using made = configured(fakeVenue({ workers: 1, options: { apiKey: { env: "TEST_KEY" } } }))
    const ended = await tidewire([...stream, "--limit", "5", "--log-level", "debug"], {
      cwd: made.path,
      env: { TEST_KEY: "hush-hush-hush" }
    })
    assert.strictEqual(ended.code, 0)
    assert.notInclude(ended.stdout + ended.stderr, "hush")
  })

  it("closing that never ends is told, and does not hold the process", async () => {
    using made = configured(fakeVenue({ workers: 1, options: { hangs: true } }))
    const { code, stderr } = await tidewire([...stream, "--limit", "5", "--drain", "100 millis"], { cwd: made.path })
    assert.strictEqual(code, 0)
    assert.deepStrictEqual(
      logged(stderr, "a worker was ended before it had stopped").map(({ annotations }) => annotations),
      [{ venue: "fake", worker: 1, reason: "it did not stop in time", connections: "BTCUSDT@1" }]
    )
  })

  it("K5 the adapter is found by its path from the configuration's folder", async () => {
    using made = folder({
      "package.json": "{}",
      "inner/package.json": "{}",
      "inner/a.json": JSON.stringify({ venues: [fakeVenue({ adapter: "./near", workers: 1 })] }),
      "inner/near/package.json": JSON.stringify({ name: "near", type: "module", exports: "./index.js" }),
      "inner/near/index.js": `export { adapter } from ${JSON.stringify(`${fakeAdapter}/index.ts`)}`
    })
    const ended = await tidewire(["stream", "--config", "inner/a.json", "--limit", "3"], { cwd: made.path })
    assert.strictEqual(ended.code, 0, ended.stderr)
  })
})
