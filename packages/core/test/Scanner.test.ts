import { assert, describe, it } from "@effect/vitest"
import { Decimal, type Event, Scanner } from "@tidewire/core"
import { type Random, seeded } from "./random.ts"

const CLOSING = Scanner.bytesOf("")

/** Reads `{"v":<text>}` with one of the scanner's readers; `undefined` when the scanner does not take it. */
const read = <A>(text: string, reader: (scanner: Scanner.Scanner) => A): A | undefined => {
  const scanner = new Scanner.Scanner()
  scanner.begin(Scanner.bytesOf(`{"v":${text}}`), 0)
  if (scanner.key() !== Scanner.keyOf("v")) return undefined
  const value = reader(scanner)
  return !scanner.more() && scanner.isPlain && scanner.isAtEnd(CLOSING) ? value : undefined
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
  const end = Scanner.bytesOf(`${before}{"v":${text}}`).length
  const begin = Scanner.bytesOf(before).length
  const scanner = new Scanner.Scanner()
  scanner.begin(Scanner.bytesOf(`${before}{"v":${text}}${after}`).subarray(begin, end), 0)
  assert.strictEqual(scanner.key(), Scanner.keyOf("v"))
  const levels = scanner.levels(side)
  return !scanner.more() && scanner.isPlain && scanner.isAtEnd(CLOSING) ? levels : undefined
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
    let taken = 0
    for (let round = 0; round < 100_000; round++) {
      const sample = random.pick(samples)
      const given = random.chance(0.7) ? mutated(random, sample) : sample
      const integer = read(given, (scanner) => scanner.integer())
      const boolean = read(given, (scanner) => scanner.boolean())
      const name = read(given, (scanner) => {
        scanner.string()
        return scanner.isPlain ? scanner.name() : ""
      })
      const skipped = read(given, (scanner) => {
        scanner.skip()
        return true
      })
      const truth = parsed(given)
      for (const value of [integer, boolean, name]) if (value !== undefined) assert.strictEqual(value, truth, given)
      if (skipped === true) assert.notStrictEqual(truth, undefined, given)
      if (integer !== undefined || boolean !== undefined || name !== undefined) taken++
    }
    assert.isAbove(taken, 30_000)
  })

  it("takes keys in any order, and values that nobody needs among them", () => {
    const scanner = new Scanner.Scanner()
    scanner.begin(Scanner.bytesOf('{"long":"x","pu":3,"e":"trade","n":null,"u":4}}'), 0)
    const seen: Record<string, number> = {}
    do {
      switch (scanner.key()) {
        case Scanner.keyOf("pu"):
          seen["pu"] = scanner.integer()
          break
        case Scanner.keyOf("u"):
          seen["u"] = scanner.integer()
          break
        case Scanner.keyOf("e"):
          scanner.literal(Scanner.bytesOf("trade"))
          break
        default:
          scanner.skip()
      }
    } while (scanner.more())
    assert.deepStrictEqual(
      [seen, scanner.isPlain, scanner.isAtEnd(Scanner.bytesOf("}"))],
      [{ pu: 3, u: 4 }, true, true]
    )
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
    const text = '{"v":[["12.5","1"],["13.5","2"]]}'
    const memory = Scanner.bytesOf(`${text}${"0".repeat(100)}`)
    for (let length = 6; length < text.length - 1; length++) {
      const scanner = new Scanner.Scanner()
      scanner.begin(memory.subarray(0, length), 0)
      scanner.key()
      scanner.levels("asks")
      assert.isFalse(scanner.isPlain, text.slice(0, length))
    }
  })

  it("takes nothing of a text that ends too soon", () => {
    const text = '{"stream":"a","v":[["11","1"]],"t":true,"n":123}'
    for (let length = 0; length < text.length; length++) {
      const scanner = new Scanner.Scanner()
      scanner.begin(Scanner.bytesOf(text.slice(0, length)), 0)
      do {
        if (scanner.key() === Scanner.keyOf("v")) scanner.levels("asks")
        else scanner.skip()
      } while (scanner.more())
      assert.isFalse(scanner.isPlain && scanner.isAtEnd(CLOSING), text.slice(0, length))
    }
  })
})
