import { assert, describe, it } from "@effect/vitest"
import { Decimal, type Event, Field, Scanner } from "@tidewire/core"
import { type Random, seeded } from "./random.ts"

/** Reads a value with one of the scanner's readers; `undefined` when the scanner does not take it. */
const read = <A>(text: string, reader: (scanner: Scanner.Scanner) => A): A | undefined => {
  const scanner = new Scanner.Scanner()
  scanner.begin(Scanner.bytesOf(text))
  const value = reader(scanner)
  return scanner.isPlain && scanner.isAtEnd() ? value : undefined
}

const characters = '0123456789."-+eE x\\{}[],:tfn'

const mutated = (random: Random, text: string): string => {
  const at = random.below(text.length + 1)
  const character = random.pick([...characters])
  const cut = random.below(3)
  return cut === 0
    ? text.slice(0, at) + character + text.slice(at)
    : text.slice(0, at) + (cut === 1 ? character : "") + text.slice(at + 1)
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What may stand in memory around a text. */
const surroundings = ["", "0".repeat(100), '],["1","2"]]}'.repeat(10), "]".repeat(80), "x\u{e9}"]

const readLevels = (side: "bids" | "asks", text: string, before: string, after: string) => {
  const end = Scanner.bytesOf(before + text).length
  const begin = Scanner.bytesOf(before).length
  const scanner = new Scanner.Scanner()
  scanner.begin(Scanner.bytesOf(before + text + after).subarray(begin, end))
  const levels = scanner.levels(side)
  return scanner.isPlain && scanner.isAtEnd() ? levels : undefined
}

/** Mostly sorted, as venues write them, with as many digits as they may have. */
const levelsText = (random: Random): string => {
  const places = random.below(12)
  const step = random.chance(0.05) ? 0 : random.pick([1, -1, 7])
  let price = 1 + random.below(10 ** (1 + random.below(9)))
  const pairs = Array.from({ length: random.below(5) }, () => {
    price += step
    const fraction = places === 0 ? "" : `.${String(random.below(10 ** Math.min(places, 9))).padStart(places, "0")}`
    const size = random.chance(0.4) ? "0.00000000" : `${random.below(2_000)}${fraction}`
    return `["${price}${random.chance(0.8) ? fraction : ""}","${size}"]`
  })
  return `[${pairs.join(",")}]`
}

describe("Scanner", () => {
  it("gives every decimal text as Decimal does, or does not take it", () => {
    const random = seeded(3)
    let taken = 0
    for (let round = 0; round < 100_000; round++) {
      const whole = "0".repeat(random.below(2)) + String(random.below(10 ** (1 + random.below(9))))
      const places = random.below(3) === 0 ? "" : `.${String(random.below(1e9)).padStart(random.below(12), "0")}`
      const text = `"${whole}${places}${"0".repeat(places === "" ? 0 : random.below(6))}"`
      const given = random.chance(0.3) ? mutated(random, text) : text
      const value = read(given, (scanner) => scanner.decimal())
      if (value === undefined) continue
      taken++
      const truth = parsed(given)
      assert.strictEqual(typeof truth, "string", given)
      assert.strictEqual(value, Decimal.parse(truth as string), given)
      assert.isTrue(Decimal.isExact(truth as string), given)
    }
    assert.isAbove(taken, 30_000)
  })

  it("gives every integer, literal and string as JSON.parse does, or does not take it", () => {
    const random = seeded(4)
    const samples = ["0", "7", "1723161255208", "9007199254740991", "true", "false", "null", '"BTCUSDT"', '"币"', '""']
    const options = ["BTCUSDT", "币"]
    const quoted = options.map((option) => Scanner.literal(JSON.stringify(option)))
    let taken = 0
    for (let round = 0; round < 100_000; round++) {
      const sample = random.pick(samples)
      const given = random.chance(0.7) ? mutated(random, sample) : sample
      const values = [
        read(given, (scanner) => scanner.integer()),
        read(given, (scanner) => scanner.boolean()),
        read(given, (scanner) => scanner.name(Scanner.noName).text),
        read(given, (scanner) => scanner.text()),
        read(given, (scanner) => options[scanner.choice(quoted)])
      ]
      const truth = parsed(given)
      for (const value of values) if (value !== undefined) assert.strictEqual(value, truth, given)
      if (values.some((value) => value !== undefined)) taken++
    }
    assert.isAbove(taken, 30_000)
  })

  it("gives every decimal text of any sign, and every time in a text, as the fields of the decoders do", () => {
    const random = seeded(5)
    const samples = ['"0.0001"', '"-0.000125"', '"-0"', '""', '"1790006400000"', '"0"', '"999999999999999"', '"-12.50"']
    let taken = 0
    for (let round = 0; round < 100_000; round++) {
      const sample = random.pick(samples)
      const given = random.chance(0.7) ? mutated(random, sample) : sample
      const rate = read(given, (scanner) => scanner.signedDecimal())
      const time = read(given, (scanner) => scanner.timeText())
      const truth = parsed(given)
      if (rate !== undefined)
        assert.deepStrictEqual([rate, Decimal.isExact(String(truth))], [Field.decimal(truth), true])
      if (time !== undefined) assert.deepStrictEqual([time, /^\d{1,15}$/.test(String(truth))], [Number(truth), true])
      if (rate !== undefined || time !== undefined) taken++
    }
    assert.isAbove(taken, 30_000)
  })

  it("passes over what JSON.parse takes, however it is nested, and over nothing else", () => {
    const random = seeded(6)
    const samples = [
      '{"a":[1,-2.5e+10,{"b":"\\u00e9\\n\\""}],"c":{},"d":[]}',
      "[true,false,null,[[[0]]],-0,1E5,0.5]",
      '"\\u20AC\\\\ 币"',
      "-12.75e-3",
      '{"":{"":""}}'
    ]
    const counts = { taken: 0, refused: 0, wronglyRefused: 0 }
    for (let round = 0; round < 100_000; round++) {
      const sample = random.pick(samples)
      const given = random.chance(0.7) ? mutated(random, sample) : sample
      const isTaken = read(given, (scanner) => (scanner.skip(), true)) === true
      const isValid = parsed(given) !== undefined
      if (isTaken) assert.isTrue(isValid, given)
      counts[isTaken ? "taken" : "refused"]++
      // white space between tokens is all that is valid and not taken
      if (isValid && !isTaken && !given.includes(" ")) counts.wronglyRefused++
    }
    assert.isAbove(Math.min(counts.taken, counts.refused), 20_000)
    assert.strictEqual(counts.wronglyRefused, 0)
  })

  it("passes over no value that is nested without end", () => {
    const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth)
    const isTaken = (text: string) => read(text, (scanner) => (scanner.skip(), true)) === true
    assert.deepStrictEqual(
      [isTaken(nested(32)), isTaken(nested(33)), isTaken("[".repeat(100_000))],
      [true, false, false]
    )
  })

  it("takes what is in a view, and nothing that lies beyond it", () => {
    const chunk = Scanner.bytesOf('12"BTCUSDT","next"')
    const scanner = new Scanner.Scanner()
    scanner.begin(chunk.subarray(2, 11))
    assert.deepStrictEqual([scanner.name(Scanner.noName).text, scanner.isAtEnd()], ["BTCUSDT", true])
    for (const end of [3, 6, 10]) {
      scanner.begin(chunk.subarray(2, end))
      scanner.name(Scanner.noName)
      assert.isFalse(scanner.isPlain)
    }
  })

  it("gives levels best first, whichever way round they came, and takes no other order and no price of 0", () => {
    const bids = (text: string) => read(text, (scanner) => scanner.levels("bids"))
    const best = [
      [12, 1],
      [11, 0]
    ]
    assert.deepStrictEqual(
      [
        bids('[["12.0","1"],["11","0.00"]]'),
        bids('[["11","0"],["12","1"]]'),
        bids("[]"),
        bids('[["11","0"],["12","1"],["10","1"]]'),
        bids('[["0","1"]]'),
        bids('[["11"]]'),
        bids('[["11","1"],]')
      ],
      [best, best, [], undefined, undefined, undefined, undefined]
    )
  })

  it("gives levels as JSON.parse and Decimal do, or does not take them, wherever in whatever memory they stand", () => {
    const random = seeded(5)
    let taken = 0
    for (let round = 0; round < 40_000; round++) {
      const text = levelsText(random)
      const given = random.chance(0.4) ? mutated(random, text) : text
      const side = random.pick(["bids", "asks"] as const)
      const alone = readLevels(side, given, "", "")
      const within = readLevels(side, given, random.pick(surroundings), random.pick(surroundings))
      assert.deepStrictEqual(within, alone, given)
      if (alone === undefined) continue
      taken++
      const truth = (parsed(given) as ReadonlyArray<readonly [string, string]>).map(
        ([price, size]) => [Decimal.parse(price), Decimal.parse(size)] as const
      )
      assert.deepStrictEqual(
        alone,
        truth.toSorted(([left], [right]) => (side === "bids" ? right - left : left - right))
      )
    }
    assert.isAbove(taken, 15_000)
  })

  it("gives levels of every number of digits before and after the point", () => {
    for (let wholeDigits = 1; wholeDigits <= 15; wholeDigits++) {
      for (let places = 0; wholeDigits + places <= 15; places++) {
        for (const zeros of ["", "0", "00000000"]) {
          const digits = "987654321987654".slice(0, wholeDigits + places)
          const fraction = places === 0 ? "" : `.${digits.slice(wholeDigits)}${zeros}`
          const text = `${digits.slice(0, wholeDigits)}${fraction}`
          const expected: ReadonlyArray<Event.Level> = [[Number(text), Number(`1${fraction}`)]]
          const given = `[["${text}","1${fraction}"]]`
          assert.deepStrictEqual<unknown>(readLevels("asks", given, "", ""), expected, given)
          assert.deepStrictEqual<unknown>(readLevels("asks", given, "", surroundings[1]!), expected, given)
        }
      }
    }
  })

  it("takes nothing of levels whose end is only behind the end of the text", () => {
    const text = '[["12.5","1"],["13.5","2"]]'
    const memory = Scanner.bytesOf(`${text}${"0".repeat(100)}`)
    for (let length = 1; length < text.length; length++) {
      const scanner = new Scanner.Scanner()
      scanner.begin(memory.subarray(0, length))
      scanner.levels("asks")
      assert.isFalse(scanner.isPlain, text.slice(0, length))
    }
  })
})
