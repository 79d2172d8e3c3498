import { describe, expect, it } from "@effect/vitest"
import type { VenueError } from "@tidewire/core"
import * as outcome from "../../src/trading/outcome.ts"
import { codes } from "../../src/trading/refusals.ts"

/** What the venue's codes ask for, of an order: the whole table of its page. */
const table: ReadonlyArray<readonly [ReadonlyArray<number>, VenueError.Reason["_tag"]]> = [
  [[10000, 10016, 10019, 429, 10429, 170001, 170005, 170007, 170032, 170146, 170147, 500000], "OutcomeUnknown"],
  [[10014, 20006, 110072, 170141], "OutcomeUnknown"],
  [[10002, -1], "InvalidRequest"],
  [[10003, 10004, 10007, 33004], "AuthenticationFailed"],
  [[10005, 10008, 10009, 10010, 10024, 10027, 10028], "PermissionDenied"],
  [[10006, 20003, 10403], "RateLimited"],
  [[110079, 170191], "VenueUnavailable"],
  [[10001, 10017, 10404, 10029], "OrderRejected"],
  [[110001, 170213, 170143, 110008, 110010, 170139, 170142], "OrderRejected"],
  [[110003, 110017, 110094, 170132, 170133, 170134, 170135, 170136, 170137, 170140, 170124], "OrderRejected"],
  [[110004, 110006, 110007, 110012, 110044, 110045, 110052, 170131], "OrderRejected"],
  [[110009, 110020, 110021, 110023, 110074, 110110], "OrderRejected"],
  [[110025, 110026, 110043, 34040], "OrderRejected"],
  [[110092, 110093, 170210, 170218], "OrderRejected"]
]

const reason = (refusal: Partial<outcome.Refusal>, about: string | undefined = "bot-1") =>
  outcome.reasonOf({ status: 200, code: undefined, message: "no.", ...refusal }, about)

describe("outcomes of an account's requests", () => {
  it("every code of the venue's table has its reason", () => {
    const found = table.map(([each]) => each.map((code) => reason({ code })._tag))
    expect(found).toEqual(table.map(([each, expected]) => each.map(() => expected)))
  })

  it("the table has no code that the venue's has not", () => {
    const documented = new Set(table.flatMap(([each]) => each))
    expect([...codes.keys()].filter((code) => !documented.has(code))).toEqual([])
  })

  it("a read has no unknown outcome, and is no rejection of an order", () => {
    const read = (code: number) => outcome.reasonOf({ status: 200, code, message: "no." }, undefined)._tag
    const found = new Set([...codes.keys(), 77].map(read))
    expect(["OutcomeUnknown", "OrderRejected"].filter((tag) => found.has(tag as VenueError.Reason["_tag"]))).toEqual([])
  })

  it("S-D5 a code that nobody knows is a refusal where it is the matching engine's, else it is unknown", () => {
    expect([110_555, 170_999, 10_888, 3_300_001, 170_042, 0x7fff].map((code) => reason({ code })._tag)).toEqual([
      "OrderRejected",
      "OrderRejected",
      "OutcomeUnknown",
      "OutcomeUnknown",
      "OutcomeUnknown",
      "OutcomeUnknown"
    ])
  })

  it("what HTTP says: kept away, or not known", () => {
    expect([403, 429, 401, 408, 500, 502, 400, 404].map((status) => reason({ status })._tag)).toEqual([
      "RateLimited",
      "RateLimited",
      "AuthenticationFailed",
      "OutcomeUnknown",
      "OutcomeUnknown",
      "OutcomeUnknown",
      "InvalidRequest",
      "InvalidRequest"
    ])
  })

  it("what was refused for now says for how long", () => {
    expect([reason({ code: 10006, retryAfterMs: 300 }), reason({ code: 110079 })]).toMatchObject([
      { _tag: "RateLimited", retryAfterMs: 300, message: "no. (code 10006)" },
      { _tag: "VenueUnavailable", retryAfterMs: 200 }
    ])
  })
})
