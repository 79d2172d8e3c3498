/** What is left of a store when its process is killed. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import * as path from "node:path"
import { fileURLToPath } from "node:url"
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as DuckDb from "../../src/store/duckdb/database.ts"
import * as DuckDbStore from "../../src/store/duckdb/DuckDbStore.ts"
import { folder, rowsOf } from "./folders.ts"

const ROUNDS = 20

const fixture = fileURLToPath(new URL("../fixtures/storeWriter.ts", import.meta.url))

/** Runs a writer and kills it so long after it has stored the first; gives how many it said were stored. */
const killed = async (place: string, round: number, afterMs: number): Promise<number> => {
  const child = spawn(process.execPath, [fixture, place, String(round)], { stdio: ["ignore", "pipe", "pipe"] })
  let [text, complaint] = ["", ""]
  child.stdout.on("data", (chunk) => {
    if (text === "") setTimeout(() => child.kill("SIGKILL"), afterMs)
    text += String(chunk)
  })
  child.stderr.on("data", (chunk) => (complaint += String(chunk)))
  const [, signal] = (await once(child, "close")) as [number | null, string | null]
  assert.deepStrictEqual([signal, complaint], ["SIGKILL", ""])
  // what follows the last line break was cut off by the kill
  return Number(text.slice(0, text.lastIndexOf("\n")).split("\n").at(-1))
}

/** The same every time. */
const random = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

describe("a store that is killed", () => {
  it.live(
    `has every event that it acknowledged exactly once, after ${ROUNDS} kills under load at any moment`,
    () =>
      Effect.gen(function* () {
        const place = yield* folder
        const next = random(8)
        const acknowledged: Array<number> = []
        let compacted = false
        for (let round = 0; round < ROUNDS; round++) {
          acknowledged.push(yield* Effect.promise(() => killed(place, round, Math.floor(next() * 900))))
          const rows = yield* rowsOf(
            place,
            `SELECT symbol, count(*)::INTEGER AS rows, count(DISTINCT id)::INTEGER AS ids, max(id::INTEGER) AS last FROM trades GROUP BY symbol`
          )
          for (const [at, stored] of acknowledged.entries()) {
            const found = rows.find(({ symbol }) => symbol === `ROUND${at}`)
            const { ids = 0, last = -1, rows: count = 0 } = (found ?? {}) as Readonly<Record<string, number>>
            assert.isAtLeast(count, stored, `round ${at}, after ${round}: nothing that was acknowledged is missing`)
            assert.deepStrictEqual(
              [ids, last],
              [count, count - 1],
              `round ${at}, after ${round}: nothing is there twice`
            )
          }
          const log = fs.readdirSync(path.join(place, "log"))
          const files = fs.readdirSync(place, { recursive: true, encoding: "utf8" })
          compacted ||= files.some((name) => /tw-(\d+)-(?!\1)\d+\.parquet$/.test(name))
          assert.isBelow(log.length, 100)
        }
        assert.isTrue(compacted, "files were put together under load")
        assert.isAbove(
          acknowledged.reduce((sum, each) => sum + each, 0),
          ROUNDS * 500
        )

        // once it has ended well, any reader of Parquet sees the same
        yield* Effect.scoped(
          Effect.gen(function* () {
            const store = yield* DuckDbStore.open(place, {
              rollEvery: Duration.hours(1),
              rowsPerFile: 1_000_000,
              retention: {}
            })
            yield* store.maintain
          })
        )
        const [own] = yield* rowsOf(place, "SELECT count(*)::INTEGER AS rows FROM trades")
        const glob = yield* Effect.scoped(
          Effect.flatMap(DuckDb.open(), (database) =>
            database.rows(
              `SELECT count(*)::INTEGER AS rows FROM read_parquet('${place}/trades/**/*.parquet', hive_partitioning = true)`
            )
          )
        )
        assert.deepStrictEqual(glob, [own!])
        assert.deepStrictEqual(fs.readdirSync(path.join(place, "log")), [])
      }).pipe(Effect.scoped),
    300_000
  )
})
