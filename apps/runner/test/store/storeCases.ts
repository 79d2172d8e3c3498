/** What every kind of store must do, whatever it keeps events in. */
import { assert, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Told } from "../../src/output/Output.ts"
import { encode } from "../../src/store/encode.ts"
import type { Store, StoreError } from "../../src/store/Store.ts"
import { bar, book, fill, NOON, trade } from "./events.ts"

export interface Kind {
  /** An empty one. */
  readonly open: Effect.Effect<Opened, StoreError, Scope.Scope>
}

export interface Opened {
  readonly store: Store
  readonly rows: (sql: string) => Effect.Effect<ReadonlyArray<Readonly<Record<string, unknown>>>, StoreError>
}

const append = (store: Store, sequence: number, events: ReadonlyArray<Told>) =>
  Effect.flatMap(encode(events, { writer: "test", sequence }), (batch) => store.append(batch))

const range = { from: NOON - 1_000, before: NOON + 3_600_000 }

export const cases = ({ open }: Kind): void => {
  it.live("gives back what it was given, with the venue's digits, the time's microseconds and every level", () =>
    Effect.gen(function* () {
      const { rows, store } = yield* open
      yield* append(store, 1, [trade(1, { exact: { price: "60000.110000000000001" } }), book, fill])
      const micros = "extract(epoch FROM received_time)"
      const [kept] = yield* rows(
        `SELECT venue, id, price, side, CAST(exact AS VARCHAR) AS exact, CAST(round(${micros} * 1000000) AS BIGINT)::text AS received FROM trades`
      )
      assert.deepStrictEqual(
        { ...kept, exact: JSON.parse(String(kept?.["exact"])) as unknown },
        {
          venue: "reef",
          id: "1",
          price: 60_000.11,
          side: "buy",
          exact: { price: "60000.110000000000001" },
          received: `${NOON + 1}125`
        }
      )
      const [level] = yield* rows("SELECT bids, asks, sequence::text AS sequence FROM books")
      assert.deepStrictEqual(level, { bids: book.bids, asks: book.asks, sequence: "9007199254740991" })
      const [money] = yield* rows("SELECT venue, price::text AS price, size::text AS size, fee::text AS fee FROM fills")
      assert.deepStrictEqual(money, { venue: fill.venue, price: fill.price, size: fill.size, fee: fill.fee })
    })
  )

  it.live("has a batch once that is given twice, as after an answer that was lost", () =>
    Effect.gen(function* () {
      const { rows, store } = yield* open
      yield* append(store, 1, [trade(1), trade(2)])
      yield* append(store, 1, [trade(1), trade(2)])
      yield* append(store, 2, [trade(3)])
      assert.deepStrictEqual(
        (yield* rows("SELECT id FROM trades ORDER BY time")).map(({ id }) => id),
        ["1", "2", "3"]
      )
    })
  )

  it.live("has a bar once, as it came last", () =>
    Effect.gen(function* () {
      const { rows, store } = yield* open
      const later = NOON + 600_000
      yield* append(store, 1, [bar(0), bar(1), bar(1, { close: 9, receivedTime: later })])
      yield* append(store, 2, [bar(0, { close: 7, receivedTime: later })])
      assert.deepStrictEqual(yield* rows(`SELECT "interval", close FROM bars ORDER BY open_time`), [
        { interval: "1m", close: 7 },
        { interval: "1m", close: 9 }
      ])
    })
  )

  it.live("knows what it had last of each series before a run: by number, or the latest where ids are none", () =>
    Effect.gen(function* () {
      const { store } = yield* open
      assert.deepStrictEqual(yield* store.last(range), { trades: [], bars: [] })
      // of two at the same time the higher number is the later, also where it is longer
      const same = { exchangeTime: NOON + 5 }
      yield* append(store, 1, [
        trade(10, same),
        trade(9, same),
        trade(7, { symbol: "ETHUSDT", id: "a-7" }),
        trade(8, { symbol: "ETHUSDT", id: "a-8" }),
        trade(11, { receivedTime: range.before }),
        trade(3, { symbol: "OLDUSDT", exchangeTime: range.from - 1 }),
        bar(0),
        bar(1)
      ])
      const { bars, trades } = yield* store.last(range)
      assert.deepStrictEqual(
        trades
          .toSorted((a, b) => (a.symbol < b.symbol ? -1 : 1))
          .map((each) => ({ ...each, recentIds: each.recentIds.toSorted() })),
        [
          { venue: "reef", symbol: "BTCUSDT", id: "10", time: NOON + 5, recentIds: [] },
          { venue: "reef", symbol: "ETHUSDT", id: "a-8", time: NOON + 8, recentIds: ["a-7", "a-8"] }
        ]
      )
      assert.deepStrictEqual(bars, [{ venue: "reef", symbol: "BTCUSDT", interval: "1m", openTime: NOON + 60_000 }])
    })
  )
}
