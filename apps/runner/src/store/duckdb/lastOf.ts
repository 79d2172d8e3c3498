/** What is stored last of each series: of the days that matter, Parquet and log together. */
import * as Effect from "effect/Effect"
import { type Last, RECENT_IDS, type Store, type StoreError } from "../Store.ts"
import * as Reading from "./reading.ts"

type Range = Parameters<Store["last"]>[0]

export const lastOf = (folder: string, range: Range): Effect.Effect<Last, StoreError> =>
  Effect.gen(function* () {
    const database = yield* Reading.open(folder, {
      closed: false,
      tables: ["trades", "bars"],
      from: new Date(range.from).toISOString().slice(0, 10),
      settings: { threads: "1" }
    })
    const at = (ms: number) => `make_timestamp(CAST(${Math.floor(ms * 1_000)} AS BIGINT))`
    const where = `time >= ${at(range.from)} AND received_time < ${at(range.before)}`
    // ids that are numbers are ordered by themselves: two trades may have the same time
    const trades = yield* database.rows(
      `WITH recent AS (SELECT venue, symbol, id, try_cast(id AS HUGEINT) AS number, time FROM trades WHERE ${where})
       SELECT venue, symbol, arg_max(id, coalesce(number, epoch_us(time))) AS id, max(epoch_ms(time)) AS time,
              CASE WHEN bool_or(number IS NULL) THEN max_by(id, time, ${RECENT_IDS}) ELSE [] END AS ids
       FROM recent GROUP BY ALL`
    )
    const bars = yield* database.rows(
      `SELECT venue, symbol, "interval", max(epoch_ms(open_time)) AS open_time FROM bars
       WHERE ${where} GROUP BY ALL`
    )
    return {
      trades: trades.map(({ id, ids, symbol, time, venue }) => ({
        venue: String(venue),
        symbol: String(symbol),
        id: String(id),
        time: Number(time),
        recentIds: (ids as ReadonlyArray<string>).map(String)
      })),
      bars: bars.map((row) => ({
        venue: String(row["venue"]),
        symbol: String(row["symbol"]),
        interval: String(row["interval"]),
        openTime: Number(row["open_time"])
      }))
    }
  }).pipe(Effect.scoped)
