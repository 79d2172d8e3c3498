/** PostgreSQL: the contract of a store, on a real server, that hangs, dies and comes back. */
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Told } from "../../src/output/Output.ts"
import * as DuckDb from "../../src/store/duckdb/database.ts"
import * as Exporting from "../../src/store/exporting.ts"
import * as PostgresAsking from "../../src/store/postgres/asking.ts"
import * as PostgresStore from "../../src/store/postgres/PostgresStore.ts"
import * as Client from "../../src/store/postgres/client.ts"
import * as Recording from "../../src/store/Recording.ts"
import * as Spill from "../../src/store/Spill.ts"
import * as Tables from "../../src/store/tables.ts"
import { fill, NOON, trade } from "./events.ts"
import { folder } from "./folders.ts"
import * as Postgres from "./postgresServer.ts"
import { cases } from "./storeCases.ts"

if (Postgres.binaries === undefined && process.env["CI"] === "true") throw new Error(Postgres.missing)

describe.skipIf(Postgres.binaries === undefined)(
  Postgres.binaries === undefined ? `a PostgreSQL store: ${Postgres.missing}` : "a PostgreSQL store",
  () => {
    let server: Postgres.Server
    let schemas = 0
    /** A store of its own. */
    const options = (over: Partial<PostgresStore.Options> = {}): PostgresStore.Options => ({
      url: server.url,
      schema: `test_${++schemas}`,
      absent: "fail",
      retention: {},
      ...over
    })
    const rowsOf = ({ schema, url }: PostgresStore.Options, sql: string) =>
      Client.open({ url, schema }).pipe(
        Effect.flatMap((client) => client.unsafe<Readonly<Record<string, unknown>>>(sql)),
        Effect.mapError(Client.describe(url)),
        Effect.scoped
      )

    beforeAll(async () => {
      server = await Postgres.make()
      await server.start()
    }, 60_000)
    afterAll(() => server?.[Symbol.asyncDispose]())

    cases({
      open: Effect.suspend(() => {
        const made = options()
        return Effect.map(PostgresStore.open(made), (store) => ({ store, rows: (sql: string) => rowsOf(made, sql) }))
      })
    })

    const recorded = (over: Partial<PostgresStore.Options> = {}, settings: Partial<Recording.Options> = {}) =>
      Effect.gen(function* () {
        const made = options(over)
        const store = yield* PostgresStore.open(made)
        const recording = yield* Recording.make(store, {
          kind: "postgres",
          writer: `writer-${made.schema}`,
          tables: Tables.tables,
          flushEvery: Duration.millis(20),
          buffer: { events: 1_000, bytes: 100_000_000 },
          ...settings
        })
        return { made, store, recording }
      })

    const until = (condition: () => boolean): Effect.Effect<void> =>
      Effect.suspend(() => (condition() ? Effect.void : Effect.delay(until(condition), 10)))

    const idsOf = (made: PostgresStore.Options) =>
      Effect.map(rowsOf(made, "SELECT id FROM trades ORDER BY id::bigint"), (rows) => rows.map(({ id }) => Number(id)))

    it.live(
      "that hangs never holds up who publishes: what is too much is dropped, counted and told, the rest is stored once it answers",
      () =>
        Effect.gen(function* () {
          const { made, recording } = yield* recorded()
          recording.add(trade(0))
          yield* until(() => recording.status().stored === 1)
          server.freeze()
          yield* Effect.addFinalizer(() => Effect.sync(() => server.thaw()))
          recording.add(trade(1))
          yield* until(() => recording.status().waiting === 1)
          // the batch at hand is under way
          yield* Effect.sleep(50)
          const began = performance.now()
          for (let number = 2; number < 5_002; number++) recording.add(trade(number))
          assert.isBelow(performance.now() - began, 100, "publishing takes no time")
          const behind = recording.status()
          assert.deepStrictEqual(
            [behind.state, behind.taken, behind.stored, behind.waiting, behind.dropped],
            ["behind", 5_002, 1, 1_001, 4_000]
          )
          server.thaw()
          yield* until(() => recording.status().waiting === 0)
          yield* recording.end("5 seconds")
          const kept = [0, 1, ...Array.from({ length: 1_000 }, (_, at) => 4_002 + at)]
          assert.deepStrictEqual(yield* idsOf(made), kept)
          assert.deepStrictEqual(
            yield* rowsOf(
              made,
              "SELECT venue, symbol, channel, reason, lost::int AS lost, repaired, told_by FROM gaps"
            ),
            [
              {
                venue: "reef",
                symbol: "BTCUSDT",
                channel: "trades",
                reason: "overflow",
                lost: 4_000,
                repaired: false,
                told_by: "store"
              }
            ]
          )
        }).pipe(Effect.scoped)
    )

    it.live("that hangs for longer than is waited for is given the same batch again, and has it once", () =>
      Effect.gen(function* () {
        const { made, recording } = yield* recorded({}, { patience: Duration.millis(300) })
        recording.add(trade(0))
        yield* until(() => recording.status().stored === 1)
        server.freeze()
        yield* Effect.addFinalizer(() => Effect.sync(() => server.thaw()))
        recording.add(trade(1))
        yield* until(() => recording.status().state === "down")
        assert.strictEqual(recording.status().reason, "no answer within 300ms")
        recording.add(trade(2))
        // a second attempt finds it as it was
        yield* Effect.sleep(1_000)
        server.thaw()
        yield* until(() => recording.status().stored === 3)
        yield* recording.end("5 seconds")
        assert.deepStrictEqual(yield* idsOf(made), [0, 1, 2])
      }).pipe(Effect.scoped)
    )

    it.live(
      "that dies and comes back has everything once: what did not fit into memory was spilled meanwhile",
      () =>
        Effect.gen(function* () {
          const place = yield* folder
          const spill = yield* Spill.open({ folder: place, size: 100_000_000 })
          const { made, recording } = yield* recorded({}, { spill, buffer: { events: 10_000, bytes: 1e9 } })
          recording.add(trade(0))
          yield* until(() => recording.status().stored === 1)
          yield* Effect.promise(() => server.kill())
          recording.add(trade(1))
          // that one stays at hand
          yield* until(() => recording.status().state === "down")
          let number = 2
          for (; number <= 30_000; number++) {
            recording.add(trade(number))
            // no faster than the disk takes what is spilled from half of the buffer on
            if (number % 100 === 0) yield* until(() => recording.status().waiting < 7_000)
          }
          const { dropped, reason, spilled, stored } = recording.status()
          assert.deepStrictEqual([stored, dropped], [1, 0])
          assert.isAbove(spilled ?? 0, 10_000)
          assert.match(reason ?? "", /^PostgreSQL at 127\.0\.0\.1:\d+\/postgres: /)
          yield* Effect.promise(() => server.start())
          yield* until(() => recording.status().state === "open" && recording.status().waiting === 0)
          assert.strictEqual(recording.status().spilled, 0)
          yield* recording.end("5 seconds")
          assert.deepStrictEqual(
            yield* idsOf(made),
            Array.from({ length: number }, (_, at) => at)
          )
        }).pipe(Effect.scoped),
      120_000
    )

    it.live("is given by the next run what this one had spilled, and knows what it has of it", () =>
      Effect.gen(function* () {
        const place = yield* folder
        const first = options({ absent: "wait" })
        const spilled = (events: ReadonlyArray<Told>) =>
          Effect.scoped(
            Effect.gen(function* () {
              const spill = yield* Spill.open({ folder: place, size: 100_000_000 })
              const { recording } = yield* recorded(first, { spill, writer: "one", buffer: { events: 10, bytes: 1e9 } })
              for (const event of events) recording.add(event)
              // the database is away: all of it goes to the disk
              yield* recording.end("1 second")
              return recording.status()
            })
          )
        yield* Effect.promise(() => server.kill())
        const { dropped, spilled: rows, stored } = yield* spilled([trade(1), trade(2), trade(3)])
        assert.deepStrictEqual([stored, dropped, rows], [0, 0, 3])
        yield* Effect.promise(() => server.start())
        const spill = yield* Spill.open({ folder: place, size: 100_000_000 })
        assert.deepStrictEqual([spill.batches > 0, spill.rows], [true, 3])
        const { recording } = yield* recorded(first, { spill, writer: "two" })
        recording.add(trade(4))
        yield* until(() => recording.status().stored === 4)
        assert.deepStrictEqual(yield* idsOf(first), [1, 2, 3, 4])
      }).pipe(Effect.scoped)
    )

    it.live(
      "that is not there fails the start, with its address, what is wrong and what to do, and without the password",
      () =>
        Effect.gen(function* () {
          const url = "postgres://tide:s3cret@127.0.0.1:1/market"
          const error = yield* Effect.flip(Effect.scoped(PostgresStore.open(options({ url }))))
          assert.match(error.message, /^PostgreSQL at 127\.0\.0\.1:1\/market: .*ECONNREFUSED/)
          assert.include(error.message, 'start the database, or set store.absent to "wait" to begin without it')
          assert.notInclude(JSON.stringify({ ...error, message: error.message }), "s3cret")
        })
    )

    it.live("lets go of what is too old", () =>
      Effect.gen(function* () {
        const now = yield* Effect.clockWith((clock) => clock.currentTimeMillis)
        const { made, recording, store } = yield* recorded({ retention: { age: Duration.hours(1) } })
        recording.add(trade(1, { exchangeTime: now - 3_600_001 }))
        recording.add(trade(2, { exchangeTime: now - 1_800_000 }))
        yield* until(() => recording.status().stored === 2)
        yield* store.maintain
        assert.deepStrictEqual(yield* idsOf(made), [2])
        assert.isAbove(store.bytes() ?? 0, 0)
      }).pipe(Effect.scoped)
    )

    it.live("is written out as Parquet, with exact amounts and UTC times", () =>
      Effect.gen(function* () {
        const place = yield* folder
        const { made, recording } = yield* recorded()
        recording.add(trade(1))
        recording.add(trade(2))
        recording.add(fill)
        yield* until(() => recording.status().stored === 3)
        const source = { kind: "postgres", ...made } as const
        const all = { venue: undefined, symbol: undefined, from: undefined, to: undefined }
        const write = (table: string, over: Partial<Exporting.Selection> = {}) => {
          const out = `${place}/${table}.parquet`
          const selection = { ...all, table: Tables.named(table)!, ...over }
          return Effect.flatMap(
            Exporting.write(source, selection, out, () => undefined),
            ({ rows }) =>
              Effect.map(
                Effect.scoped(Effect.flatMap(DuckDb.open(), (database) => database.rows(`FROM '${out}'`))),
                (found) => ({ rows, found })
              )
          )
        }
        const trades = yield* write("trades", { symbol: "BTCUSDT", from: NOON + 2 })
        assert.strictEqual(trades.rows, 1)
        assert.deepStrictEqual(trades.found[0], {
          venue: "reef",
          time: "2026-01-31 12:00:00.002",
          symbol: "BTCUSDT",
          exchange_time: "2026-01-31 12:00:00.002",
          received_time: "2026-01-31 12:00:00.002125",
          id: "2",
          price: trade(2).price,
          size: 0.001,
          side: "buy",
          origin: "stream",
          exact: null
        })
        const fills = yield* write("fills")
        assert.deepStrictEqual(
          fills.found.map(({ fee, price, size, venue }) => ({ fee, price, size, venue })),
          [{ fee: fill.fee, price: fill.price, size: fill.size, venue: fill.venue }]
        )
      }).pipe(Effect.scoped)
    )

    it.live("is asked in a transaction that changes nothing", () =>
      Effect.gen(function* () {
        const { made, recording } = yield* recorded()
        recording.add(trade(1))
        yield* until(() => recording.status().stored === 1)
        const ask = (sql: string) =>
          Effect.scoped(
            Effect.gen(function* () {
              const answer = yield* PostgresAsking.make(made).ask(sql)
              return { columns: answer.columns, rows: yield* answer.next }
            })
          )
        assert.deepStrictEqual(yield* ask("SELECT id, price, count(*) OVER () AS n FROM trades"), {
          columns: ["id", "price", "n"],
          rows: [["1", 60_000.11, 1]]
        })
        const messages = yield* Effect.forEach(
          [
            "DELETE FROM trades",
            "WITH gone AS (DELETE FROM trades RETURNING id) SELECT * FROM gone",
            "SELECT 1; DROP TABLE trades",
            "COPY trades TO '/tmp/tidewire-never'",
            "SELECT nothing FROM trades"
          ],
          (sql) => Effect.map(Effect.flip(ask(sql)), ({ message }) => message)
        )
        assert.match(messages[0]!, /does not only read/)
        assert.match(messages[1]!, /cannot execute .* in a read-only transaction/)
        assert.match(messages[2]!, /cannot insert multiple commands/)
        assert.match(messages[3]!, /does not only read/)
        assert.match(messages[4]!, /column "nothing" does not exist/)
        assert.deepStrictEqual(yield* idsOf(made), [1])
      }).pipe(Effect.scoped)
    )
  }
)
