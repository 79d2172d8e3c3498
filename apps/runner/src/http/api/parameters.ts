/** Parameters that several routes have. */
import * as Schema from "effect/Schema"

/** At most so many, the latest. */
export const limit = (most: number) =>
  Schema.optionalKey(
    Schema.FiniteFromString.check(Schema.isInt(), Schema.isBetween({ minimum: 1, maximum: most })).annotate({
      description: `at most so many, up to ${most}`
    })
  )

/** No name of anything is longer. */
const text = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(100))

export const name = text
export const optional = Schema.optionalKey(text)

/** One or several, with commas between. */
export const several = Schema.optionalKey(Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(2_000)))

/** Of what is a plain object of this project that is JSON as it is, described where its type is. */
export const json = <A>(identifier: string, description: string): Schema.Codec<A, Schema.Json> =>
  (Schema.Json as unknown as Schema.Codec<A, Schema.Json>).annotate({ identifier, description }) as Schema.Codec<
    A,
    Schema.Json
  >
