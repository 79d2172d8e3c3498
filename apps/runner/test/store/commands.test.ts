/** A store through the command line: kept, killed, mended at the next start, asked while it is written, and written out. */
import { spawnSync } from "node:child_process"
import * as fs from "node:fs"
import * as path from "node:path"
import { Simulator } from "@tidewire/simulator"
import { assert, describe, it } from "@effect/vitest"
import { fakeVenue, fixtures, folder, parseLines, start, tidewire } from "../tidewire.ts"

/** The repository: its package.json has the adapters among its dependencies. */
const root = path.resolve(fixtures, "../../../..")

const place = (venues: ReadonlyArray<unknown>, store: unknown) => {
  const made = folder({ "package.json": "{}", "a.json": JSON.stringify({ venues, store }) })
  const config = path.join(made.path, "a.json")
  const query = async (sql: string, ...flags: ReadonlyArray<string>) => {
    const ran = await tidewire(["query", sql, "--config", config, "--format", "ndjson", ...flags])
    assert.strictEqual(ran.code, 0, ran.stderr)
    return parseLines(ran.stdout)
  }
  return { ...made, config, query }
}

const venue = (adapter: string, name: string, { url, wsUrl }: Simulator.Simulator) => ({
  adapter: `@tidewire/adapter-${adapter}`,
  venue: name,
  endpoints: { stream: wsUrl, rest: url },
  subscriptions: [{ symbols: ["BTCUSDT", "ETHUSDT"], channels: ["trades", "book", "quotes"] }]
})

describe("a store", () => {
  it("has every trade of two runs once, though the first was killed: what lay between is fetched at the next start", async () => {
    const simulator = await Simulator.start({ seed: 7, rates: { tradesPerSecond: 40 } })
    const venues = [venue("binance", "binance-usdm", simulator), venue("bybit", "bybit-linear", simulator)]
    using made = place(venues, { kind: "duckdb", folder: "events", flushEvery: "50ms", rollEvery: "1s" })
    const run = () => start(["stream", "--config", made.config, "--format", "ndjson"], { cwd: root })
    try {
      const first = run()
      const isTrade = (name: string) => (out: string) => out.split(`"type":"trade","venue":"${name}"`).length > 50
      await first.until((out) => isTrade("binance-usdm")(out) && isTrade("bybit-linear")(out))
      // while it writes, all that is acknowledged is there
      const [during] = await made.query("SELECT count(*) AS n, count(DISTINCT venue) AS venues FROM trades")
      assert.isAbove(Number(during?.["n"]), 50)
      assert.strictEqual(during?.["venues"], 2)
      first.process.kill("SIGKILL")
      await first.exited
      const before = await made.query(
        "SELECT max(id::BIGINT) AS id FROM trades WHERE venue = 'binance-usdm' AND symbol = 'BTCUSDT'"
      )

      // trades go on until the next one is up
      const second = run()
      await second.until((_, stderr) => stderr.split("what the store missed is fetched").length > 4)
      second.process.kill("SIGINT")
      const { code, stderr } = await second.ended
      assert.strictEqual(code, 0, stderr)

      const series = await made.query(
        `SELECT venue, symbol, count(*) = count(DISTINCT id) AS once, count(*) FILTER (WHERE origin = 'backfill') > 0 AS filled,
                max(try_cast(id AS BIGINT)) - min(try_cast(id AS BIGINT)) + 1 = count(*) AS whole
         FROM trades GROUP BY ALL ORDER BY ALL`
      )
      const expected = ["binance-usdm", "bybit-linear"].flatMap((venue) =>
        ["BTCUSDT", "ETHUSDT"].map((symbol) => ({
          venue,
          symbol,
          once: true,
          filled: true,
          whole: venue === "binance-usdm" ? true : null
        }))
      )
      assert.deepStrictEqual(series, expected)
      const gaps = await made.query(
        "SELECT venue, symbol, from_position, repaired FROM gaps WHERE told_by = 'store' AND channel = 'trades' ORDER BY ALL"
      )
      assert.deepStrictEqual(
        gaps.map(({ repaired, symbol, venue }) => `${String(venue)} ${String(symbol)} ${String(repaired)}`),
        expected.map(({ symbol, venue }) => `${venue} ${symbol} true`)
      )
      assert.strictEqual(gaps[0]?.["from_position"], String(before[0]?.["id"]))
      assert.deepStrictEqual(fs.readdirSync(path.join(made.path, "events/log")), [], "a stop leaves Parquet only")
    } finally {
      await simulator.stop()
    }
  }, 240_000)

  it("is asked in four formats, and of what changes or is wrong the answer is 2 and the database's word", async () => {
    using made = place([fakeVenue({ options: { trades: 3 } })], { kind: "duckdb", folder: "events" })
    const ran = await tidewire(["stream", "--config", made.config, "--limit", "3"])
    assert.strictEqual(ran.code, 0, ran.stderr)
    const ask = (sql: string, ...flags: ReadonlyArray<string>) =>
      tidewire(["query", sql, "--folder", path.join(made.path, "events"), ...flags])
    const sql = "SELECT symbol, count(*) AS n, 'a \"b\", c' AS text, NULL AS nothing FROM trades GROUP BY ALL"
    const formats = await Promise.all(["table", "json", "csv", "ndjson"].map((format) => ask(sql, "--format", format)))
    assert.deepStrictEqual(
      formats.map(({ code, stdout }) => [code, stdout]),
      [
        [0, 'symbol   n  text      nothing\nBTCUSDT  3  a "b", c\n'],
        [0, '[\n{"symbol":"BTCUSDT","n":3,"text":"a \\"b\\", c","nothing":null}\n]\n'],
        [0, 'symbol,n,text,nothing\nBTCUSDT,3,"a ""b"", c",\n'],
        [0, '{"symbol":"BTCUSDT","n":3,"text":"a \\"b\\", c","nothing":null}\n']
      ]
    )
    const wrong = [
      ["SELEC 1", /SQL: Parser Error: syntax error at or near "SELEC"/],
      ["SELECT nothing FROM trades", /SQL: Binder Error: Referenced column "nothing" not found/],
      ["SELECT 1; SELECT 2", /SQL: expected one statement, and these are 2/],
      ["DROP VIEW trades", /SQL: this statement does not only read/],
      ["INSTALL httpfs", /SQL: this statement does not only read/],
      ["SET enable_external_access = true", /SQL: this statement does not only read/],
      [`COPY trades TO '${made.path}/out.csv'`, /SQL: Permission Error/],
      ["ATTACH '/etc/passwd' AS other", /SQL: /],
      ["SELECT * FROM read_text('/etc/hostname')", /SQL: Permission Error/],
      [`SELECT * FROM read_text('${made.path}/a.json')`, /SQL: Permission Error/]
    ] as const
    const told = await Promise.all(wrong.map(([sql]) => ask(sql)))
    for (const [at, { code, stderr, stdout }] of told.entries()) {
      assert.deepStrictEqual([code, stdout], [2, ""], wrong[at]![0])
      assert.match(stderr, wrong[at]![1])
    }
    assert.isFalse(fs.existsSync(path.join(made.path, "out.csv")))
    const nowhere = await tidewire(["query", "SELECT 1", "--folder", path.join(made.path, "none")])
    assert.strictEqual(nowhere.code, 2)
    assert.match(nowhere.stderr, /--folder: ".*none" is no folder: nothing has been stored there/)
    const neither = await tidewire(["query", "SELECT 1"])
    assert.match(neither.stderr, /expected where the store is: --config <file>, or --folder <folder>/)
  }, 240_000)

  it("is written out whole, or a part of it, in three formats", async () => {
    using made = place([fakeVenue({ options: { trades: 5 } })], { kind: "duckdb", folder: "events" })
    const ran = await tidewire(["stream", "--config", made.config, "--limit", "5"])
    assert.strictEqual(ran.code, 0, ran.stderr)
    const out = (name: string) => path.join(made.path, name)
    const write = (name: string, ...flags: ReadonlyArray<string>) =>
      tidewire(["export", "--channel", "trades", "--out", out(name), "--config", made.config, ...flags])
    const written = await Promise.all([
      write("a.parquet"),
      write("a.csv"),
      write("a.ndjson", "--symbol", "btcusdt", "--venue", "fake", "--from", "1970-01-01"),
      write("none.csv", "--symbol", "ETHUSDT")
    ])
    assert.deepStrictEqual(
      written.map(({ code }) => code),
      [0, 0, 0, 0],
      written[0]?.stderr
    )
    assert.match(written[0]!.stderr, /exported.*"rows":5/)
    assert.strictEqual(fs.readFileSync(out("a.csv"), "utf8").split("\n").length, 1 + 5 + 1)
    assert.lengthOf(parseLines(fs.readFileSync(out("a.ndjson"), "utf8")), 5)
    assert.strictEqual(fs.readFileSync(out("none.csv"), "utf8").split("\n").length, 2)
    assert.strictEqual(fs.readFileSync(out("a.parquet")).toString("latin1", 0, 4), "PAR1")
    const refused = await write("a.xls")
    assert.strictEqual(refused.code, 2)
    assert.match(
      refused.stderr,
      /--out: ".*a\.xls" does not say the format; expected a name that ends with \.parquet, \.csv or \.ndjson/
    )
    assert.deepStrictEqual(
      fs.readdirSync(made.path).filter((name) => name.includes("part")),
      []
    )
  }, 240_000)

  it("that cannot be opened fails the start, and says what to do", async () => {
    using made = place([fakeVenue()], { kind: "postgres", url: { env: "STORE_URL" } })
    const url = "postgres://tide:s3cret@127.0.0.1:1/market"
    const ran = await tidewire(["stream", "--config", made.config, "--limit", "3"], { env: { STORE_URL: url } })
    assert.strictEqual(ran.code, 1)
    assert.match(
      ran.stderr,
      /the store cannot be opened: PostgreSQL at 127\.0\.0\.1:1\/market: .*ECONNREFUSED.*start the database/
    )
    assert.notInclude(ran.stderr + ran.stdout, "s3cret")
  })

  it("is checked with the configuration: what is wrong is told at its place, and a URL stands in no file", async () => {
    const of = async (store: unknown) => {
      using made = place([fakeVenue()], store)
      const { code, stderr } = await tidewire(["check", "--config", made.config])
      assert.strictEqual(code, 2)
      return stderr
        .split("\n")
        .slice(1, -1)
        .map((line) => line.trim())
    }
    assert.deepStrictEqual(
      await of({ kind: "duckdb", folder: "a", flushEvery: "1ms", retention: { size: "much" }, foldr: 1 }),
      [
        "store.foldr: unknown key (did you mean folder?); expected kind, folder, channels, flushEvery, buffer, backfillWithin, rollEvery, rowsPerFile or retention",
        'store.flushEvery: "1ms" is not right here; expected 20ms to 1m',
        'store.retention.size: "much" is not right here; expected a size such as "500MB" or "20GB"'
      ]
    )
    assert.deepStrictEqual(await of({ kind: "postgres", url: "postgres://u:p@h/d" }), [
      'store.url: is a secret and stands in the file; expected { "env": "NAME" }'
    ])
  })
})

it("a store is loaded where it is configured only", () => {
  const { stdout } = spawnSync(
    process.execPath,
    [
      "-e",
      `await import(${JSON.stringify(path.resolve(fixtures, "../../src/operation/Operation.ts"))}); process.stdout.write(JSON.stringify([...process.moduleLoadList, ...Object.keys(process.report?.getReport().sharedObjects ?? {})].filter((each) => /duckdb/.test(each))))`
    ],
    { encoding: "utf8" }
  )
  assert.strictEqual(stdout, "[]")
})
