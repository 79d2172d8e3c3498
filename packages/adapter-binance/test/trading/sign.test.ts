import { generateKeyPairSync, verify } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { Redacted, Result } from "effect"
import { ed25519, hmac } from "../../src/sign.ts"
import * as signed from "../../src/trading/signed.ts"

/** Credentials nobody has. */
const signer = hmac(Redacted.make("unit-test-secret-0123456789abcdef"))
const apiKey = "UNITTESTKEY"
const timestamp = 1790000000123

const order = {
  symbol: "BTCUSDT",
  side: "BUY",
  type: "LIMIT",
  timeInForce: "GTC",
  quantity: "0.015",
  price: "61250.10",
  newClientOrderId: "bot-0001",
  recvWindow: 5000,
  timestamp
}

const texts = (values: Readonly<Record<string, string | number>>) =>
  Object.entries(values).map(([key, value]) => [key, String(value)] as const)

describe("signatures", () => {
  it("of REST: the query as it is sent", () => {
    expect(signed.query(texts(order), signer)).toBe(
      "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.015&price=61250.10&newClientOrderId=bot-0001&recvWindow=5000&timestamp=1790000000123&signature=c4c6fad352ab80e10b11eccaa1404b701a2d18d6362d0e57afc4d6d33c8799d3"
    )
  })

  it("of REST: what is not ASCII is encoded before it is signed", () => {
    expect(signed.query(texts({ symbol: "测试USDT", timestamp }), signer)).toBe(
      "symbol=%E6%B5%8B%E8%AF%95USDT&timestamp=1790000000123&signature=d913b05f7f3ed736b050bde690782cb46529e548a64adad5c74cae12cd19ef8e"
    )
  })

  it("of the WebSocket API: the parameters by name, as they are, with the key among them", () => {
    const values = { ...order, apiKey, price: undefined }
    const whole = { ...values, price: "61250.10", icebergQty: undefined }
    expect(signed.parameters(whole, signer)).toEqual({
      ...order,
      apiKey,
      signature: "ac280050db589335908db4bc86e2a02a92a5c1c871dd629e8ca1bbc1d68b4a50"
    })
  })

  it("of a subscription to the account's events", () => {
    expect(signed.parameters({ apiKey, timestamp }, signer)).toEqual({
      apiKey,
      timestamp,
      signature: "cd3a82779266fa64001cb9d6694dddad3b51c037a3623df659bbf3249ae1d186"
    })
  })

  it("what a URL would encode by itself is encoded before it is signed", () => {
    const query = signed.query([["name", "it's (a) *!"]], signer)
    expect(new URL(`http://here/?${query}`).search).toBe(`?${query}`)
    expect(query.startsWith("name=it%27s%20%28a%29%20%2A%21&signature=")).toBe(true)
  })

  it("with Ed25519: base64, percent-encoded in a query, and right by the public key", () => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519")
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
    const made = Result.getOrThrow(ed25519(Redacted.make(pem.replaceAll("\n", "\\n"))))
    const query = signed.query(texts(order), made)
    const [text, encoded] = query.split("&signature=")
    const signature = Buffer.from(decodeURIComponent(encoded!), "base64")
    expect(verify(null, Buffer.from(text!), publicKey, signature)).toBe(true)
    expect(encoded).not.toMatch(/[+/=]/)
  })

  it("a key of another kind, or none, is refused without being shown", () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString()
    for (const text of [pem, "not a key at all"]) {
      const refused = ed25519(Redacted.make(text))
      expect(Result.isFailure(refused) && refused.failure.message).toBe("privateKey is no Ed25519 key in PEM")
    }
  })
})
