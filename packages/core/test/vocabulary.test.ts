import { assert, describe, it } from "@effect/vitest"
import { Channel, DurationText, Event, Instrument, Interval, Spelling, VenueError } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { bar, bookState, delta, quote, snapshot, trade } from "./events.ts"

const minute = 60_000

describe("Channel", () => {
  it("reads what a user writes, intervals as they are spelled", () => {
    const read = (text: string) => {
      const parsed = Channel.parse(text)
      return parsed._tag === "Channel" ? parsed.channel : `no, rather ${parsed.expected[0]}`
    }
    assert.deepStrictEqual(
      [
        "trades",
        " Quotes ",
        "book",
        "book:020",
        "book:20",
        "bars:1m",
        "bars:1M",
        "bars:2m",
        "bars",
        "bok",
        "trades:5"
      ].map(read),
      [
        "trades",
        "quotes",
        "book",
        "no, rather book",
        "book:20",
        "bars:1m",
        "bars:1M",
        "no, rather bars:1s",
        "no, rather bars:1s",
        "no, rather trades",
        "no, rather trades"
      ]
    )
  })

  it("knows its parts", () => {
    assert.deepStrictEqual(
      [Channel.kind("bars:1m"), Channel.interval("bars:1M"), Channel.depth("book:20"), Channel.depth("book")],
      ["bars", "1M", 20, undefined]
    )
  })
})

describe("Interval", () => {
  const at = Date.UTC(2024, 7, 8, 13, 47, 12)

  it("opens bars on UTC boundaries, weeks on Mondays, months on the first", () => {
    const opens = (["1m", "4h", "1d", "1w", "1M"] as const).map((each) =>
      new Date(Interval.openTime(each, at)).toISOString()
    )
    assert.deepStrictEqual(opens, [
      "2024-08-08T13:47:00.000Z",
      "2024-08-08T12:00:00.000Z",
      "2024-08-08T00:00:00.000Z",
      "2024-08-05T00:00:00.000Z",
      "2024-08-01T00:00:00.000Z"
    ])
  })

  it("goes from bar to bar and back, and counts them", () => {
    for (const interval of Interval.all) {
      const open = Interval.openTime(interval, at)
      const next = Interval.nextOpenTime(interval, open)
      assert.deepStrictEqual(
        [
          Interval.openTime(interval, next),
          Interval.openTime(interval, next - 1),
          Interval.previousOpenTime(interval, next),
          Interval.countBetween(interval, open, next)
        ],
        [next, open, open, 1],
        interval
      )
    }
    assert.strictEqual(Interval.countBetween("1m", 0, 5 * minute), 5)
  })
})

describe("Spelling", () => {
  it("finds what was probably meant, nearest first, and nothing far off", () => {
    assert.deepStrictEqual(
      [
        Spelling.nearest("BTCUSTD", ["ETHUSDT", "BTCUSDT", "BTCUSDC"]),
        Spelling.hint("zzz", ["trades"]),
        Spelling.hint("trads", ["trades"])
      ],
      [["BTCUSDT", "BTCUSDC"], "", " (did you mean trades?)"]
    )
  })
})

describe("DurationText", () => {
  it("reads short and long forms, and nothing else", () => {
    const read = (text: string) => {
      const duration = DurationText.parse(text)
      return duration === undefined ? "none" : Duration.toMillis(duration)
    }
    assert.deepStrictEqual(
      ["30s", "30 seconds", "500ms", "1.5 minutes", "10m", "2h", "1 hour", "-5s", "5", "soon", ""].map(read),
      [30_000, 30_000, 500, 90_000, 600_000, 7_200_000, 3_600_000, "none", "none", "none", "none"]
    )
  })
})

describe("InstrumentIndex", () => {
  const instrument = (symbol: string, unified: string, status: Instrument.Instrument["status"] = "trading") => ({
    venue: "reference",
    symbol,
    unified,
    base: "B",
    quote: "Q",
    kind: "spot" as const,
    tickSize: "0.01",
    lotSize: "0.001",
    contractSize: "1",
    sizeUnit: "base" as const,
    status
  })
  const index = new Instrument.InstrumentIndex([
    instrument("BTCUSDT", "BTC/USDT"),
    instrument("ETHUSDT", "ETH/USDT"),
    instrument("ETHBTC", "ETH/BTC"),
    instrument("币安人生USDT", "币安人生/USDT"),
    instrument("OLDUSDT", "OLD/USDT", "closed")
  ])

  it("finds by either spelling in any case, and names the nearest otherwise", () => {
    const find = (given: string) => {
      const found = index.find(given)
      return found._tag === "Found" ? found.instrument.symbol : found.nearest
    }
    assert.deepStrictEqual(["btcusdt", "eth/usdt", " BTC/USDT ", "BTCUSD", "nothing"].map(find), [
      "BTCUSDT",
      "ETHUSDT",
      "BTCUSDT",
      ["BTCUSDT"],
      []
    ])
  })

  it("S-E5 finds by the venue's own spelling beside the unified one, where it stands for one only", () => {
    const spelled = new Instrument.InstrumentIndex([
      { ...instrument("BTC/USDT", "BTC/USDT"), venueSymbol: "BTCUSDT" },
      { ...instrument("BTC/USDT:USDT", "BTC/USDT:USDT"), venueSymbol: "BTCUSDT" },
      { ...instrument("ETH/USDT", "ETH/USDT"), venueSymbol: "eth_usdt" }
    ])
    assert.deepStrictEqual(
      ["ETH_USDT", "BTCUSDT", "btc/usdt:usdt"].map((given) => spelled.find(given)._tag),
      ["Found", "Unknown", "Found"]
    )
  })

  it("matches patterns on what trades", () => {
    const match = (pattern: string) => index.match(pattern).map((each) => each.symbol)
    assert.deepStrictEqual(
      [match("*usdt"), match("eth*"), match("*/BTC"), match("B.*"), Instrument.isPattern("*USDT")],
      [["BTCUSDT", "ETHUSDT", "币安人生USDT"], ["ETHUSDT", "ETHBTC"], ["ETHBTC"], [], true]
    )
  })
})

describe("recovery", () => {
  const message = "m"
  const table: ReadonlyArray<readonly [VenueError.Reason, VenueError.Recovery["_tag"]]> = [
    [new VenueError.ConnectionFailed({ message }), "Reconnect"],
    [new VenueError.ConnectionLost({ message, code: 1006 }), "Reconnect"],
    [new VenueError.Stale({ message, silentForMs: 1 }), "Reconnect"],
    [new VenueError.SequenceGap({ message }), "ResyncBook"],
    [new VenueError.BookCrossed({ message }), "ResyncBook"],
    [new VenueError.ChecksumMismatch({ message }), "ResyncBook"],
    [new VenueError.DecodeFailed({ message, sample: "" }), "Skip"],
    [new VenueError.SubscriptionRejected({ message, permanent: true }), "EndSubscription"],
    [new VenueError.SubscriptionRejected({ message, permanent: false }), "NextSession"],
    [new VenueError.RateLimited({ message, retryAfterMs: 5 }), "Wait"],
    [new VenueError.VenueUnavailable({ message }), "Wait"],
    [new VenueError.AuthenticationFailed({ message }), "Fatal"],
    [new VenueError.PermissionDenied({ message }), "Fatal"],
    [new VenueError.Unsupported({ message }), "Fatal"],
    [new VenueError.InvalidRequest({ message }), "Fatal"],
    [new VenueError.OrderRejected({ message, code: -2010 }), "TellStrategy"],
    [new VenueError.OutcomeUnknown({ message, clientOrderId: "1" }), "Reconcile"]
  ]

  it("S-D5 says for every reason what is done about it", () => {
    assert.deepStrictEqual(
      table.map(([reason]) => [reason._tag, VenueError.recovery(reason)._tag]),
      table.map(([reason, recovery]) => [reason._tag, recovery])
    )
  })

  it("S-B4 an error says where, what and why on one line", () => {
    const reason = new VenueError.RateLimited({ message: "too much weight" })
    assert.strictEqual(
      new VenueError.VenueError({ venue: "reference", operation: "GET /depth", reason }).message,
      "reference: GET /depth: RateLimited: too much weight"
    )
  })
})

describe("Event", () => {
  const isEvent = Schema.is(Event.Event)

  it("has a schema that every kind of event meets, and nothing with a null or a text for a number", () => {
    const events = [trade(1), quote(1), bar(0), delta(1), snapshot(1), bookState("live")]
    const gap: Event.Gap = {
      type: "gap",
      venue: "v",
      symbol: "s",
      receivedTime: 1,
      channel: "trades",
      reason: "disconnect",
      from: "1",
      to: "4",
      lost: null,
      repaired: false
    }
    const wrong = [{ ...trade(1), price: "10" }, { ...trade(1), exchangeTime: null }, { ...trade(1), side: "BUY" }, {}]
    assert.deepStrictEqual(
      [[...events, gap].map((each) => isEvent(each)), wrong.map((each) => isEvent(each))],
      [[...events, gap].map(() => true), wrong.map(() => false)]
    )
  })
})
