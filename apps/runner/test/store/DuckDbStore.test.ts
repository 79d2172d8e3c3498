/** Parquet files: the contract of a store, the way from log to files to fewer files, retention, and who may write. */
import * as fs from "node:fs"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { TestClock } from "effect/testing"
import type { Told } from "../../src/output/Output.ts"
import * as DuckDbStore from "../../src/store/duckdb/DuckDbStore.ts"
import * as Compaction from "../../src/store/duckdb/compaction.ts"
import * as ParquetFiles from "../../src/store/duckdb/parquetFiles.ts"
import * as Retention from "../../src/store/duckdb/retention.ts"
import { encode } from "../../src/store/encode.ts"
import * as Segment from "../../src/store/Segment.ts"
import type { Store } from "../../src/store/Store.ts"
import { bar, NOON, trade } from "./events.ts"
import { folder, parquetOf, rowsOf } from "./folders.ts"
import { cases } from "./storeCases.ts"

const options: DuckDbStore.Options = { rollEvery: Duration.minutes(5), rowsPerFile: 1_000_000, retention: {} }

const append = (store: Store, sequence: number, events: ReadonlyArray<Told>) =>
  Effect.flatMap(encode(events, { writer: "test", sequence }), (batch) => store.append(batch))

const file = (first: number, last = first, over: Partial<ParquetFiles.ParquetFile> = {}): ParquetFiles.ParquetFile => ({
  path: ParquetFiles.nameOf(first, last),
  table: "trades",
  venue: "venue=reef",
  date: "2026-01-30",
  first,
  last,
  bytes: 10,
  ...over
})

const names = (files: ReadonlyArray<ParquetFiles.ParquetFile>) => files.map(({ first, last }) => `${first}-${last}`)

const DAY = 86_400_000

describe("a DuckDB store", () => {
  cases({
    open: Effect.gen(function* () {
      const place = yield* folder
      return { store: yield* DuckDbStore.open(place, options), rows: (sql) => rowsOf(place, sql) }
    })
  })

  it.effect("is read the same in the log, as Parquet, in the next run, and put together", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOON)
      const place = yield* folder
      const events = [
        trade(1),
        trade(3),
        trade(2, { exchangeTime: NOON - DAY }),
        bar(0),
        bar(0, { close: 5, receivedTime: NOON + DAY })
      ]
      const sql = "SELECT date::VARCHAR AS date, id FROM trades ORDER BY time"
      const expected = [
        { date: "2026-01-30", id: "2" },
        { date: "2026-01-31", id: "1" },
        { date: "2026-01-31", id: "3" }
      ]
      const bars = "SELECT close FROM bars"
      const check = Effect.gen(function* () {
        assert.deepStrictEqual(yield* rowsOf(place, sql), expected)
        assert.deepStrictEqual(yield* rowsOf(place, bars), [{ close: 5 }])
      })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const store = yield* DuckDbStore.open(place, { ...options, rowsPerFile: 1 })
          for (const [index, event] of events.entries()) {
            yield* append(store, index + 1, [event])
            if (index === 2) yield* store.maintain
          }
          yield* check
          yield* store.settle
          yield* check
        })
      )
      assert.deepStrictEqual(fs.readdirSync(path.join(place, "log")), [])
      const store = yield* DuckDbStore.open(place, options)
      yield* check
      // two days on both days are over
      yield* TestClock.adjust("2 days")
      yield* store.maintain
      yield* check
      assert.deepStrictEqual(parquetOf(place), [
        "bars/venue=reef/date=2026-01-31/tw-00000004-00000005.parquet",
        "trades/venue=reef/date=2026-01-30/tw-00000003-00000003.parquet",
        "trades/venue=reef/date=2026-01-31/tw-00000001-00000002.parquet"
      ])
      assert.deepStrictEqual(
        yield* rowsOf(
          place,
          `SELECT close FROM read_parquet('${place}/bars/venue=reef/date=2026-01-31/tw-00000004-00000005.parquet')`
        ),
        [{ close: 5 }]
      )
    })
  )

  it.effect(
    "finishes what a killed process has begun: files that are in others go, and are not counted until then",
    () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(NOON)
        const place = yield* folder
        yield* Effect.scoped(
          Effect.gen(function* () {
            const store = yield* DuckDbStore.open(place, { ...options, rowsPerFile: 1 })
            yield* append(store, 1, [trade(1)])
            yield* append(store, 2, [trade(2)])
            yield* store.settle
          })
        )
        const partition = path.join(place, "trades/venue=reef/date=2026-01-31")
        const [first] = parquetOf(place)
        const kept = fs.readFileSync(path.join(place, first!))
        yield* Effect.scoped(
          Effect.gen(function* () {
            const store = yield* DuckDbStore.open(place, options)
            yield* TestClock.adjust("1 day")
            yield* store.maintain
          })
        )
        // killed after the new file was in its place, before the first of the old ones went
        fs.writeFileSync(path.join(partition, path.basename(first!)), kept)
        assert.deepStrictEqual(yield* rowsOf(place, "SELECT id FROM trades ORDER BY id"), [{ id: "1" }, { id: "2" }])
        yield* DuckDbStore.open(place, options)
        assert.deepStrictEqual(fs.readdirSync(partition), ["tw-00000001-00000002.parquet"])
      })
  )

  it.effect("counts a segment, and not the files that it was being made into when the process was killed", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOON)
      const place = yield* folder
      const segment = path.join(place, "log", Segment.nameOf(1))
      const check = Effect.gen(function* () {
        assert.deepStrictEqual(yield* rowsOf(place, "SELECT id FROM trades ORDER BY id"), [{ id: "1" }, { id: "2" }])
      })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const store = yield* DuckDbStore.open(place, options)
          yield* append(store, 1, [trade(1), trade(2, { exchangeTime: NOON + DAY })])
          const kept = fs.readFileSync(segment)
          yield* store.settle
          // killed when the first of the two files was in its place
          fs.writeFileSync(segment, kept)
          fs.rmSync(path.join(place, parquetOf(place)[1]!))
        })
      )
      yield* check
      const store = yield* DuckDbStore.open(place, options)
      yield* store.maintain
      assert.isFalse(fs.existsSync(segment))
      yield* check
    })
  )

  it.effect("is maintained by one at a time, also when it is settled meanwhile", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(NOON)
      const place = yield* folder
      const store = yield* DuckDbStore.open(place, { ...options, rowsPerFile: 1 })
      for (let number = 1; number <= 5; number++) yield* append(store, number, [trade(number)])
      yield* Effect.all([store.maintain, store.settle, store.maintain], { concurrency: "unbounded" })
      assert.deepStrictEqual(yield* rowsOf(place, "SELECT count(*)::INTEGER AS rows FROM trades"), [{ rows: 5 }])
      assert.lengthOf(parquetOf(place), 5)
    })
  )

  it.effect("reads the log up to a torn end, and nothing of a segment whose checksum is wrong", () =>
    Effect.gen(function* () {
      const place = yield* folder
      yield* Effect.scoped(
        Effect.gen(function* () {
          const store = yield* DuckDbStore.open(place, options)
          yield* append(store, 1, [trade(1)])
          yield* append(store, 2, [trade(2)])
        })
      )
      const segment = path.join(place, "log", Segment.nameOf(1))
      const whole = fs.readFileSync(segment)
      const ids = Effect.map(rowsOf(place, "SELECT id FROM trades ORDER BY id"), (rows) => rows.map(({ id }) => id))
      assert.deepStrictEqual(yield* ids, ["1", "2"])
      fs.writeFileSync(segment, whole.subarray(0, whole.length - 1))
      assert.deepStrictEqual(yield* ids, ["1"])
      const damaged = Buffer.from(whole)
      damaged[whole.length - 5]! ^= 1
      fs.writeFileSync(segment, damaged)
      assert.deepStrictEqual(yield* ids, ["1"])
    })
  )

  it.live("belongs to one run at a time, and says so", () =>
    Effect.gen(function* () {
      const place = yield* folder
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* DuckDbStore.open(place, options)
          // DuckDB keeps others away by the process, so that another one has to try
          const { spawnSync } = yield* Effect.promise(() => import("node:child_process"))
          const fixture = path.join(import.meta.dirname, "../fixtures/storeWriter.ts")
          const other = spawnSync(process.execPath, [fixture, place, "1"], { encoding: "utf8" })
          assert.strictEqual(other.status, 1)
          assert.include(other.stderr, `the store in ${place} is in use: another run writes to it (PID ${process.pid})`)
        })
      )
      yield* DuckDbStore.open(place, options)
    })
  )

  it.effect(
    "lets go of days that are too old, and of the oldest when it is too large; of nothing that is not its own",
    () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(NOON)
        const place = yield* folder
        const store = yield* DuckDbStore.open(place, {
          ...options,
          rowsPerFile: 1,
          retention: { age: Duration.days(2) }
        })
        for (let day = 0; day < 5; day++)
          yield* append(store, day + 1, [trade(day, { exchangeTime: NOON - day * DAY })])
        const foreign = [
          "trades/venue=reef/date=2026-01-27/mine.parquet",
          "trades/venue=reef/date=2026-01-27/00000001-00000001.parquet",
          "mine/venue=reef/date=2026-01-27/tw-00000001-00000001.parquet"
        ]
        for (const name of foreign) {
          fs.mkdirSync(path.dirname(path.join(place, name)), { recursive: true })
          fs.writeFileSync(path.join(place, name), "mine")
        }
        yield* store.maintain
        assert.deepStrictEqual(
          parquetOf(place).filter((name) => !foreign.includes(name)),
          ["29", "30", "31"].map(
            (day, index) => `trades/venue=reef/date=2026-01-${day}/tw-0000000${3 - index}-0000000${3 - index}.parquet`
          )
        )
        assert.isTrue(foreign.every((name) => fs.existsSync(path.join(place, name))))
      })
  )
})

describe("which files count", () => {
  it("is told by their names, whatever was left behind", () => {
    const { live, superseded } = ParquetFiles.sift([
      file(3),
      file(1),
      file(1, 3),
      file(2),
      file(5, 7),
      file(7),
      file(9)
    ])
    assert.deepStrictEqual(
      [names(live), names(superseded)],
      [
        ["1-3", "5-7", "9-9"],
        ["1-1", "2-2", "3-3", "7-7"]
      ]
    )
    const apart = [
      file(1),
      file(1, 1, { venue: "venue=other" }),
      file(1, 1, { date: "2026-01-31" }),
      file(1, 1, { table: "bars" })
    ]
    assert.deepStrictEqual(ParquetFiles.sift(apart), { live: apart, superseded: [] })
  })

  it("is the same after any series of putting together that is cut short anywhere", () => {
    let seed = 5
    const next = (below: number) => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) % below
    for (let round = 0; round < 500; round++) {
      let files: ReadonlyArray<ParquetFiles.ParquetFile> = Array.from({ length: 1 + next(20) }, (_, at) =>
        file(at * 2 + 1, at * 2 + 1, { bytes: 1 + next(200 * 1024 * 1024) })
      )
      const all = files.map(({ first }) => first)
      for (let step = 0; step < 4; step++) {
        const { live } = ParquetFiles.sift(files)
        const covered = live.flatMap(({ first, last }) => all.filter((each) => each >= first && each <= last))
        assert.deepStrictEqual(covered, all)
        const runs = Compaction.plan(live, round % 2 === 0 ? "2026-01-30" : "2026-01-31")
        for (const run of runs) {
          const merged = file(run[0]!.first, run.at(-1)!.last, {
            bytes: run.reduce((sum, { bytes }) => sum + bytes, 0)
          })
          const left = run.slice(next(run.length + 1))
          files = [...files.filter((each) => !run.includes(each) || left.includes(each)), merged]
        }
      }
    }
  })
})

describe("what is put together", () => {
  it("is all of a day that is over, and a dozen small ones of today", () => {
    const today = (count: number) =>
      Array.from({ length: count }, (_, at) => file(at + 1, at + 1, { date: "2026-01-31" }))
    const plan = (files: ReadonlyArray<ParquetFiles.ParquetFile>) => Compaction.plan(files, "2026-01-31").map(names)
    assert.deepStrictEqual(plan([file(1), file(2), file(4)]), [["1-1", "2-2", "4-4"]])
    assert.deepStrictEqual(plan([file(1)]), [])
    assert.deepStrictEqual(plan(today(11)), [])
    assert.deepStrictEqual(
      plan(today(12)).map((run) => run.length),
      [12]
    )
    const large = { bytes: 200 * 1024 * 1024 }
    assert.deepStrictEqual(plan([file(1, 1, large), file(2, 2, large), file(3), file(4)]), [["2-2", "3-3", "4-4"]])
  })
})

describe("what has to go", () => {
  it("is the oldest, by day and then by order, until the rest fits", () => {
    const files = [
      file(3, 3, { date: "2026-01-31" }),
      file(1),
      file(2, 2, { table: "books" }),
      file(4, 4, { date: "2026-01-29" })
    ]
    const select = (limits: Partial<Retention.Limits>) =>
      names(Retention.select(files, { oldest: undefined, bytes: undefined, ...limits }))
    assert.deepStrictEqual(select({}), [])
    assert.deepStrictEqual(select({ bytes: 40 }), [])
    assert.deepStrictEqual(select({ bytes: 25 }), ["4-4", "1-1"])
    assert.deepStrictEqual(select({ oldest: "2026-01-30" }), ["4-4"])
    assert.deepStrictEqual(select({ oldest: "2026-01-30", bytes: 10 }), ["4-4", "1-1", "2-2"])
  })
})
