/**
 * What a configuration says of an account: its key and its secret, which come from the environment only.
 */
import { Closed } from "@tidewire/core"
import { Redacted, Schema } from "effect"
import { hmac } from "../sign.ts"

const secret = Schema.optionalKey(Schema.RedactedFromValue(Schema.String.check(Schema.isMinLength(1))))

/** What the venue's clients take at the most. */
const LONGEST_WINDOW_MS = 60_000

const Fields = Schema.Struct({
  apiKey: secret,
  apiSecret: secret,
  /** How old a request may be when it reaches the venue, ms. Default: 5000. */
  recvWindow: Schema.optionalKey(
    Schema.Int.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(LONGEST_WINDOW_MS))
  )
})

export interface Options {
  readonly apiKey?: Redacted.Redacted
  readonly apiSecret?: Redacted.Redacted
  readonly recvWindow?: number
}

const belongTogether = Schema.makeFilter(({ apiKey, apiSecret }: Options) =>
  (apiKey === undefined) === (apiSecret === undefined) ? undefined : "apiKey and apiSecret go together"
)

export const Options: Schema.Codec<Options, unknown> = Closed.struct(Fields).check(belongTogether)

export const secrets: ReadonlyArray<string> = ["apiKey", "apiSecret"]

export interface Credentials {
  readonly apiKey: string
  readonly sign: (text: string) => string
  readonly recvWindow: number
  /** A message of the venue, which repeats what was signed, without the key. */
  readonly hide: (message: string) => string
}

/** Unless the configuration says otherwise. */
export const RECV_WINDOW_MS = 5_000

/** `undefined` without a key: market data only. */
export const of = ({ apiKey, apiSecret, recvWindow = RECV_WINDOW_MS }: Options): Credentials | undefined => {
  if (apiKey === undefined || apiSecret === undefined) return undefined
  const key = Redacted.value(apiKey)
  return { apiKey: key, sign: hmac(apiSecret), recvWindow, hide: (message) => message.replaceAll(key, "…") }
}
