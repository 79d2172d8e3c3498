import type { Event } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as ApiServer from "../../src/http/ApiServer.ts"
import { type Chunk, MOST_BYTES, MOST_EVENTS, StreamClient } from "../../src/http/streams/StreamClient.ts"
import * as Wire from "../../src/http/streams/Wire.ts"
import { entry, instance } from "./instance.ts"
import { eventually, listen } from "./sse.ts"

const trade = (id: number): Event.Trade => ({
  type: "trade",
  venue: "reef",
  symbol: "BTCUSDT",
  receivedTime: 1_700_000_000_000 + id,
  id: String(id),
  price: 61_234.5,
  size: 0.125,
  side: "buy",
  origin: "stream"
})

/** More than the buffers of both ends of a connection hold, and than a client may keep. */
const EVENTS = 150_000
const A_TURN = 500

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe("a client that does not read", () => {
  it.live(
    "loses the oldest, is told how many when it reads again, and holds up nobody",
    () =>
      Effect.gen(function* () {
        const running = instance()
        const { url } = yield* ApiServer.open(running, {}, entry)
        yield* Effect.promise(async () => {
          const stuck = await listen(`${url}/api/stream`)
          stuck.response.pause()
          const quick = await listen(`${url}/api/stream?type=trade`)
          const before = process.memoryUsage().rss
          const waits: Array<number> = []
          for (let id = 0; id < EVENTS; id += A_TURN) {
            const started = performance.now()
            for (let index = 0; index < A_TURN; index++) running.bus.publish(trade(id + index))
            waits.push((performance.now() - started) / A_TURN)
            // the reader shares this event loop: it is given its time
            while (quick.messages.length < id - 2_000) await nextTurn()
            await nextTurn()
          }
          await eventually(() => quick.messages.length === EVENTS)
          const lostByNow = ((await (await fetch(`${url}/api/status`)).json()) as { clients: { lost: number } }).clients
            .lost
          stuck.response.resume()
          const counted = () =>
            stuck.messages.reduce((sum, { data, event }) => sum + (event === "lost" ? (data["lost"] as number) : 1), 0)
          await eventually(() => counted() === EVENTS)
          const lost = stuck.messages.filter(({ event }) => event === "lost")
          const ids = stuck.messages.flatMap(({ data, event }) => (event === "trade" ? [Number(data["id"])] : []))
          assert.deepStrictEqual(
            quick.messages.map(({ data }) => data["id"]),
            Array.from({ length: EVENTS }, (_, id) => String(id))
          )
          assert.strictEqual(lost.length, 1)
          assert.deepStrictEqual([lost[0]!.data["lost"], ids.at(-1)], [lostByNow, EVENTS - 1])
          assert.isAbove(lostByNow, 1_000)
          // in order, with one hole
          assert.strictEqual(ids.filter((id, index) => index > 0 && id !== ids[index - 1]! + 1).length, 1)
          assert.isBelow(process.memoryUsage().rss - before, 400 * 1024 * 1024)
          assert.isBelow(waits.toSorted((a, b) => a - b)[Math.floor(waits.length / 2)]!, 0.05)
          stuck.close()
          quick.close()
        })
      }).pipe(Effect.scoped),
    60_000
  )
})

describe("what waits for a client", () => {
  const chunk = (length: number, events: number): Chunk => ({ bytes: new Uint8Array(length), events })

  it("is bounded by bytes and by events, the oldest give way and are counted once", () => {
    for (const one of [chunk(100_000, 10), chunk(100, 1_000)]) {
      const written: Array<number> = []
      let isOpen = false
      const client = new StreamClient(
        Wire.sse,
        { write: (bytes) => (written.push(bytes.length), isOpen), end: () => undefined },
        []
      )
      client.take(chunk(1, 1))
      client.write()
      for (let index = 0; index < 100; index++) client.take(one)
      const kept = Math.min(Math.floor(MOST_BYTES / one.bytes.length), Math.floor(MOST_EVENTS / one.events))
      assert.deepStrictEqual(
        [client.isReady, client.isBlocked, client.waiting, client.lost],
        [false, true, kept * one.bytes.length, (100 - kept) * one.events]
      )
      isOpen = true
      client.drained()
      client.write()
      client.write()
      const told = Wire.sse.lost((100 - kept) * one.events).length
      assert.deepStrictEqual(written, [1, told, ...Array.from({ length: kept }, () => one.bytes.length)])
    }
  })
})

describe("a frame", () => {
  it("has the length that it says, in each of the three forms", () => {
    const lengths = [0, 125, 126, 65_535, 65_536].map((length) => {
      const frame = Wire.textFrame("x".repeat(length))
      const view = new DataView(frame.buffer)
      const short = frame[1]!
      const said = short < 126 ? short : short === 126 ? view.getUint16(2) : Number(view.getBigUint64(2))
      return [frame[0], said, frame.length - length]
    })
    assert.deepStrictEqual(lengths, [
      [0x81, 0, 2],
      [0x81, 125, 2],
      [0x81, 126, 4],
      [0x81, 65_535, 4],
      [0x81, 65_536, 10]
    ])
  })
})
