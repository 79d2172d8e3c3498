/** The `http` of a configuration: where the API and the dashboard are served, to whom, and within which bounds. */
import { DurationText } from "@tidewire/core"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { isLoopback } from "../http/loopback.ts"

const withDefault = <S extends Schema.Top & { readonly DecodingServices: never }>(schema: S, value: S["Type"]) =>
  schema.pipe(Schema.withDecodingDefaultTypeKey(Effect.succeed(value)))

/** Shorter ones are guessed. */
const LEAST_TOKEN = 16

const whole = (minimum: number, maximum: number) => Schema.Int.check(Schema.isBetween({ minimum, maximum }))

const recentDefaults = { perSeries: 1_000, total: 10_000 }

/** The recent past that is kept in memory. */
const Recent = Schema.Struct({
  /** Events of one series. */
  perSeries: withDefault(whole(1, 100_000), recentDefaults.perSeries),
  /** Events of all series. */
  total: withDefault(whole(1, 1_000_000), recentDefaults.total),
  retention: Schema.optionalKey(DurationText.DurationText)
})

export const HttpEntry = Schema.Struct({
  /** The address that is bound; any but a loopback one needs a token. */
  host: withDefault(Schema.NonEmptyString, "127.0.0.1"),
  /** 0 is a free one. */
  port: withDefault(whole(0, 65_535), 8_080),
  /** A port that is taken fails the start, or a free one is taken instead, which is told. */
  whenTaken: withDefault(Schema.Literals(["fail", "free"]), "fail"),
  /** What a client says as `Authorization: Bearer …`; from the environment only. Without one nothing can be changed. */
  token: Schema.optionalKey(Schema.String.check(Schema.isMinLength(LEAST_TOKEN))),
  /** Pages of other origins (`https://ops.example.com`) that may use the API from a browser. */
  origins: withDefault(Schema.Array(Schema.NonEmptyString), []),
  /** How many may listen to streams at once. */
  clients: withDefault(whole(1, 10_000), 100),
  /** Requests a second of one address; twice as many may come at once. */
  requestsPerSecond: withDefault(whole(1, 100_000), 100),
  recent: withDefault(Recent, recentDefaults)
}).check(
  Schema.makeFilter(({ host, token }) =>
    token !== undefined || isLoopback(host)
      ? undefined
      : `${host} can be reached from other machines and there is no token; expected http.token as { "env": "NAME" }, or a loopback address`
  )
)
export interface HttpEntry extends Schema.Schema.Type<typeof HttpEntry> {}
