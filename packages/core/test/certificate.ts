/**
 * A certificate for `localhost` and 127.0.0.1 that signs itself, made anew for each run of the tests: what a TLS server on
 * loopback needs. X.509 in DER, as RFC 5280 has it.
 */
import { generateKeyPairSync, sign } from "node:crypto"

const tagged = (tag: number, ...parts: ReadonlyArray<Uint8Array>): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([tag, ...size]), content])
}
const sequence = (...parts: ReadonlyArray<Uint8Array>) => tagged(0x30, ...parts)
const bits = (content: Uint8Array) => tagged(0x03, Buffer.from([0]), content)
const time = (text: string) => tagged(0x18, Buffer.from(text))
const hex = (text: string) => Buffer.from(text, "hex")

/** Object identifiers, encoded. */
const ECDSA_WITH_SHA256 = sequence(hex("06082a8648ce3d040302"))
const COMMON_NAME = hex("0603550403")
const ALTERNATIVE_NAMES = hex("0603551d11")

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" })

const name = sequence(tagged(0x31, sequence(COMMON_NAME, tagged(0x0c, Buffer.from("localhost")))))
const names = sequence(tagged(0x82, Buffer.from("localhost")), tagged(0x87, Buffer.from([127, 0, 0, 1])))
const content = sequence(
  tagged(0xa0, tagged(0x02, Buffer.from([2]))),
  tagged(0x02, Buffer.from([1])),
  ECDSA_WITH_SHA256,
  name,
  sequence(time("20200101000000Z"), time("21200101000000Z")),
  name,
  publicKey.export({ type: "spki", format: "der" }),
  tagged(0xa3, sequence(sequence(ALTERNATIVE_NAMES, tagged(0x04, names))))
)
const signed = sequence(content, ECDSA_WITH_SHA256, bits(sign("sha256", content, privateKey)))

const BEGIN = "-----BEGIN CERTIFICATE-----"
const END = "-----END CERTIFICATE-----"

export const key = privateKey.export({ type: "pkcs8", format: "pem" })
export const cert = `${BEGIN}\n${signed.toString("base64").replace(/.{64}/g, "$&\n")}\n${END}\n`
