/** The `http` of a configuration: where the API and the dashboard are served, and to whom. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const withDefault = <S extends Schema.Top & { readonly DecodingServices: never }>(schema: S, value: S["Type"]) =>
  schema.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(value)))

/** Shorter ones are guessed. */
const LEAST_TOKEN = 16

export const HttpEntry = Schema.Struct({
  /** The address that is bound; any but a loopback one needs a token. */
  host: withDefault(Schema.NonEmptyString, "127.0.0.1"),
  /** 0 is a free one. */
  port: withDefault(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 65_535 })), 8_080),
  /** What a client says as `Authorization: Bearer …`; from the environment only. Without one nothing can be changed. */
  token: Schema.optionalKey(Schema.String.check(Schema.isMinLength(LEAST_TOKEN))),
  /** Pages of other origins (`https://ops.example.com`) that may use the API from a browser. */
  origins: withDefault(Schema.Array(Schema.NonEmptyString), [])
})
export interface HttpEntry extends Schema.Schema.Type<typeof HttpEntry> {}
