/**
 * Events in PostgreSQL: a table for each kind, hypertables where the extension TimescaleDB is in the database.
 *
 * Guarantees: a batch is one transaction, with its number in `batches`, so that one that is given again (its answer was lost, or
 * it was spilled) is stored once. Bars are upserted by venue, symbol, interval and open time.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as SqlClient from "effect/sql/SqlClient"
import type { PostgresEntry } from "../../configuration/StoreEntry.ts"
import { type Batch, type Last, RECENT_IDS, type Store, StoreError } from "../Store.ts"
import * as Tables from "../tables.ts"
import * as Client from "./client.ts"
import * as Definition from "./schema.ts"

export type Options = Pick<PostgresEntry, "url" | "schema" | "absent" | "retention">

/** How long the database may take to answer at a start. */
const START_WITHIN = Duration.seconds(15)

const RETAIN_EVERY = Duration.hours(1)

/** Numbers of batches are kept for so long: far longer than a spill waits. */
const BATCHES_FOR = "30 days"

export const open = (options: Options): Effect.Effect<Store, StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const sql = yield* Client.open(options)
    const store = new PostgresStore(sql, options)
    const begun = store.begin.pipe(
      Effect.timeoutOrElse({
        duration: START_WITHIN,
        orElse: () => Effect.fail(new StoreError({ message: `no answer within ${Duration.format(START_WITHIN)}` }))
      })
    )
    yield* options.absent === "fail"
      ? Effect.mapError(
          begun,
          ({ cause, message }) =>
            new StoreError({
              message: `${message}; start the database, or set store.absent to "wait" to begin without it`,
              cause
            })
        )
      : Effect.catch(begun, ({ message }) =>
          Effect.annotateLogs(Effect.logWarning("the database is not there: events wait for it"), { reason: message })
        )
    return store
  })

class PostgresStore implements Store {
  readonly #sql: SqlClient.SqlClient
  readonly #options: Options
  #isReady = false
  #hasTimescale = false
  #retained = -Infinity
  #bytes: number | undefined

  constructor(sql: SqlClient.SqlClient, options: Options) {
    this.#sql = sql
    this.#options = options
  }

  /** Makes what is not there. */
  get begin(): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      if (this.#isReady) return
      const { schema } = this.#options
      // two that begin at once would both make what neither has found
      const made = this.#sql.withTransaction(
        Effect.gen({ self: this }, function* () {
          yield* this.#run("SELECT pg_advisory_xact_lock(hashtext($1))", [`tidewire ${schema}`])
          yield* this.#run(`CREATE SCHEMA IF NOT EXISTS ${Definition.quoted(schema)}`)
          yield* this.#run(Definition.batches(schema))
          for (const table of Tables.tables) {
            for (const statement of Definition.definitions(schema, table)) yield* this.#run(statement)
          }
        })
      )
      yield* Effect.mapError(made, this.#describe)
      yield* this.#timescale
      this.#isReady = true
    })
  }

  append({ parts, sequence, writer }: Batch): Effect.Effect<void, StoreError> {
    const { schema } = this.#options
    return Effect.gen({ self: this }, function* () {
      yield* this.begin
      const stored = this.#sql.withTransaction(
        Effect.gen({ self: this }, function* () {
          const fresh = yield* this.#run(
            `INSERT INTO ${Definition.quoted(schema)}.batches (writer, sequence) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING sequence`,
            [writer, sequence]
          )
          if (fresh.length === 0) return
          for (const { lines, table: name } of parts) {
            const table = Tables.named(name)
            if (table !== undefined) yield* this.#run(Definition.insertion(schema, table), [`[${lines.join(",")}]`])
          }
        })
      )
      yield* Effect.mapError(stored, this.#describe)
    })
  }

  last({ before, from }: Parameters<Store["last"]>[0]): Effect.Effect<Last, StoreError> {
    const where = "time >= to_timestamp($1::float8 / 1000) AND received_time < to_timestamp($2::float8 / 1000)"
    const { schema } = this.#options
    return Effect.gen({ self: this }, function* () {
      yield* this.begin
      const trades = yield* this.#run(
        `WITH recent AS (
           SELECT venue, symbol, id, time, id ~ '^[0-9]{1,30}$' AS numbered FROM ${Definition.quoted(schema)}.trades WHERE ${where}
         ), ranked AS (
           SELECT *, row_number() OVER (PARTITION BY venue, symbol ORDER BY CASE WHEN numbered THEN id::numeric END DESC NULLS LAST, time DESC) AS rank
           FROM recent
         )
         SELECT venue, symbol, (array_agg(id ORDER BY rank))[1] AS id, extract(epoch FROM max(time))::float8 * 1000 AS time,
                coalesce(array_agg(id) FILTER (WHERE NOT numbered AND rank <= ${RECENT_IDS}), '{}') AS ids
         FROM ranked WHERE rank <= ${RECENT_IDS} GROUP BY venue, symbol`,
        [from, before]
      )
      const bars = yield* this.#run(
        `SELECT venue, symbol, "interval", extract(epoch FROM max(open_time))::float8 * 1000 AS open_time
         FROM ${Definition.quoted(schema)}.bars WHERE ${where} GROUP BY venue, symbol, "interval"`,
        [from, before]
      )
      return {
        trades: trades.map((row) => ({
          venue: String(row["venue"]),
          symbol: String(row["symbol"]),
          id: String(row["id"]),
          time: Number(row["time"]),
          recentIds: row["ids"] as ReadonlyArray<string>
        })),
        bars: bars.map((row) => ({
          venue: String(row["venue"]),
          symbol: String(row["symbol"]),
          interval: String(row["interval"]),
          openTime: Math.round(Number(row["open_time"]))
        }))
      }
    }).pipe(Effect.mapError(this.#describe))
  }

  get maintain(): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const now = yield* Clock.currentTimeMillis
      if (!this.#isReady || now - this.#retained < Duration.toMillis(RETAIN_EVERY)) return
      this.#retained = now
      const schema = Definition.quoted(this.#options.schema)
      yield* this.#run(`DELETE FROM ${schema}.batches WHERE stored_at < now() - interval '${BATCHES_FOR}'`)
      const { age } = this.#options.retention
      if (age !== undefined) yield* this.#retain(now - Duration.toMillis(age))
      const [size] = yield* this.#run(
        "SELECT sum(pg_total_relation_size(c.oid))::float8 AS bytes FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r'",
        [this.#options.schema]
      )
      this.#bytes = Number(size?.["bytes"] ?? 0)
    }).pipe(Effect.mapError(this.#describe))
  }

  readonly settle = Effect.void

  /** As it was an hour ago at most. */
  readonly bytes = (): number | undefined => this.#bytes

  /** Whole chunks of a hypertable; elsewhere row by row. */
  #retain(oldest: number) {
    return Effect.gen({ self: this }, function* () {
      const schema = Definition.quoted(this.#options.schema)
      let removed = 0
      for (const { name } of Tables.tables) {
        const place = `${schema}.${Definition.quoted(name)}`
        const gone = this.#hasTimescale
          ? yield* this.#run(`SELECT drop_chunks('${place}', to_timestamp($1::float8 / 1000))`, [oldest])
          : yield* this.#run(
              `WITH gone AS (DELETE FROM ${place} WHERE time < to_timestamp($1::float8 / 1000) RETURNING 1) SELECT count(*)::float8 AS rows FROM gone`,
              [oldest]
            )
        removed += this.#hasTimescale ? gone.length : Number(gone[0]?.["rows"] ?? 0)
      }
      if (removed === 0) return
      yield* Effect.annotateLogs(Effect.logInfo("the store has let go of its oldest"), {
        [this.#hasTimescale ? "chunks" : "rows"]: removed
      })
    })
  }

  get #timescale() {
    return Effect.gen({ self: this }, function* () {
      const found = yield* this.#run("SELECT 1 AS found FROM pg_extension WHERE extname = 'timescaledb'")
      if (found.length === 0) return
      for (const { name } of Tables.tables) {
        yield* this.#run(
          `SELECT create_hypertable('${Definition.quoted(this.#options.schema)}.${Definition.quoted(name)}', 'time', chunk_time_interval => interval '1 day', if_not_exists => true, migrate_data => true)`
        )
      }
      this.#hasTimescale = true
    }).pipe(Effect.mapError(this.#describe))
  }

  #run(statement: string, parameters: ReadonlyArray<unknown> = []) {
    return this.#sql.unsafe<Readonly<Record<string, unknown>>>(statement, parameters)
  }

  get #describe() {
    return Client.describe(this.#options.url)
  }
}
