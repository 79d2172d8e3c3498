import { assert, describe, it } from "@effect/vitest"
import { Event } from "@tidewire/core"
import * as Schema from "effect/Schema"
import { EventBatchReader, EventBatchWriter } from "../../src/workers/EventBatch.ts"

const read = (reader: EventBatchReader, writer: EventBatchWriter): ReadonlyArray<Event.Event> => {
  const events: Array<Event.Event> = []
  const { numbers, ...rest } = writer.take()
  // as a thread hands it over
  reader.read(structuredClone({ numbers, ...rest }, { transfer: [numbers.buffer] }), (event) => events.push(event))
  return events
}

/** Numbers as JSON has them: without a minus before a zero. */
const plain = <A>(value: A): A => JSON.parse(JSON.stringify(value)) as A

const trade = (id: string): Event.Trade => ({
  type: "trade",
  venue: "made-up",
  symbol: "BTCUSDT",
  receivedTime: 1_700_000_000_000.125,
  id,
  price: 0.1,
  size: 3,
  side: "sell",
  origin: "polling"
})

describe("event batches", () => {
  it.prop(
    "what is read is what was written, in its order, over any number of batches",
    [Schema.Array(Schema.Array(Event.Event))],
    ([batches]) => {
      const venue = batches.flat()[0]?.venue ?? ""
      const writer = new EventBatchWriter(venue)
      const reader = new EventBatchReader(venue)
      for (const batch of batches) {
        for (const event of batch) writer.add(event)
        assert.strictEqual(writer.events, batch.length)
        assert.deepStrictEqual(plain(read(reader, writer)), plain(batch))
        assert.strictEqual(writer.events, 0)
      }
    }
  )

  it("an id is the same text again, whether it is a number or only looks like one", () => {
    const ids = ["0", "7", "007", "3735683259", "999999999999999", "9007199254740993", "-1", "1e3", "", "4b2c-99", "٣"]
    const writer = new EventBatchWriter("made-up")
    for (const id of ids) writer.add(trade(id))
    assert.deepStrictEqual(read(new EventBatchReader("made-up"), writer), ids.map(trade))
  })

  it("what a float64 does not hold, and what another venue says, comes as it was", () => {
    const events = [
      { ...trade("1"), exact: { size: "3.00000000000000001" } },
      { ...trade("2"), venue: "other" }
    ]
    const writer = new EventBatchWriter("made-up")
    for (const event of events) writer.add(event)
    assert.deepStrictEqual(read(new EventBatchReader("made-up"), writer), events)
  })

  it("fields come in the order of the published shape", () => {
    const writer = new EventBatchWriter("made-up")
    writer.add({ ...trade("1"), exchangeTime: 5 })
    assert.deepStrictEqual(
      read(new EventBatchReader("made-up"), writer).map((event) => Object.keys(event)),
      [["type", "venue", "symbol", "exchangeTime", "receivedTime", "id", "price", "size", "side", "origin"]]
    )
  })

  it("a book of any depth fits", () => {
    const levels = Array.from({ length: 10_000 }, (_, index): Event.Level => [index / 10, index])
    const book = {
      type: "book",
      venue: "made-up",
      symbol: "BTCUSDT",
      receivedTime: 1,
      kind: "snapshot",
      bids: levels,
      asks: levels,
      sequence: 9
    } as const
    const writer = new EventBatchWriter("made-up")
    writer.add(trade("1"))
    writer.add(book)
    assert.deepStrictEqual(read(new EventBatchReader("made-up"), writer), [trade("1"), book])
  })
})
