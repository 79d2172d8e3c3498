/**
 * The whole way, from sockets to lines of NDJSON, on what real venues sent. The books are compared with ones that are
 * built here, from the raw frames, with the decimal texts themselves.
 */
import type { Event } from "@tidewire/core"
import { Decimal } from "@tidewire/core"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { play, type Player, readRecording, type Recording, recordingPath } from "./recording.ts"
import { type Command, tidewire } from "./tidewire.ts"

type Side = Map<string, string>

/** A naive book of texts: what the venue's own words add up to. */
class TextBook {
  readonly bids: Side = new Map()
  readonly asks: Side = new Map()

  /** The hashes of all levels, added up. */
  #sum = 0

  apply(bids: Iterable<readonly [string, string]>, asks: Iterable<readonly [string, string]>): void {
    for (const [price, size] of bids) this.#set(this.bids, "b", plain(price), plain(size))
    for (const [price, size] of asks) this.#set(this.asks, "a", plain(price), plain(size))
  }

  #set(side: Side, tag: string, price: string, size: string): void {
    const before = side.get(price)
    if (before !== undefined) this.#sum -= hash(`${tag}${price}x${before}`)
    side.delete(price)
    if (Number(size) === 0) return
    side.set(price, size)
    this.#sum += hash(`${tag}${price}x${size}`)
  }

  best(): readonly [string | undefined, string | undefined] {
    const by = (side: Side, better: (a: number, b: number) => boolean) =>
      [...side.keys()].reduce<string | undefined>(
        (best, price) => (best === undefined || better(Number(price), Number(best)) ? price : best),
        undefined
      )
    return [by(this.bids, (a, b) => a > b), by(this.asks, (a, b) => a < b)]
  }

  /** The same for the same book, whatever the order of its levels. */
  fingerprint(): string {
    return `${this.bids.size} bids, ${this.asks.size} asks, ${this.#sum}`
  }
}

/** FNV-1a. */
const hash = (text: string): number => {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0
  return value
}

/** Without trailing zeros, as `Decimal.format` writes it. */
const plain = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text)

const formatted = (levels: ReadonlyArray<Event.Level>) =>
  levels.map(([price, size]) => [Decimal.format(price), Decimal.format(size)] as const)

/** As `deepStrictEqual` of two long lists, but a difference is told in a line. */
const assertSame = <A>(received: ReadonlyArray<A>, sent: ReadonlyArray<A>): void => {
  const different = sent.findIndex((each, index) => each !== received[index])
  assert.deepStrictEqual([received.length, different, received[different]], [sent.length, -1, undefined])
}

interface RawDepth {
  readonly U: number
  readonly u: number
  readonly b: Array<[string, string]>
  readonly a: Array<[string, string]>
}

interface Case {
  readonly file: string
  readonly venue: string
  /** What is subscribed, and the recorded stream that stands for it. */
  readonly topics: ReadonlyMap<string, string>
  readonly channels: string
  readonly hasTrades: boolean
}

const cases: ReadonlyArray<Case> = [
  {
    file: "binance-spot-btcusdt-20240808.gz",
    venue: "binance",
    channels: "trades,quotes,book",
    hasTrades: true,
    topics: new Map([
      ["btcusdt@trade", "btcusdt@trade"],
      ["btcusdt@bookTicker", "btcusdt@bookTicker"],
      ["btcusdt@depth@100ms", "btcusdt@depth@100ms"]
    ])
  },
  {
    file: "binance-usdm-btcusdt-20240808.gz",
    venue: "binance-usdm",
    // the recording has `trade`, which the adapter does not use
    channels: "quotes,book",
    hasTrades: false,
    topics: new Map([
      ["btcusdt@bookTicker", "btcusdt@bookTicker"],
      ["btcusdt@depth@100ms", "btcusdt@depth@0ms"]
    ])
  }
]

for (const { channels, file, hasTrades, topics, venue } of cases) {
  const path = recordingPath(file)
  describe.skipIf(path === undefined)(`stream of the recording ${file}`, () => {
    let recording: Recording
    let player: Player
    let command: Command
    let raw: ReadonlyArray<{ readonly stream: string; readonly data: Record<string, unknown> }>

    beforeAll(async () => {
      recording = await readRecording(path!)
      raw = recording.frames.map(({ stream, text }) => ({ stream, data: JSON.parse(text).data }))
      player = await play(recording, topics)
      command = tidewire(
        "stream",
        `${venue}:btcusdt`,
        channels,
        "--endpoint",
        `stream=${player.wsUrl}`,
        "--endpoint",
        `rest=${player.url}`
      )
      await player.played
      const lastQuote = raw.findLast(({ stream }) => stream === "btcusdt@bookTicker")!.data["u"]
      const lastDepth = raw.findLast(({ stream }) => stream.startsWith("btcusdt@depth"))!.data["u"]
      await Promise.all([
        command.until((event) => event.type === "quote" && event.sequence === lastQuote),
        command.until((event) => event.type === "book" && event.sequence === lastDepth)
      ])
      assert.strictEqual(await command.stop(), 0)
    }, 120_000)

    afterAll(() => player.stop())

    const itHasTrades = hasTrades ? it : () => {}

    itHasTrades("has every trade exactly once and in order", () => {
      const sent = raw.flatMap(({ data, stream }) => (stream.endsWith("@trade") ? [String(data["t"])] : []))
      const received = command.events.flatMap((event) => (event.type === "trade" ? [event.id] : []))
      assertSame(received, sent)
    })

    itHasTrades("has the venue's digits of every trade", () => {
      const sent = raw.flatMap(({ data, stream }) =>
        stream.endsWith("@trade") ? [`${plain(String(data["p"]))} ${plain(String(data["q"]))}`] : []
      )
      const received = command.events.flatMap((event) =>
        event.type === "trade" ? [`${Decimal.format(event.price)} ${Decimal.format(event.size)}`] : []
      )
      assertSame(received, sent)
    })

    it("has every quote exactly once and in order", () => {
      const sent = raw.flatMap(({ data, stream }) => (stream.endsWith("@bookTicker") ? [data["u"]] : []))
      const received = command.events.flatMap((event) => (event.type === "quote" ? [event.sequence] : []))
      assertSame(received, sent)
    })

    it("reports no gap and no stale book", () => {
      const told = command.events.filter(
        (event) =>
          event.type === "gap" || (event.type === "bookState" && event.state === "stale" && event.reason !== "ended")
      )
      assert.deepStrictEqual(told, [])
    })

    it("has the book of the raw frames at every update id", () => {
      const snapshot = JSON.parse(recording.snapshot) as {
        lastUpdateId: number
        bids: Array<[string, string]>
        asks: Array<[string, string]>
      }
      const expected = new Map<number, string>()
      const truth = new TextBook()
      truth.apply(snapshot.bids, snapshot.asks)
      expected.set(snapshot.lastUpdateId, truth.fingerprint())
      for (const { data, stream } of raw) {
        if (!stream.startsWith("btcusdt@depth")) continue
        const { a, b, u } = data as unknown as RawDepth
        if (u < snapshot.lastUpdateId) continue
        truth.apply(b, a)
        expected.set(u, truth.fingerprint())
      }
      const rebuilt = new TextBook()
      let compared = 0
      for (const event of command.events) {
        if (event.type !== "book") continue
        rebuilt.apply(formatted(event.bids), formatted(event.asks))
        assert.strictEqual(rebuilt.fingerprint(), expected.get(event.sequence), `at update ${event.sequence}`)
        compared++
      }
      assert.isAtLeast(compared, expected.size - 1)
    })

    it("has the recorded best bid and ask wherever the ids match", () => {
      const quotes = new Map(
        raw.flatMap(({ data, stream }) =>
          stream.endsWith("@bookTicker")
            ? [[data["u"] as number, [plain(String(data["b"])), plain(String(data["a"]))]]]
            : []
        )
      )
      const book = new TextBook()
      let matches = 0
      for (const event of command.events) {
        if (event.type !== "book") continue
        book.apply(formatted(event.bids), formatted(event.asks))
        const quote = quotes.get(event.sequence)
        if (quote === undefined) continue
        assert.deepStrictEqual([...book.best()], quote, `at update ${event.sequence}`)
        matches++
      }
      assert.isAbove(matches, 0)
    })
  })
}
