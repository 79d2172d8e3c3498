/**
 * What a store takes: `node apps/runner/bench/store.ts [postgres url]` prints, for Parquet files and for the PostgreSQL at the URL,
 * trades acknowledged a second, bytes a trade, and what the bus pays for an event. The figures are in docs/storage.md.
 */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { type Event, EventBus } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Told } from "../src/output/Output.ts"
import * as DuckDbStore from "../src/store/duckdb/DuckDbStore.ts"
import { encode } from "../src/store/encode.ts"
import * as PostgresStore from "../src/store/postgres/PostgresStore.ts"
import * as Recording from "../src/store/Recording.ts"
import type { Store } from "../src/store/Store.ts"
import * as Tables from "../src/store/tables.ts"

const BATCHES = 100
const BATCH = 5_000

/** As a venue sends them: prices that walk, sizes of few digits. */
const trades = (): ReadonlyArray<Event.Trade> => {
  let [seed, price] = [1, 60_000]
  const next = (below: number) => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) % below
  const start = Date.UTC(2026, 0, 31)
  return Array.from({ length: BATCHES * BATCH }, (_, number) => ({
    type: "trade",
    venue: "binance",
    symbol: ["BTCUSDT", "ETHUSDT", "SOLUSDT"][number % 3]!,
    exchangeTime: start + Math.floor(number / 20),
    receivedTime: start + number / 20 + next(1_000) / 1_000 + 5,
    id: String(3_700_000_000 + number),
    price: Math.round((price += (next(21) - 10) / 100) * 100) / 100,
    size: (next(1_000) + 1) / 100_000,
    side: next(2) === 0 ? "buy" : "sell",
    origin: "stream"
  }))
}

const all = trades()

const taken = (store: Store) =>
  Effect.gen(function* () {
    const began = performance.now()
    for (let at = 0; at < BATCHES; at++) {
      const batch = yield* encode(all.slice(at * BATCH, (at + 1) * BATCH), {
        writer: `bench-${began}`,
        sequence: at + 1
      })
      yield* store.append(batch)
    }
    return Math.round(all.length / ((performance.now() - began) / 1_000))
  })

const say = (text: string): void => void process.stdout.write(`${text}\n`)

const duckdb = Effect.gen(function* () {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tidewire-bench-"))
  yield* Effect.addFinalizer(() => Effect.sync(() => fs.rmSync(folder, { recursive: true, force: true })))
  const options = { rollEvery: Duration.hours(1), rowsPerFile: 1_000_000, retention: {} }
  const store = yield* DuckDbStore.open(folder, options)
  const perSecond = yield* taken(store)
  yield* store.maintain
  const log = store.bytes() ?? 0
  const began = performance.now()
  yield* store.settle
  const converting = performance.now() - began
  yield* store.maintain
  const bytes = (count: number) => (count / all.length).toFixed(1)
  say(
    `duckdb: ${perSecond} trades/s acknowledged; ${bytes(log)} bytes a trade in the log, ${bytes(store.bytes() ?? 0)} in Parquet`
  )
  say(
    `duckdb: ${Math.round(all.length / (converting / 1_000))} trades/s from the log to Parquet, on a thread of its own`
  )

  const recording = yield* Recording.make(store, {
    kind: "duckdb",
    writer: "bus",
    tables: Tables.tables,
    flushEvery: Duration.minutes(1),
    buffer: { events: 10_000_000, bytes: 1e12 }
  })
  const measured = (bus: EventBus.EventBus<Told>): number => {
    const began = performance.now()
    for (const trade of all) bus.publish(trade)
    return ((performance.now() - began) * 1e6) / all.length
  }
  const onFailure = () => undefined
  const [without, listened] = [new EventBus.EventBus<Told>({ onFailure }), new EventBus.EventBus<Told>({ onFailure })]
  let heard = 0
  without.on("trade", () => void heard++)
  listened.on("trade", () => void heard++)
  yield* Recording.listen(recording, listened, Tables.tables)
  const [before, after] = [measured(without), measured(listened)]
  say(`bus: ${before.toFixed(0)} ns an event without a store, ${after.toFixed(0)} ns with one`)
  yield* recording.end("1 minute")
})

const postgres = (url: string) =>
  Effect.gen(function* () {
    const store = yield* PostgresStore.open({ url, schema: "tidewire_bench", absent: "fail", retention: {} })
    const perSecond = yield* taken(store)
    yield* store.maintain
    say(
      `postgres: ${perSecond} trades/s acknowledged; ${((store.bytes() ?? 0) / all.length).toFixed(0)} bytes a trade with its index`
    )
  })

const [, , url] = process.argv
await Effect.runPromise(Effect.scoped(url === undefined ? duckdb : postgres(url)))
