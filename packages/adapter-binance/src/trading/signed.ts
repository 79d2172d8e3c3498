/**
 * Requests with their signature: the query of REST, the parameters of the WebSocket API. Pure, but for what signs.
 * Source: docs/venues/binance.md, "Signatures".
 */
import type { Signer } from "../sign.ts"

/** Characters that URLs may change by themselves are encoded as well: what is signed is what is sent. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  )

/** `symbol=BTCUSDT&timestamp=1790000000123&signature=…`: values are percent-encoded before they are signed. */
export const query = (parameters: ReadonlyArray<readonly [string, string]>, signer: Signer): string => {
  const text = parameters.map(([key, value]) => `${key}=${encode(value)}`).join("&")
  return `${text}&signature=${encode(signer.sign(text))}`
}

export type Values = Readonly<Record<string, string | number | boolean | undefined>>

/** The parameters with their signature: sorted by name, joined as they are, without percent-encoding. */
export const parameters = (values: Values, signer: Signer): Record<string, string | number | boolean> => {
  const given = Object.entries(values).filter(
    (entry): entry is [string, string | number | boolean] => entry[1] !== undefined
  )
  const text = given
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join("&")
  return { ...Object.fromEntries(given), signature: signer.sign(text) }
}
