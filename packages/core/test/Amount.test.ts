import { Amount } from "@tidewire/core"
import { expect, it, test } from "@effect/vitest"
import { BigDecimal, Schema } from "effect"

test.each([
  ["0.01500000", "0.015"],
  ["100", "100"],
  ["-0.00", "0"],
  ["1e-8", "0.00000001"],
  ["1.5E3", "1500"],
  [".5", "0.5"],
  ["00012.340", "12.34"],
  ["-61250.10", "-61250.1"]
])("%s is written %s", (given, written) => {
  expect(Amount.canonicalOf(given)).toBe(written)
})

test.each(["", " 1", "0x10", "Infinity", "1_000", "1,5", "-", "."])("%j is no amount", (given) => {
  expect(Amount.canonicalOf(given)).toBeUndefined()
})

it.prop(
  "what is written is canonical, and reads back as the same number",
  [
    Schema.String.check(Schema.isPattern(/^-?[0-9]{1,30}$/)),
    Schema.Int.check(Schema.isBetween({ minimum: -10, maximum: 30 }))
  ],
  ([digits, scale]) => {
    const amount = BigDecimal.make(BigInt(digits), scale)
    const text = Amount.write(amount)
    expect(Schema.is(Amount.Amount)(text)).toBe(true)
    expect(BigDecimal.equals(Amount.read(text)!, amount)).toBe(true)
  }
)
