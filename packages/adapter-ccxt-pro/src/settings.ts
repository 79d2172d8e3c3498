/**
 * What a configuration says of an exchange: where it is reached, and what CCXT's constructor is given.
 *
 * `stream` and `rest` are put in front of every URL of their kind, whose host stays as the first part of the path
 * (`wss://stream.example.com/ws` becomes `<stream>/stream.example.com/ws`): CCXT tells markets apart by its URLs. `urls`
 * replaces single ones, nested as CCXT's own `urls.api` are.
 */
import { Closed, Endpoints } from "@tidewire/core"
import { Schema } from "effect"

export interface Hosts extends Endpoints.Hosts {
  readonly urls: Readonly<Record<string, unknown>>
}

const Nested = Schema.Record(Schema.String, Schema.Unknown)

export const Given: Schema.Codec<Partial<Hosts>, unknown> = Closed.struct(
  Schema.Struct({ stream: Endpoints.stream, rest: Endpoints.rest, urls: Schema.optionalKey(Nested) })
)

export interface Options {
  /** Levels of a book that are asked for and told; default: CCXT's own number, at most 1000. Not every exchange takes every one. */
  readonly bookDepth?: number
  /** Where orders are sent: over REST (default), or on a socket where CCXT has one for them. */
  readonly orderEntry?: "rest" | "socket"
  /** Anything else goes to the constructor of the exchange. */
  readonly [setting: string]: unknown
}

export const Options: Schema.Codec<Options, unknown> = Schema.StructWithRest(
  Schema.Struct({
    bookDepth: Schema.optionalKey(Schema.Int.check(Schema.isGreaterThan(0))),
    orderEntry: Schema.optionalKey(Schema.Literals(["rest", "socket"]))
  }),
  [Schema.Record(Schema.String, Schema.Unknown)]
)

/** What of the options is known to nobody but its owner: CCXT's names of credentials. */
export const secrets: ReadonlyArray<string> = [
  "apiKey",
  "secret",
  "uid",
  "accountId",
  "login",
  "password",
  "twofa",
  "privateKey",
  "walletAddress",
  "token"
]

/** The URLs of an exchange as they are to be. */
export const redirect = (api: unknown, { rest, stream, urls }: Partial<Hosts>): unknown => {
  const through = mapUrls(api, (url) => {
    const base = /^wss?:/.test(url) ? stream : rest
    return base === undefined ? url : `${base.replace(/\/+$/, "")}/${url.replace(/^[a-z]+:\/\//, "")}`
  })
  return urls === undefined ? through : merge(through, urls)
}

/** An exchange's own URL of one that was redirected: CCXT tells by it what a number means that the exchange refuses with. */
export const original = (url: string, { rest }: Pick<Partial<Hosts>, "rest">): string => {
  const base = rest === undefined ? undefined : `${rest.replace(/\/+$/, "")}/`
  return base !== undefined && url.startsWith(base) ? `https://${url.slice(base.length)}` : url
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const mapUrls = (value: unknown, change: (url: string) => string): unknown => {
  if (typeof value === "string") return change(value)
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapUrls(inner, change)]))
}

const merge = (before: unknown, over: unknown): unknown => {
  if (!isRecord(before) || !isRecord(over)) return over
  return {
    ...before,
    ...Object.fromEntries(Object.entries(over).map(([key, value]) => [key, merge(before[key], value)]))
  }
}
