/**
 * What a configuration says of an account: its key, and one of the two kinds of secret that go with it. All three come from
 * the environment only.
 */
import { Closed, type VenueError } from "@tidewire/core"
import { type Redacted, Result, Schema } from "effect"
import { ed25519, hmac, type Signer } from "../sign.ts"

const secret = Schema.optionalKey(Schema.RedactedFromValue(Schema.String.check(Schema.isMinLength(1))))

/** Longer is refused by the venue. */
const LONGEST_WINDOW_MS = 60_000

const Fields = Schema.Struct({
  apiKey: secret,
  /** Of a key with HMAC. */
  apiSecret: secret,
  /** Of a key with Ed25519, in PEM. */
  privateKey: secret,
  /** How old a request may be when it reaches the venue, ms. Default: 5000. */
  recvWindow: Schema.optionalKey(
    Schema.Int.check(Schema.isGreaterThan(0), Schema.isLessThanOrEqualTo(LONGEST_WINDOW_MS))
  )
})

export interface Options {
  readonly apiKey?: Redacted.Redacted
  readonly apiSecret?: Redacted.Redacted
  readonly privateKey?: Redacted.Redacted
  readonly recvWindow?: number
}

const belongTogether = Schema.makeFilter(({ apiKey, apiSecret, privateKey }: Options) => {
  if (apiKey === undefined) {
    return apiSecret === undefined && privateKey === undefined ? undefined : "a secret needs its apiKey"
  }
  if ((apiSecret === undefined) === (privateKey === undefined)) return "apiKey needs either apiSecret or privateKey"
  return undefined
})

export const Options: Schema.Codec<Options, unknown> = Closed.struct(Fields).check(belongTogether)

export const secrets: ReadonlyArray<string> = ["apiKey", "apiSecret", "privateKey"]

export interface Credentials {
  readonly apiKey: Redacted.Redacted
  readonly signer: Signer
  readonly recvWindow: number
}

/** Unless the configuration says otherwise. */
export const RECV_WINDOW_MS = 5_000

/** `undefined` without a key: market data only. */
export const of = ({
  apiKey,
  apiSecret,
  privateKey,
  recvWindow = RECV_WINDOW_MS
}: Options): Result.Result<Credentials | undefined, VenueError.InvalidRequest> => {
  if (apiKey === undefined) return Result.succeed(undefined)
  if (apiSecret !== undefined) return Result.succeed({ apiKey, signer: hmac(apiSecret), recvWindow })
  if (privateKey === undefined) return Result.succeed(undefined)
  return Result.map(ed25519(privateKey), (signer) => ({ apiKey, signer, recvWindow }))
}
