import { VenueError } from "@tidewire/core"
import { describe, expect, it } from "@effect/vitest"
import { classify } from "../src/errors.ts"
import * as recordings from "./support/recordings.ts"

const reason = (status: number, body: unknown, headers: Record<string, string> = {}) => {
  const found = classify({ status, headers, body: typeof body === "string" ? body : JSON.stringify(body) })!
  const { _tag, message } = found
  return {
    _tag,
    message,
    ...("retryAfterMs" in found && { retryAfterMs: found.retryAfterMs }),
    ...("code" in found && { code: found.code })
  }
}

describe("refusals of REST reads", () => {
  it("the status that tells us to keep away outweighs the code, and Retry-After is in milliseconds", () => {
    expect([
      reason(429, { code: -1003, msg: "Too much request weight used." }, { "retry-after": "5" }),
      reason(418, { code: -1003, msg: "IP banned." }, { "retry-after": "120" }),
      reason(418, { code: -1121, msg: "Odd." }),
      reason(403, "<html>Forbidden</html>"),
      reason(503, "", { "retry-after": "Wed, 21 Oct 2026 07:28:00 GMT" }),
      reason(502, { code: -1121, msg: "Odd." }),
      reason(408, ""),
      reason(451, { code: 0, msg: "Service unavailable from a restricted location." })
    ]).toEqual([
      { _tag: "RateLimited", message: "Too much request weight used. (HTTP 429, code -1003)", retryAfterMs: 5000 },
      { _tag: "RateLimited", message: "IP banned. (HTTP 418, code -1003)", retryAfterMs: 120_000 },
      { _tag: "RateLimited", message: "Odd. (HTTP 418, code -1121)" },
      { _tag: "RateLimited", message: "HTTP 403" },
      { _tag: "VenueUnavailable", message: "HTTP 503" },
      { _tag: "VenueUnavailable", message: "Odd. (HTTP 502, code -1121)" },
      { _tag: "VenueUnavailable", message: "HTTP 408" },
      { _tag: "PermissionDenied", message: "Service unavailable from a restricted location. (HTTP 451, code 0)" }
    ])
  })

  it("codes have their reason", () => {
    const tags = [-1000, -1001, -1003, -1007, -1008, -1015, -1016, -1020, -1034, -1121, -1130, -2014, -4021, -4166, -1]
    expect(tags.map((code) => [code, reason(400, { code, msg: "m" })._tag])).toEqual([
      [-1000, "VenueUnavailable"],
      [-1001, "VenueUnavailable"],
      [-1003, "RateLimited"],
      [-1007, "VenueUnavailable"],
      [-1008, "VenueUnavailable"],
      [-1015, "RateLimited"],
      [-1016, "VenueUnavailable"],
      [-1020, "Unsupported"],
      [-1034, "RateLimited"],
      [-1121, "InvalidRequest"],
      [-1130, "InvalidRequest"],
      [-2014, "AuthenticationFailed"],
      [-4021, "InvalidRequest"],
      [-4166, "InvalidRequest"],
      [-1, "InvalidRequest"]
    ])
  })

  it("bodies of any kind are tolerated", () => {
    const bodies = ["", "null", "[]", "5", "{", '{"code":"x"}', '{"msg":5}', '{"code":1.5,"msg":"half"}']
    expect(bodies.map((body) => reason(404, body).message)).toEqual([
      ...Array.from({ length: 7 }, () => "HTTP 404"),
      "HTTP 404: half"
    ])
  })

  it.skipIf(recordings.missing(recordings.controls))("recorded bodies are final", () => {
    const bodies = recordings.lines(recordings.controls).filter((line) => line.includes("msg"))
    expect(
      bodies.map((body) => {
        const found = classify({ status: 400, headers: {}, body })!
        return [found._tag, VenueError.recovery(found)._tag]
      })
    ).toEqual([
      ["AuthenticationFailed", "Fatal"],
      ["InvalidRequest", "Fatal"],
      ["InvalidRequest", "Fatal"]
    ])
  })
})
