import { describe, expect, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import { Endpoints } from "@tidewire/core"

const read = (given: unknown) => {
  const result = Schema.decodeUnknownResult(Endpoints.Given)(given)
  return Result.isSuccess(result) ? result.success : result.failure.message.split("\n")
}

describe("S-B1 endpoints of a configuration", () => {
  it("each is optional", () => {
    const both = { stream: "ws://127.0.0.1:9443/", rest: "http://127.0.0.1:9443" }
    expect([read({}), read({ stream: "wss://proxy/venue" }), read(both)]).toEqual([
      {},
      { stream: "wss://proxy/venue" },
      both
    ])
  })

  it("a wrong protocol, a query or no URL at all names the field and what it takes", () => {
    const stream = ["expected a base URL that begins with ws:// or wss:// and has no query", '  at ["stream"]']
    const rest = ["expected a base URL that begins with http:// or https:// and has no query", '  at ["rest"]']
    expect([
      read({ stream: "https://x" }),
      read({ stream: "ws://x?streams=a" }),
      read({ stream: "localhost" }),
      read({ rest: "ws://x" })
    ]).toEqual([stream, stream, stream, rest])
  })

  it("an unknown key is refused by name", () => {
    expect(read({ steam: "ws://x" })).toEqual(['unknown key "steam" (did you mean stream?)'])
  })
})
