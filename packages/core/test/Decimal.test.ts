import { assert, describe, it } from "@effect/vitest"
import { Decimal } from "@tidewire/core"
import { seeded } from "./random.ts"

/** A decimal text of `digits` significant digits, with the point anywhere and zeros padded as venues do. */
const decimalText = (random: ReturnType<typeof seeded>, digits: number): string => {
  const first = 1 + random.below(9)
  const rest = Array.from({ length: digits - 1 }, () => random.below(10)).join("")
  const all = `${first}${rest}`
  const point = random.below(digits + 8) - 4
  if (point <= 0) return `0.${"0".repeat(-point)}${all}${"0".repeat(random.below(4))}`
  if (point >= digits) return `${all}${"0".repeat(point - digits)}${random.chance(0.5) ? ".00000000" : ""}`
  return `${all.slice(0, point)}.${all.slice(point)}${"0".repeat(random.below(4))}`
}

/** The same number without padding. */
const plain = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text)

describe("Decimal", () => {
  it("S-C3 gives back the venue's digits of every text of up to 15 significant digits", () => {
    const random = seeded(1)
    for (let round = 0; round < 50_000; round++) {
      const text = decimalText(random, 1 + random.below(15))
      assert.strictEqual(Decimal.format(Decimal.parse(text)), plain(text), text)
      assert.isTrue(Decimal.isExact(text), text)
    }
  })

  it("reads as Number does, correctly rounded, also what is longer than that", () => {
    const random = seeded(2)
    for (let round = 0; round < 50_000; round++) {
      const text = `${random.chance(0.2) ? "-" : ""}${decimalText(random, 1 + random.below(30))}`
      assert.strictEqual(Decimal.parse(text), Number(text), text)
    }
    for (const text of ["1e5", "1.5E-7", "+3", ".5", "5.", "9007199254740993", "0.1e1"]) {
      assert.strictEqual(Decimal.parse(text), Number(text), text)
    }
  })

  it("S-C3 reads nothing into what is no decimal number", () => {
    const texts = [
      "",
      " ",
      "1 ",
      " 1",
      "0x10",
      "Infinity",
      "-Infinity",
      "NaN",
      "1,5",
      "1.2.3",
      "--1",
      "1e",
      "e5",
      ".",
      "-"
    ]
    for (const text of [...texts, "1e400", "1e-400", "٣", "1_000", "null", "9".repeat(1_000)]) {
      assert.isNaN(Decimal.parse(text), JSON.stringify(text))
    }
  })

  it("takes no longer than its text on what only looks like a number", () => {
    const started = performance.now()
    assert.isNaN(Decimal.parse(`${"1".repeat(100_000)}x`))
    assert.isBelow(performance.now() - started, 50)
  })

  it("knows which texts a float64 stands for exactly", () => {
    const exact = [
      "0",
      "0.00000000",
      "61837.63000000",
      "123456789012345",
      "0.000000123456789012345",
      "12345678901.00000000"
    ]
    const inexact = ["1234567890123456", "123456789.12345678", "0.1234567890123456"]
    assert.deepStrictEqual(
      [exact.map(Decimal.isExact), inexact.map(Decimal.isExact)],
      [exact.map(() => true), inexact.map(() => false)]
    )
  })

  it("writes plain notation, and refuses what is no number", () => {
    assert.deepStrictEqual([1e-8, 1.5e-7, 1e21, 123e20, 0, -0, -1e-7, 61250.1].map(Decimal.format), [
      "0.00000001",
      "0.00000015",
      "1000000000000000000000",
      "12300000000000000000000",
      "0",
      "0",
      "-0.0000001",
      "61250.1"
    ])
    assert.throws(() => Decimal.format(Number.NaN), RangeError)
  })
})
