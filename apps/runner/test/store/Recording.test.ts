/** Between the bus and a store: when batches are written, and what becomes of events that the store does not take. */
import * as fs from "node:fs"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { EventBus } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { TestClock } from "effect/testing"
import type { Told } from "../../src/output/Output.ts"
import * as DuckDbStore from "../../src/store/duckdb/DuckDbStore.ts"
import { EventBuffer } from "../../src/store/EventBuffer.ts"
import * as Recording from "../../src/store/Recording.ts"
import * as Segment from "../../src/store/Segment.ts"
import { type Batch, type Store, StoreError } from "../../src/store/Store.ts"
import * as Tables from "../../src/store/tables.ts"
import { bar, book, NOON, trade } from "./events.ts"
import { folder, rowsOf } from "./folders.ts"

/** A store that does what it is told to. */
const scripted = () => {
  const batches: Array<Batch> = []
  const script = { answer: Effect.void as Effect.Effect<void, StoreError> }
  const store: Store = {
    append: (batch) =>
      Effect.andThen(
        Effect.suspend(() => script.answer),
        Effect.sync(() => void batches.push(batch))
      ),
    last: () => Effect.succeed({ trades: [], bars: [] }),
    maintain: Effect.void,
    settle: Effect.void,
    bytes: () => undefined
  }
  const ids = () =>
    batches.map(({ parts }) =>
      parts.flatMap(({ lines }) => lines.map((line) => (JSON.parse(line) as { readonly id?: string }).id ?? line))
    )
  return { store, script, batches, ids }
}

const options: Recording.Options = {
  kind: "scripted",
  writer: "w",
  tables: Tables.tables,
  flushEvery: Duration.seconds(1),
  buffer: { events: 5, bytes: 1_000_000 }
}

describe("a recording", () => {
  it.effect("stores what came, each time that its interval is over and as soon as there is much of it", () =>
    Effect.gen(function* () {
      const { ids, store } = scripted()
      const recording = yield* Recording.make(store, { ...options, buffer: { events: 100_000, bytes: 1e9 } })
      yield* TestClock.adjust(0)
      recording.add(trade(1))
      recording.add(trade(2))
      yield* TestClock.adjust("999 millis")
      assert.deepStrictEqual(ids(), [])
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(ids(), [["1", "2"]])
      yield* TestClock.adjust("10 seconds")
      assert.lengthOf(ids(), 1, "nothing is stored where nothing came")
      for (let number = 0; number < 10_001; number++) recording.add(trade(number))
      // slices are encoded with pauses between them
      for (let turn = 0; turn < 30 && ids().length < 2; turn++) yield* TestClock.adjust(0)
      assert.deepStrictEqual(
        ids().map((each) => each.length),
        [2, 10_000]
      )
      yield* recording.end("1 second")
      assert.deepStrictEqual(recording.status(), {
        kind: "scripted",
        state: "open",
        taken: 10_003,
        stored: 10_003,
        waiting: 0,
        dropped: 0
      })
    })
  )

  it.effect("hears of what is kept only, and of bars as they have become", () =>
    Effect.gen(function* () {
      const { batches, store } = scripted()
      const bus = new EventBus.EventBus<Told>({ onFailure: ({ error }) => assert.fail(String(error)) })
      const recording = yield* Recording.make(store, options)
      const tables = Tables.wanted(["bars"])
      assert.deepStrictEqual(
        tables.map(({ name }) => name),
        ["bars", "gaps", "states"]
      )
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Recording.listen(recording, bus, tables)
          for (const event of [trade(1), book, bar(0, { isFinal: false }), bar(0)]) bus.publish(event)
        })
      )
      bus.publish(bar(1))
      yield* recording.end("1 second")
      assert.deepStrictEqual(
        batches.map(({ parts }) => parts),
        [[{ table: "bars", lines: [JSON.stringify(bar(0))] }]]
      )
    })
  )

  it.effect(
    "gives a batch again until it is taken, drops the oldest meanwhile, and tells the hole before what follows",
    () =>
      Effect.gen(function* () {
        const { batches, ids, script, store } = scripted()
        script.answer = Effect.fail(new StoreError({ message: "the disk is full" }))
        yield* TestClock.setTime(NOON)
        const recording = yield* Recording.make(store, options)
        recording.add(trade(1))
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual(recording.status(), {
          kind: "scripted",
          state: "down",
          reason: "the disk is full",
          taken: 1,
          stored: 0,
          waiting: 1,
          dropped: 0
        })
        for (let number = 2; number <= 9; number++) recording.add(trade(number))
        recording.add(trade(1, { symbol: "ETHUSDT" }))
        yield* TestClock.adjust("20 seconds")
        assert.deepStrictEqual([ids(), recording.status().waiting, recording.status().dropped], [[], 6, 4])
        script.answer = Effect.void
        yield* TestClock.adjust("10 seconds")
        assert.deepStrictEqual(
          batches.map(({ sequence, writer }) => [writer, sequence]),
          [
            ["w", 1],
            ["w", 2]
          ]
        )
        const [first, second] = batches.map(({ parts }) =>
          parts.map(
            ({ lines, table }) => [table, lines.map((line) => JSON.parse(line) as Record<string, unknown>)] as const
          )
        )
        assert.deepStrictEqual(first, [["trades", [{ ...trade(1) }]]])
        const [[, gaps] = [], [, trades] = []] = second!
        const toldAt = gaps?.[0]?.["receivedTime"]
        assert.isAbove(Number(toldAt), NOON + 20_000)
        assert.deepStrictEqual(gaps, [
          {
            type: "gap",
            venue: "reef",
            symbol: "BTCUSDT",
            receivedTime: toldAt,
            channel: "trades",
            reason: "overflow",
            from: trade(2).receivedTime,
            to: trade(5).receivedTime,
            lost: 4,
            repaired: false,
            toldBy: "store"
          }
        ])
        assert.deepStrictEqual(
          trades?.map(({ id, symbol }) => [symbol, id]),
          [
            ["BTCUSDT", "6"],
            ["BTCUSDT", "7"],
            ["BTCUSDT", "8"],
            ["BTCUSDT", "9"],
            ["ETHUSDT", "1"]
          ]
        )
        assert.deepStrictEqual(recording.status().state, "open")
      })
  )

  it.effect("says at the end how many it could not store, and why, when its time is over", () =>
    Effect.gen(function* () {
      const { script, store } = scripted()
      script.answer = Effect.never
      const recording = yield* Recording.make(store, options)
      recording.add(trade(1))
      recording.add(trade(2))
      const ended = yield* Effect.forkChild(Effect.flip(recording.end("5 seconds")))
      yield* TestClock.adjust("5 seconds")
      const { events, message } = yield* Fiber.join(ended)
      assert.deepStrictEqual(
        [events, message],
        [2, "2 events were not stored before the stop: the store did not keep up"]
      )
    })
  )

  it.live("goes on when the disk is full, and has everything once when it is not any more", () =>
    Effect.gen(function* () {
      const place = yield* folder
      const store = yield* DuckDbStore.open(place, { rollEvery: Duration.hours(1), rowsPerFile: 1e6, retention: {} })
      const full = path.join(place, "log", Segment.nameOf(1))
      // writes to it fail as on a disk that is full
      fs.symlinkSync("/dev/full", full)
      const recording = yield* Recording.make(store, { ...options, flushEvery: Duration.millis(20) })
      recording.add(trade(1))
      while (recording.status().state !== "down") yield* Effect.sleep(10)
      assert.match(recording.status().reason ?? "", /^the log cannot be written: ENOSPC/)
      recording.add(trade(2))
      fs.rmSync(full)
      while (recording.status().stored < 2) yield* Effect.sleep(10)
      yield* recording.end("5 seconds")
      assert.deepStrictEqual(yield* rowsOf(place, "SELECT id FROM trades ORDER BY id"), [{ id: "1" }, { id: "2" }])
    })
  )

  it.effect("cannot be opened where nothing can be written, and says where", () =>
    Effect.gen(function* () {
      const file = path.join(yield* folder, "file")
      fs.writeFileSync(file, "")
      const options = { rollEvery: Duration.hours(1), rowsPerFile: 1e6, retention: {} }
      const error = yield* Effect.flip(DuckDbStore.open(path.join(file, "events"), options))
      assert.match(error.message, /^the folder .*file\/events cannot be written to: ENOTDIR/)
    })
  )
})

describe("the buffer", () => {
  it("is bounded by bytes as well: a book takes as many as it has levels", () => {
    const buffer = new EventBuffer({ events: 1_000, bytes: 10_000 }, 1_000, () => undefined)
    const large = { ...book, bids: Array.from({ length: 100 }, (_, at): [number, number] => [at, 1]) }
    buffer.add(trade(1))
    buffer.add(large)
    assert.deepStrictEqual([buffer.size, buffer.dropped], [2, 0])
    buffer.add(large)
    assert.deepStrictEqual([buffer.size, buffer.dropped], [1, 2])
    buffer.take(10)
    assert.deepStrictEqual([buffer.size, buffer.bytes, buffer.fill], [0, 0, 0])
  })

  it("loses nothing that it does not count, over any series of adding and taking", () => {
    let seed = 3
    const next = (below: number) => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) % below
    const buffer = new EventBuffer({ events: 3_000, bytes: 1e9 }, 100, () => undefined)
    let [added, taken, last] = [0, 0, -1]
    let isOrdered = true
    for (let step = 0; step < 500; step++) {
      for (let count = next(3_000); count > 0; count--) buffer.add(trade(added++))
      for (const event of buffer.take(next(3_000))) {
        const number = Number((event as { readonly id: string }).id)
        isOrdered &&= number > last
        last = number
        taken++
      }
      assert.strictEqual(added, taken + buffer.dropped + buffer.size)
    }
    assert.isTrue(isOrdered)
    assert.isAbove(buffer.dropped, 0)
    assert.strictEqual(
      buffer.takeLosses().reduce((sum, { count }) => sum + count, 0),
      buffer.dropped
    )
  })
})
