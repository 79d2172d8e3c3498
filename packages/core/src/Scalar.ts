/**
 * The scalars of venues' JSON as schemas, the reference that `Field` and `Levels` are held to. They check and change nothing: a decimal stays the venue's text.
 */
import * as Schema from "effect/Schema"
import { LARGEST, LONGEST_DECIMAL, SMALLEST } from "./Field.ts"

const holds = (test: (number: number) => boolean) => (text: string) => {
  const number = Number(text)
  if (number === 0) return !/[1-9]/.test(text) && test(0)
  return Math.abs(number) >= SMALLEST && Math.abs(number) <= LARGEST && test(number)
}

const DecimalText = Schema.String.check(
  Schema.isMaxLength(LONGEST_DECIMAL),
  Schema.isPattern(/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/)
)

/** `"61250.10000000"` of any sign. */
export const AnyDecimal = DecimalText.check(Schema.makeFilter(holds(() => true)))

/** `"0.01500000"`, above 0. */
export const Positive = DecimalText.check(Schema.makeFilter(holds((number) => number > 0)))

/** `"0.00000000"` or above. */
export const NotNegative = DecimalText.check(Schema.makeFilter(holds((number) => number >= 0)))

/** `5550001`: an id or a count. */
export const Id = Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))

/** `1790000000123`: epoch milliseconds. */
export const Time = Schema.Finite.check(Schema.isGreaterThanOrEqualTo(0))

/** `"BTCUSDT"` */
export const Symbol = Schema.String.check(Schema.isMinLength(1))

/** `["61250.10","1.5"]`: price and absolute size. */
export const Level = Schema.Tuple([Positive, NotNegative])

/** `[["61250.10","1.5"]]`, in any order. */
export const Levels = Schema.Array(Level)

/** `""`, the venue's word for nothing, or a decimal. */
export const orEmpty = <S extends typeof AnyDecimal>(text: S) => Schema.Union([Schema.Literal(""), text])
