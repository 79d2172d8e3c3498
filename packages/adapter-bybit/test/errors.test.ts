import { describe, expect, it } from "@effect/vitest"
import { classify } from "../src/errors.ts"

const reason = (status: number, body: unknown) => {
  const found = classify({ status, headers: {}, body: typeof body === "string" ? body : JSON.stringify(body) })
  return found === undefined ? undefined : { _tag: found._tag, message: found.message }
}

describe("refusals of REST reads", () => {
  it("a refusal may come with HTTP 200, and what is none has no reason", () => {
    expect([
      reason(200, { retCode: 0, retMsg: "OK", result: {} }),
      reason(200, { retCode: 10006, retMsg: "Too many visits!" }),
      reason(200, { retCode: 10001, retMsg: "" }),
      reason(200, "[]")
    ]).toEqual([
      undefined,
      { _tag: "RateLimited", message: "Too many visits! (code 10006)" },
      { _tag: "InvalidRequest", message: "code 10001" },
      undefined
    ])
  })

  it("codes have their reason", () => {
    const table: ReadonlyArray<readonly [string, ReadonlyArray<number>]> = [
      ["RateLimited", [429, 10006, 10403, 10429]],
      ["VenueUnavailable", [10000, 10016, 10019, 500000]],
      ["AuthenticationFailed", [10003, 10004, 10007, 33004]],
      ["PermissionDenied", [10005, 10008, 10009, 10010, 10024, 10027, 10028]],
      ["InvalidRequest", [-1, 10001, 10002, 10017, 10029, 10404, 110001]]
    ]
    const found = table.map(([, codes]) => codes.map((retCode) => reason(200, { retCode, retMsg: "m" })?._tag))
    expect(found).toEqual(table.map(([tag, codes]) => codes.map(() => tag)))
  })

  it("the status that tells us to keep away outweighs the code", () => {
    expect([
      reason(403, "<html>access too frequent</html>"),
      reason(403, { retCode: 10001, retMsg: "odd" }),
      reason(429, ""),
      reason(502, { retCode: 10001, retMsg: "odd" }),
      reason(408, ""),
      reason(401, "{}"),
      reason(404, "{")
    ]).toEqual([
      { _tag: "RateLimited", message: "HTTP 403" },
      { _tag: "RateLimited", message: "odd (HTTP 403, code 10001)" },
      { _tag: "RateLimited", message: "HTTP 429" },
      { _tag: "VenueUnavailable", message: "odd (HTTP 502, code 10001)" },
      { _tag: "VenueUnavailable", message: "HTTP 408" },
      { _tag: "AuthenticationFailed", message: "HTTP 401" },
      { _tag: "InvalidRequest", message: "HTTP 404" }
    ])
  })

  it("bodies of any kind are tolerated", () => {
    const bodies = ["", "null", "5", '"x"', '{"retCode":"x"}', '{"retMsg":5}', '{"retCode":1.5,"retMsg":"half"}']
    expect(bodies.map((body) => reason(400, body)?.message)).toEqual([
      ...Array.from({ length: 6 }, () => "HTTP 400"),
      "half (HTTP 400)"
    ])
  })
})
