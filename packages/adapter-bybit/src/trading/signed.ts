/**
 * What is signed, and how it is said: headers of REST, the first message of a socket. Pure, but for what signs.
 * Source: docs/venues/bybit.md, "Signatures".
 */
import type { Credentials } from "./credentials.ts"

/** `text` is the query as it is sent, or the body, byte for byte. */
export const headers = (
  { apiKey, recvWindow, sign }: Credentials,
  stamp: number,
  text: string
): Readonly<Record<string, string>> => ({
  "x-bapi-api-key": apiKey,
  "x-bapi-timestamp": String(stamp),
  "x-bapi-recv-window": String(recvWindow),
  "x-bapi-sign": sign(`${stamp}${apiKey}${recvWindow}${text}`)
})

/** How far ahead of the venue's clock the end of a socket's first message lies. */
const VALID_MS = 10_000

/** The arguments of `auth`: the key, until when the message is good, the signature of that. */
export const auth = ({ apiKey, sign }: Credentials, now: number): ReadonlyArray<string | number> => {
  const expires = now + VALID_MS
  return [apiKey, expires, sign(`GET/realtime${expires}`)]
}

/** A cursor comes encoded, and goes back as it came. */
const encode = (text: string): string => (/%[0-9A-Fa-f]{2}/.test(text) ? text : encodeURIComponent(text))

export const query = (parameters: ReadonlyArray<readonly [string, string]>): string =>
  parameters.map(([key, value]) => `${key}=${encode(value)}`).join("&")
