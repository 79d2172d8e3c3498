/** What adapters read the same way: fields, levels, texts beside inexact values, names of a configuration. */
import { assert, describe, it } from "@effect/vitest"
import { Choice, Closed, Decimal, Exact, Field, Levels, Scalar, UnifiedSymbol } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const counting = () => {
  const sink = { count: 0, inexact: () => void sink.count++ }
  return sink
}

const texts = ["1.50", "0", "0.000", "-1", "1e-400", "1e400", "", " 1", "x", `0.${"1".repeat(70)}`, 1, null, undefined]

describe("fields", () => {
  it("are numbers, or NaN for what cannot be", () => {
    const nan = Number.NaN
    assert.deepStrictEqual(
      [texts.map(Field.positive), texts.map(Field.notNegative), texts.map(Field.decimal)],
      [
        [1.5, ...Array.from({ length: 12 }, () => nan)],
        [1.5, 0, 0, ...Array.from({ length: 10 }, () => nan)],
        [1.5, 0, 0, -1, ...Array.from({ length: 9 }, () => nan)]
      ]
    )
    assert.deepStrictEqual(
      [[0, 1.5, -1, 2 ** 53, "1"].map(Field.integer), [0, 1.5, -1, Infinity, "1"].map(Field.time)],
      [
        [0, nan, nan, nan, nan],
        [0, 1.5, nan, nan, nan]
      ]
    )
  })

  it("agree with the schemas of their scalars", () => {
    const pairs = [
      [Field.positive, Scalar.Positive],
      [Field.notNegative, Scalar.NotNegative],
      [Field.decimal, Scalar.AnyDecimal]
    ] as const
    for (const [read, schema] of pairs) {
      assert.deepStrictEqual(
        texts.map((text) => !Number.isNaN(read(text))),
        texts.map((text) => Schema.is(schema)(text))
      )
    }
  })

  it("a time is the matching engine's, else the event's, and either must be one", () => {
    assert.deepStrictEqual(
      [
        Field.eventTime(1, 2),
        Field.eventTime(undefined, 2),
        Field.eventTime(undefined, undefined),
        Field.eventTime(1, "2"),
        Field.eventTime("1", 2)
      ],
      [1, 2, undefined, Number.NaN, Number.NaN]
    )
  })

  it("a reason names the field, what it takes and what it got, a long text in part", () => {
    assert.deepStrictEqual(
      [undefined, "x".repeat(100), [1, 2], {}, null].map((value) => Field.reason("p", "a price", value)),
      ["nothing", `"${"x".repeat(80)}"`, "a list of 2", "an object", "null"].map(
        (given) => `p: expected a price, got ${given}`
      )
    )
  })
})

describe("levels", () => {
  it("come best first, their inexact texts at the places they have then", () => {
    const raw = [
      ["1", "1234567890.1234567"],
      ["3", "0"],
      ["2", "1"]
    ]
    const sink = counting()
    const exact = Levels.inexact(sink, raw, raw)
    assert.deepStrictEqual(
      [Levels.read(raw, "bids"), Levels.read(raw, "asks"), exact, sink.count],
      [
        [
          [3, 0],
          [2, 1],
          [1, 1234567890.1234567]
        ],
        [
          [1, 1234567890.1234567],
          [2, 1],
          [3, 0]
        ],
        { "bids[2][1]": "1234567890.1234567", "asks[0][1]": "1234567890.1234567" },
        2
      ]
    )
  })

  it("name the level that cannot be read", () => {
    assert.deepStrictEqual(
      [
        Levels.read(
          [
            ["1", "1"],
            ["0", "1"]
          ],
          "bids"
        ),
        Levels.read({}, "asks")
      ],
      ['bids[1][0]: expected a price above 0, got "0"', "asks: expected levels, got an object"]
    )
  })
})

describe("events in the making", () => {
  it("leave out what is absent, and carry the texts that a float64 does not hold", () => {
    const sink = counting()
    const exact = Exact.inexact(sink, { price: "123456789.123456789", size: "1" })
    type Loose = { readonly price: number; readonly size?: number; readonly exact?: Exact.Exact }
    assert.deepStrictEqual(
      [Exact.sparse<Loose>({ price: 1, size: undefined, exact: undefined }, exact), sink.count],
      [{ price: 1, exact: { price: "123456789.123456789" } }, 1]
    )
  })
})

describe("names", () => {
  it("of an instrument are the same on every venue", () => {
    const btc = { base: "BTC", quote: "USDT" }
    assert.deepStrictEqual(
      [btc, { ...btc, settle: "USDT" }, { ...btc, settle: "USDT", delivery: Date.UTC(2026, 11, 25, 8) }].map(
        UnifiedSymbol.of
      ),
      ["BTC/USDT", "BTC/USDT:USDT", "BTC/USDT:USDT-261225"]
    )
  })

  it("zeros that say nothing are trimmed", () => {
    assert.deepStrictEqual(["0.0100", "5.000", "100", "0.1"].map(Decimal.trimmed), ["0.01", "5", "100", "0.1"])
  })

  it.effect("of a choice that is not there fail with those that are", () =>
    Effect.gen(function* () {
      const known = new Map([
        ["mainnet", 1],
        ["testnet", 2]
      ])
      const error = yield* Effect.flip(Choice.of({ name: "mine" }, "environment", "tesnet", known))
      assert.deepStrictEqual(
        [yield* Choice.of({ name: "mine" }, "environment", "testnet", known), error.message],
        [
          2,
          'mine: configure: InvalidRequest: no environment "tesnet" (did you mean testnet?); there is mainnet, testnet'
        ]
      )
    })
  )

  it("of keys that are not known are refused", () => {
    const schema = Closed.struct(Schema.Struct({ speed: Schema.optionalKey(Schema.Finite) }))
    assert.deepStrictEqual(Schema.decodeUnknownSync(schema)({ speed: 1 }), { speed: 1 })
    assert.throws(() => Schema.decodeUnknownSync(schema)({ sped: 1 }), 'unknown key "sped" (did you mean speed?)')
  })
})
