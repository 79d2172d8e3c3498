import { assert, describe, it } from "@effect/vitest"
import { Envelope, Scanner, Shape } from "@tidewire/core"
import { type Random, seeded } from "./random.ts"

const row = Shape.make({
  e: Shape.choice("trade", "fill"),
  s: Shape.name,
  id: Shape.text,
  t: Shape.integer,
  m: Shape.boolean,
  price: Shape.positive,
  size: Shape.decimal,
  amount: Shape.optional(Shape.amount),
  rate: Shape.optional(Shape.rate),
  st: Shape.optional(Shape.exactly(1)),
  b: Shape.bids
})

const whole = {
  e: "fill",
  s: "币安USDT",
  id: "6f0a1c9e-0000-5000-8000-0000000000aa",
  t: 12,
  m: true,
  price: "61250.10",
  size: "0.00000000",
  amount: "2.5",
  rate: "-0.0001",
  st: 1,
  b: [
    ["10.5", "1"],
    ["10", "0"]
  ]
}

/** What a table of fields reads of a text; `undefined` when it does not take it. */
const read = (text: string) => {
  const scanner = new Scanner.Scanner()
  scanner.begin(Scanner.bytesOf(text))
  if (!row.read(scanner) || !scanner.isAtEnd()) return undefined
  const { at, levels, numbers, texts } = row
  return {
    e: ["trade", "fill"][numbers[at.e]!],
    s: texts[at.s],
    id: texts[at.id],
    t: numbers[at.t],
    m: numbers[at.m] === 1,
    price: numbers[at.price],
    size: numbers[at.size],
    amount: row.has(at.amount) ? numbers[at.amount] : "absent",
    rate: row.has(at.rate) ? numbers[at.rate] : "absent",
    family: row.has(at.st),
    b: levels[at.b]!
  }
}

const best: Array<readonly [number, number]> = [
  [10.5, 1],
  [10, 0]
]
const { st: _, ...values } = whole
const expected = { ...values, price: 61250.1, size: 0, amount: 2.5, rate: -0.0001, family: true, b: best }

const unknown: ReadonlyArray<readonly [string, unknown]> = [
  ["x", null],
  ["币", 'a\n"b" é'],
  ["nested", { s: "other", t: [1, { p: "1" }], price: -1.5e-7 }],
  ["list", [[], {}, [["1", "2"]]]],
  ["long", "12345678901234567890.12345678901234567890"]
]

const shuffled = <A>(random: Random, items: ReadonlyArray<A>): ReadonlyArray<A> => {
  const rest = [...items]
  return items.map(() => rest.splice(random.below(rest.length), 1)[0]!)
}

const without = (key: string) =>
  JSON.stringify(Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key)))

describe("Shape", () => {
  it("reads an object whose keys come in any order, with unknown ones of any kind among them", () => {
    const random = seeded(11)
    for (let round = 0; round < 5_000; round++) {
      const more = unknown.filter(() => random.chance(0.3))
      const entries = shuffled(random, [...Object.entries(whole), ...more])
      const text = `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(",")}}`
      assert.deepStrictEqual(read(text), expected, text)
    }
  })

  it("does without what is optional, also after an object that had it", () => {
    assert.deepStrictEqual(
      [read(JSON.stringify(whole)), read(without("amount")), read(without("st")), read(JSON.stringify(whole))],
      [expected, { ...expected, amount: "absent" }, { ...expected, family: false }, expected]
    )
    for (const key of ["e", "s", "id", "t", "m", "price", "size", "b"])
      assert.strictEqual(read(without(key)), undefined, key)
  })

  it("leaves no trace of an object that it did not take in the next", () => {
    const broken = JSON.stringify({ ...whole, b: "none" })
    assert.deepStrictEqual(
      [read(without("rate")), read(broken), read(without("rate"))],
      [{ ...expected, rate: "absent" }, undefined, { ...expected, rate: "absent" }]
    )
  })

  it("takes no value that is not as wanted", () => {
    const wrong: ReadonlyArray<readonly [string, unknown]> = [
      ["e", "quote"],
      ["s", ""],
      ["s", 1],
      ["id", ""],
      ["id", "a\\b"],
      ["t", -1],
      ["t", 1.5],
      ["t", 2 ** 53],
      ["m", "true"],
      ["price", "0.00"],
      ["price", "-1"],
      ["price", "1e3"],
      ["price", "12345678901234567890"],
      ["price", 1],
      ["size", ""],
      ["amount", "-1"],
      ["rate", "x"],
      ["st", 2],
      ["b", [["1", "1", "1"]]]
    ]
    const taken = wrong.filter(([key, value]) => read(JSON.stringify({ ...whole, [key]: value })) !== undefined)
    assert.deepStrictEqual(taken, [])
    assert.deepStrictEqual(read(JSON.stringify({ ...whole, amount: "", rate: "" })), {
      ...expected,
      amount: Number.NaN,
      rate: Number.NaN
    })
  })

  it("takes no key twice, no key with an escape, no white space and no text that ends too soon", () => {
    const text = JSON.stringify(whole)
    const texts = [text.replace("{", '{"t":12,'), text.replace('"t":', '"\\u0074":'), text.replace(":", ": ")]
    for (let length = 0; length < text.length; length++) texts.push(text.slice(0, length))
    assert.deepStrictEqual(
      texts.filter((each) => read(each) !== undefined),
      []
    )
  })

  it("reads on when there are more unknown keys than it remembers", () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key${index}`, index]))
    for (let round = 0; round < 3; round++)
      assert.deepStrictEqual(read(JSON.stringify({ ...many, ...whole, z: 1 })), expected)
  })

  it("refuses a table without fields, and one of more than it has bits for", () => {
    const fields = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, Shape.integer]))
    assert.throws(() => Shape.make({}), RangeError)
    assert.throws(() => Shape.make(fields(31)), RangeError)
    assert.strictEqual(Object.keys(Shape.make(fields(30)).at).length, 30)
  })
})

describe("Envelope", () => {
  const data = Shape.make({ p: Shape.decimal })
  const scan = { data: data.read }
  const make = (also: Readonly<Record<string, Shape.Wanted>>) =>
    new Envelope.Envelope({
      name: "topic",
      data: "data",
      also,
      scanOf: (name) => (name.startsWith("known") ? scan : undefined)
    })
  const price = (envelope: ReturnType<typeof make>, text: string) =>
    envelope.read(Scanner.bytesOf(text)) === undefined ? undefined : [envelope.name, data.numbers[data.at.p]]

  it("reads the data by its name, wherever that stands", () => {
    for (const envelope of [make({}), make({ ts: Shape.optional(Shape.integer) })]) {
      assert.deepStrictEqual(
        [
          price(envelope, '{"topic":"known","data":{"p":"1.5"}}'),
          price(envelope, '{"topic":"known.2","data":{"p":"2.5"},"ts":3}'),
          price(envelope, '{"data":{"p":"3.5","q":[{"topic":"x"}]},"ts":3,"topic":"known.2"}'),
          price(envelope, '{"more":{"data":{"p":"9"}},"topic":"known","data":{"p":"4.5"}}')
        ],
        [
          ["known", 1.5],
          ["known.2", 2.5],
          ["known.2", 3.5],
          ["known", 4.5]
        ]
      )
    }
  })

  it("gives nothing of a frame without a name or data, of one it does not know, and of one that does not end", () => {
    const envelope = make({})
    const texts = [
      '{"result":null,"id":1}',
      '{"topic":"known"}',
      '{"data":{"p":"1"}}',
      '{"topic":"other","data":{"p":"1"}}',
      '{"data":{"p":"1"},"topic":"other"}',
      '{"topic":"known","data":{"p":"1"}',
      '{"topic":"known","data":{"p":"1"}} ',
      '{"topic":"known","data":{"p":"1"},"topic":"known"}',
      '{"data":{"p":"x"},"topic":"known"}',
      "",
      "[]"
    ]
    assert.deepStrictEqual(
      texts.filter((text) => price(envelope, text) !== undefined),
      []
    )
  })
})
