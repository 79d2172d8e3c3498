import * as fs from "node:fs"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as TapeReader from "../../src/record/TapeReader.ts"
import { Kind } from "../../src/record/Tape.ts"
import type { Report } from "../../src/replay/report/Report.ts"
import { fixtures, folder, parseLines, start, tidewire } from "../tidewire.ts"

type Line = Record<string, unknown>

/** The repository: its package.json has the adapters among its dependencies. */
const root = path.resolve(fixtures, "../../../..")

const strategy = path.join(fixtures, "churner.js")

const simulator = async (...args: ReadonlyArray<string>) => {
  const running = start(["sim", "--port", "0", "--seed", "11", "--log-level", "warn", ...args])
  let urls = { url: "", wsUrl: "" }
  await running.until((stdout) => {
    if (!stdout.includes("\n")) return false
    urls = JSON.parse(stdout) as typeof urls
    return true
  })
  return {
    ...urls,
    [Symbol.asyncDispose]: async () => {
      running.process.kill("SIGTERM")
      await running.ended
    }
  }
}

const configuration = ({ url, wsUrl }: { readonly url: string; readonly wsUrl: string }) => ({
  venues: [
    {
      adapter: "@tidewire/adapter-binance",
      venue: "binance",
      endpoints: { stream: wsUrl, rest: url },
      subscriptions: [{ symbols: ["BTCUSDT", "ETHUSDT"], channels: ["trades", "quotes", "book", "bars:1m"] }]
    },
    {
      adapter: "@tidewire/adapter-bybit",
      venue: "bybit-linear",
      endpoints: { stream: wsUrl, rest: url },
      subscriptions: [{ symbols: ["BTCUSDT"], channels: ["trades", "book:50"] }]
    }
  ],
  engine: { mode: "paper", strategies: [{ module: strategy, options: { venue: "binance", symbol: "BTCUSDT" } }] }
})

/**
 * Of these lines by venue and symbol, in order; what is told of connections and of strategies by its name, since a connection that
 * is replaced by its age is so when the machine comes to it, between whatever symbols say then.
 */
const bySymbol = (lines: ReadonlyArray<Line>): Readonly<Record<string, ReadonlyArray<Line>>> =>
  Object.fromEntries(
    Map.groupBy(
      lines,
      (line) =>
        `${String(line["venue"])} ${line["connection"] === undefined ? "" : "connection "}${String(line["symbol"] ?? line["connection"] ?? line["type"])}`
    )
  )

/** What states are told at is when the machine came to it, and so is the age of what is replaced; everything else has the time of what came. */
const STATES = new Set(["connection", "subscription", "bookState"])

const ageless = ({ reason, ...line }: Line): Line =>
  typeof reason === "string" ? { ...line, reason: reason.replace(/it was .* old/, "it was old") } : line

const content = (text: string) =>
  bySymbol(
    parseLines(text).map((line) => {
      const { receivedTime, ...rest } = line
      return STATES.has(String(line["type"])) ? ageless(rest) : { ...rest, receivedTime }
    })
  )

describe("record and replay", () => {
  it(
    "S-A4 a replay tells what the run told, its strategies send the same orders, and two replays are equal to the byte",
    { timeout: 120_000 },
    async () => {
      using made = folder({})
      await using venues = await simulator()
      const config = path.join(made.path, "a.json")
      fs.writeFileSync(config, JSON.stringify(configuration(venues)))
      const tape = path.join(made.path, "tape")
      const live = await tidewire(["run", "--config", config, "--duration", "6s", "--record", tape], { cwd: root })
      assert.strictEqual(live.code, 0, live.stderr)
      const replays = [
        await tidewire(["replay", tape, "--report", path.join(made.path, "one")], { cwd: root }),
        await tidewire(["replay", tape, "--report", path.join(made.path, "two")], { cwd: root })
      ]
      const [one, two] = replays
      assert.deepStrictEqual(
        replays.map(({ code }) => code),
        [0, 0],
        one!.stderr
      )
      assert.isTrue(one!.stdout === two!.stdout, "two replays differ")
      const [told, again] = [content(live.stdout), content(one!.stdout)]
      assert.deepStrictEqual(Object.keys(again).toSorted(), Object.keys(told).toSorted())
      for (const key of Object.keys(told)) assert.deepStrictEqual(again[key], told[key], key)

      const kinds = new Set(parseLines(live.stdout).map(({ type }) => type))
      for (const kind of ["trade", "quote", "book", "order", "fill", "strategy"]) assert.isTrue(kinds.has(kind), kind)
      const read = (name: string) => fs.readFileSync(path.join(made.path, name), "utf8")
      assert.isTrue(read("one.json") === read("two.json") && read("one.html") === read("two.html"), "reports differ")
      const report = JSON.parse(read("one.json")) as Report
      const fills = parseLines(live.stdout).filter(({ type }) => type === "fill")
      assert.deepStrictEqual(report.fills as unknown, fills)
      assert.strictEqual(report.statistics.fills, fills.length)
      assert.strictEqual(report.equity.at(-1)?.value, report.netValue)
      assert.strictEqual(
        Number(report.maxDrawdown.amount),
        Math.max(...report.equity.map(({ drawdown }) => Number(drawdown)))
      )

      // nothing but the market was recorded; the strategies can be others
      const other = await tidewire(["replay", tape, "--strategy", path.join(fixtures, "idler.js")], { cwd: root })
      assert.strictEqual(other.code, 0, other.stderr)
      // how long a stop takes is the strategies' own
      const stop = [...TapeReader.read(tape)].find(({ kind }) => kind === Kind.stopping)!.time
      const market = (text: string) =>
        bySymbol(
          parseLines(text).filter(
            ({ receivedTime, type }) =>
              (type === "trade" || type === "book" || type === "quote") && Number(receivedTime) < stop
          )
        )
      assert.deepStrictEqual(market(other.stdout), market(live.stdout))
      assert.deepStrictEqual(
        parseLines(other.stdout).filter(({ type }) => type === "order"),
        []
      )
      const part = await tidewire(
        ["replay", tape, "--venue", "bybit-linear", "--strategy", "none", "--from", "2s", "--to", "4s"],
        {
          cwd: root
        }
      )
      assert.strictEqual(part.code, 0, part.stderr)
      const expected = parseLines(live.stdout).filter(({ receivedTime, type, venue }) => {
        const after = Number(receivedTime) - TapeReader.header(tape)!.startedAt
        return venue === "bybit-linear" && (type === "trade" || type === "book") && after >= 2_000 && after <= 4_000
      })
      assert.isNotEmpty(expected)
      assert.deepStrictEqual(
        parseLines(part.stdout).filter(({ type }) => type === "trade" || type === "book"),
        expected
      )
    }
  )

  it("S-D4 a replay has the same losses, repairs and rotations as the run", { timeout: 120_000 }, async () => {
    using made = folder({ "faults.txt": "at 2s kill BTCUSDT\nat 4s kill ETHUSDT\nat 5s drop BTCUSDT\n" })
    await using venues = await simulator("--scenario", path.join(made.path, "faults.txt"))
    const config = path.join(made.path, "a.json")
    const { venues: entries } = configuration(venues)
    const connection = { rotateAfter: "3 seconds", redundancy: 2 }
    fs.writeFileSync(config, JSON.stringify({ venues: entries.map((venue) => ({ ...venue, connection })) }))
    const tape = path.join(made.path, "tape")
    const live = await tidewire(["stream", "--config", config, "--duration", "9s", "--record", tape], { cwd: root })
    assert.strictEqual(live.code, 0, live.stderr)
    const replayed = await tidewire(["replay", tape], { cwd: root })
    assert.strictEqual(replayed.code, 0, replayed.stderr)
    const [told, again] = [content(live.stdout), content(replayed.stdout)]
    for (const key of Object.keys(told)) assert.deepStrictEqual(again[key], told[key], key)
    assert.deepStrictEqual(Object.keys(again).toSorted(), Object.keys(told).toSorted())
    const lines = parseLines(live.stdout)
    assert.isTrue(lines.some(({ type }) => type === "gap"))
    assert.isTrue(lines.some(({ reason }) => String(reason).startsWith("replaced")))
  })

  it("what was recorded before kill -9 can be read and replayed", { timeout: 60_000 }, async () => {
    using made = folder({})
    await using venues = await simulator()
    const config = path.join(made.path, "a.json")
    const { venues: entries } = configuration(venues)
    fs.writeFileSync(config, JSON.stringify({ venues: entries }))
    const tape = path.join(made.path, "tape")
    const running = start(["stream", "--config", config, "--record", tape], { cwd: root })
    await running.until((stdout) => stdout.split('"type":"trade"').length > 200)
    running.process.kill("SIGKILL")
    const { stdout } = await running.ended
    const times = [...TapeReader.read(tape)].filter(({ kind }) => kind === Kind.frame).map(({ time }) => time)
    const told = parseLines(stdout.slice(0, stdout.lastIndexOf("\n")))
    const last = Number(told.at(-1)!["receivedTime"])
    assert.isAbove(times.at(-1)!, last - 1_000)
    const replayed = await tidewire(["replay", tape], { cwd: root })
    assert.strictEqual(replayed.code, 0, replayed.stderr)
    const trades = (lines: ReadonlyArray<Line>) =>
      lines.filter(({ receivedTime, type }) => type === "trade" && Number(receivedTime) <= times.at(-1)!)
    const again = trades(parseLines(replayed.stdout))
    assert.deepStrictEqual(bySymbol(again), bySymbol(trades(told).slice(0, again.length)))
    assert.isAbove(again.length, 50)
  })

  it("record says nothing on standard output, ends with its duration, and leaves what can be replayed", async () => {
    using made = folder({ "package.json": "{}" })
    const config = path.join(fixtures, "one.json")
    const tape = path.join(made.path, "tape")
    const { code, stderr, stdout } = await tidewire(
      ["record", "--config", config, "--out", tape, "--duration", "300 millis"],
      { cwd: made.path }
    )
    assert.deepStrictEqual({ code, stdout }, { code: 0, stdout: "" }, stderr)
    const { configuration, format } = TapeReader.header(tape)!
    const { adapter, subscriptions, venue } = JSON.parse(fs.readFileSync(config, "utf8")).venues[0] as Line
    assert.deepStrictEqual({ configuration, format } as unknown, {
      configuration: { venues: [{ adapter, subscriptions, venue }] },
      format: 1
    })
    const kinds = [...TapeReader.read(tape)].map(({ kind }) => kind)
    assert.strictEqual(kinds.filter((kind) => kind === Kind.stopping).length, 1)
  })

  it("refuses what it cannot do, and says what to do instead", async () => {
    using made = folder({ "a.json": JSON.stringify({ venues: [] }), "full/a.txt": "", "package.json": "{}" })
    const said = async (...args: ReadonlyArray<string>) => {
      const { code, stderr } = await tidewire(args, { cwd: made.path })
      return `${code} ${stderr.trim()}`
    }
    assert.deepStrictEqual(
      [
        await said("replay", "nowhere"),
        await said("replay", "a.json"),
        await said("stream", "--config", path.join(fixtures, "one.json"), "--record", "full")
      ],
      [
        '2 command line: 1 problem\n  "nowhere": holds no recording; expected a folder that `tidewire record --out` or `--record` has made',
        '2 command line: 1 problem\n  "a.json": is no recording, or its beginning is damaged: its header cannot be read',
        `2 command line: 1 problem\n  --record: full is not empty; expected a new folder, because nothing is ever overwritten`
      ]
    )
  })
})
