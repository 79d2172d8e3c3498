/** Signatures are checked for real: published vectors, and requests that are not signed right. */
import { generateKeyPairSync, sign } from "node:crypto"
import { describe, expect, it } from "vitest"
import { signedText } from "../../src/binance/trading/authenticate.ts"
import { hmac, isSigned } from "../../src/account/signature.ts"
import { type Json, onStage } from "../support.ts"
import { apiOf, hmac as own, key, signedBy, until } from "./user.ts"

const SECRET = "unit-test-secret-0123456789abcdef"

describe("a signature", () => {
  it.each([
    [
      "Binance REST",
      "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.015&price=61250.10&newClientOrderId=bot-0001&recvWindow=5000&timestamp=1790000000123",
      "c4c6fad352ab80e10b11eccaa1404b701a2d18d6362d0e57afc4d6d33c8799d3"
    ],
    [
      "Binance's subscribe.signature",
      "apiKey=UNITTESTKEY&timestamp=1790000000123",
      "cd3a82779266fa64001cb9d6694dddad3b51c037a3623df659bbf3249ae1d186"
    ],
    [
      "Binance REST outside ASCII",
      "symbol=%E6%B5%8B%E8%AF%95USDT&timestamp=1790000000123",
      "d913b05f7f3ed736b050bde690782cb46529e548a64adad5c74cae12cd19ef8e"
    ],
    [
      "Bybit GET",
      "1790000000123UNITTESTKEY5000category=linear&symbol=BTCUSDT",
      "fe9e529bd804d3dc3aa36ce60c68028aaec1a1ab26f2e0d5cf313e20ecd211e5"
    ],
    [
      "Bybit POST",
      '1790000000123UNITTESTKEY5000{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.015","price":"61250.10","timeInForce":"GTC","orderLinkId":"bot-0001"}',
      "b8cc1c02d04287d81e58086dec223af2d166b80b686205e8d07de5b6b4ff61ae"
    ],
    ["Bybit's sockets", "GET/realtime1790000010123", "b2ebc0c2cecff1dee35c240172eaf00ad0f0eb8e73995e39440bfbb9ae00ff09"]
  ])("of %s is that of the vector", (_, text, expected) => {
    expect(hmac(SECRET, text)).toBe(expected)
    const definition = { key: "UNITTESTKEY", secret: SECRET }
    expect([isSigned(definition, text, expected.toUpperCase()), isSigned(definition, `${text}0`, expected)]).toEqual([
      true,
      false
    ])
  })

  it("on the WebSocket API is of the parameters in the order of their names", () => {
    const parameters = {
      symbol: "BTCUSDT",
      side: "BUY",
      type: "LIMIT",
      timeInForce: "GTC",
      quantity: "0.015",
      price: "61250.10",
      newClientOrderId: "bot-0001",
      recvWindow: 5000,
      timestamp: 1790000000123,
      apiKey: "UNITTESTKEY",
      signature: "any"
    }
    expect(hmac(SECRET, signedText(parameters))).toBe(
      "ac280050db589335908db4bc86e2a02a92a5c1c871dd629e8ca1bbc1d68b4a50"
    )
  })
})

describe("a request", () => {
  it.each([
    ["without a key", {}, "", 401, -2014],
    ["with an unknown key", { "X-MBX-APIKEY": "nobodys" }, "", 401, -2015],
    ["without a signature", { "X-MBX-APIKEY": key }, "", 400, -1102],
    ["with a wrong signature", { "X-MBX-APIKEY": key }, `&signature=${own("something else")}`, 400, -1022]
  ] as const)("%s is refused", (_, headers, tail, status, code) =>
    onStage({}, async ({ clock, simulator }) => {
      const response = await fetch(`${simulator.url}/api/v3/account?timestamp=${Math.floor(clock.now())}${tail}`, {
        headers
      })
      expect([response.status, ((await response.json()) as Json)["code"]]).toEqual([status, code])
    })
  )

  it("is signed over query and body as they came, percent signs included", () =>
    onStage({}, async ({ clock, simulator }) => {
      const query = `symbol=${encodeURIComponent("币安人生USDT")}&side=BUY&type=LIMIT`
      const body = `timeInForce=GTC&quantity=100&price=0.1000&timestamp=${Math.floor(clock.now())}`
      const url = `${simulator.url}/api/v3/order/test?${query}`
      const init = {
        method: "POST",
        headers: { "X-MBX-APIKEY": key, "content-type": "application/x-www-form-urlencoded" }
      }
      const response = await fetch(url, { ...init, body: `${body}&signature=${own(query + body)}` })
      expect([response.status, await response.json()]).toEqual([200, {}])
      const joined = await fetch(url, { ...init, body: `${body}&signature=${own(`${query}&${body}`)}` })
      expect(joined.status).toBe(400)
    }))
})

it("an Ed25519 key logs a session on, which then needs no signatures and may subscribe", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519")
  const accounts = [{ key: "ed", ed25519PublicKey: publicKey.export({ type: "spki", format: "pem" }) as string }]
  const signedWith = (text: string) => sign(null, Buffer.from(text), privateKey).toString("base64")
  return onStage({ accounts }, async (stage) => {
    const api = await apiOf(stage)
    const timestamp = Math.floor(stage.clock.now())
    expect(await api.plain("userDataStream.subscribe")).toMatchObject({ status: 401, error: { code: -2015 } })
    const logon = await api.plain("session.logon", signedBy({ apiKey: "ed", timestamp }, signedWith))
    expect(logon).toMatchObject({
      status: 200,
      result: { apiKey: "ed", authorizedSince: timestamp, userDataStream: false }
    })
    expect(await api.plain("userDataStream.subscribe")).toMatchObject({ result: { subscriptionId: 0 } })
    expect(await api.plain("userDataStream.subscribe")).toMatchObject({ error: { code: -2035 } })
    expect(await api.plain("account.status", { timestamp })).toMatchObject({
      status: 200,
      result: { accountType: "SPOT" }
    })
    expect(await api.plain("session.logout")).toMatchObject({ result: { apiKey: null } })
    await until(() => api.events().some((event) => event["e"] === "eventStreamTerminated"))
    expect(await api.plain("account.status", { timestamp })).toMatchObject({ status: 400, error: { code: -1102 } })
  })
})
