import { describe, expect, it } from "@effect/vitest"
import { Redacted } from "effect"
import { hmac } from "../../src/sign.ts"
import * as signed from "../../src/trading/signed.ts"

/** Credentials nobody has. */
const credentials = {
  apiKey: "UNITTESTKEY",
  sign: hmac(Redacted.make("unit-test-secret-0123456789abcdef")),
  recvWindow: 5000,
  hide: (message: string) => message
}

const stamp = 1790000000123

const headers = (text: string) => signed.headers(credentials, stamp, text)

describe("signatures", () => {
  it("of a read: the query as it is sent", () => {
    const query = signed.query([
      ["category", "linear"],
      ["symbol", "BTCUSDT"]
    ])
    expect([query, headers(query)]).toEqual([
      "category=linear&symbol=BTCUSDT",
      {
        "x-bapi-api-key": "UNITTESTKEY",
        "x-bapi-timestamp": "1790000000123",
        "x-bapi-recv-window": "5000",
        "x-bapi-sign": "fe9e529bd804d3dc3aa36ce60c68028aaec1a1ab26f2e0d5cf313e20ecd211e5"
      }
    ])
  })

  it("of an order: the body, byte for byte", () => {
    const body =
      '{"category":"linear","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","qty":"0.015","price":"61250.10","timeInForce":"GTC","orderLinkId":"bot-0001"}'
    expect(headers(body)["x-bapi-sign"]).toBe("b8cc1c02d04287d81e58086dec223af2d166b80b686205e8d07de5b6b4ff61ae")
  })

  it("of a socket's first message: good for ten seconds", () => {
    expect(signed.auth(credentials, 1790000000123)).toEqual([
      "UNITTESTKEY",
      1790000010123,
      "b2ebc0c2cecff1dee35c240172eaf00ad0f0eb8e73995e39440bfbb9ae00ff09"
    ])
  })

  it("a value is encoded before it is signed; a cursor that came encoded goes back as it came", () => {
    expect(
      signed.query([
        ["a", "b c&d"],
        ["cursor", "page%3A50%2C1"]
      ])
    ).toBe("a=b%20c%26d&cursor=page%3A50%2C1")
  })
})
