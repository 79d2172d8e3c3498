/**
 * Durations as people write them: `"30 seconds"`, `"30s"`, `"500ms"`, `"10m"`, `"23 hours"`.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"

const units: Readonly<Record<string, string>> = {
  ms: "millis",
  s: "seconds",
  sec: "seconds",
  m: "minutes",
  min: "minutes",
  h: "hours",
  d: "days"
}

/** Reads a duration; `undefined` for what is none, or is negative. */
export const parse = (text: string): Duration.Duration | undefined => {
  const short = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim())
  if (short === null) return undefined
  const [, amount = "", unit = ""] = short
  return Option.getOrUndefined(Duration.fromInput(`${amount} ${units[unit] ?? unit}` as Duration.Input))
}

const expected = 'a duration such as "30 seconds", "500ms" or "10m"'

/** The schema of a duration in a configuration or a flag. */
export const DurationText: Schema.Codec<Duration.Duration, string> = Schema.String.annotate({ expected }).pipe(
  Schema.decodeTo(
    Schema.Duration,
    SchemaTransformation.transformEffect({
      decode: (text: string, options) => {
        const duration = parse(text)
        return duration === undefined
          ? Effect.fail(new SchemaIssue.InvalidValue({ expected }, text, options))
          : Effect.succeed(duration)
      },
      encode: (duration: Duration.Duration) => Effect.succeed(`${Duration.toMillis(duration)} millis`)
    })
  )
)
