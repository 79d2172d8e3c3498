import { describe, expect, it } from "@effect/vitest"
import { VenueError } from "@tidewire/core"
import * as outcome from "../../src/trading/outcome.ts"
import * as refusals from "../../src/trading/refusals.ts"

type Market = "spot" | "usdm"

const range = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index)

/** What the venue's codes ask for, of an order: the whole table of its page, by market. */
const table: ReadonlyArray<readonly [ReadonlyArray<number>, ReadonlyArray<Market>, VenueError.Reason["_tag"]]> = [
  [[-1000, -1001, -1006, -1007], ["spot", "usdm"], "OutcomeUnknown"],
  [[-1002, -2014, -2015, -1022], ["spot", "usdm"], "AuthenticationFailed"],
  [[-1003, -1008, -1015, -1034], ["spot", "usdm"], "RateLimited"],
  [[-1013, -1014], ["spot", "usdm"], "OrderRejected"],
  [[-1016], ["spot", "usdm"], "VenueUnavailable"],
  [[-1020], ["spot", "usdm"], "Unsupported"],
  [[-1021], ["spot", "usdm"], "InvalidRequest"],
  [
    [
      ...range(-1100, -1106),
      -1108,
      -1111,
      ...range(-1114, -1119),
      -1120,
      -1121,
      -1122,
      -1127,
      -1128,
      -1130,
      -1135,
      -1220
    ],
    ["spot", "usdm"],
    "OrderRejected"
  ],
  [[-1125], ["usdm"], "InvalidRequest"],
  [[-2010, -2011, -2013, -2018, -2019, -2020, -2026], ["spot", "usdm"], "OrderRejected"],
  [[-2021, -2022], ["spot", "usdm"], "OrderRejected"],
  [[-2023], ["usdm"], "PermissionDenied"],
  [[-2025, -2026, -2027, -2028], ["usdm"], "OrderRejected"],
  [[-2035], ["spot"], "OrderRejected"],
  [[-2036, -2042], ["spot"], "InvalidRequest"],
  [
    [-4003, -4004, -4005, -4013, -4014, -4015, -4016, -4021, -4023, -4024, -4131, -4118, -4120, -4164, -4166],
    ["usdm"],
    "OrderRejected"
  ],
  [[-4046, -4059], ["usdm"], "OrderRejected"],
  [[-4061, -4400, -4531], ["usdm"], "PermissionDenied"],
  [[-4116], ["usdm"], "OutcomeUnknown"],
  [[...range(-5021, -5027), -5029], ["usdm"], "OrderRejected"],
  [[-5028], ["usdm"], "InvalidRequest"]
]

const codesOf = (market: Market) => (market === "spot" ? refusals.spot : refusals.usdm)

const reason = (market: Market, refusal: Partial<outcome.Refusal>, about: string | undefined = "bot-1") =>
  outcome.reasonOf(codesOf(market), { status: 400, code: undefined, message: "no.", ...refusal }, about)

describe("outcomes of an account's requests", () => {
  it("every code of the venue's table has its reason, market by market", () => {
    for (const [codes, markets, expected] of table) {
      for (const market of markets) {
        for (const code of codes)
          expect([market, code, reason(market, { code })._tag]).toEqual([market, code, expected])
      }
    }
  })

  it("the tables have no code that the venue's has not", () => {
    for (const market of ["spot", "usdm"] as const) {
      const documented = new Set(table.flatMap(([codes, markets]) => (markets.includes(market) ? codes : [])))
      expect([...codesOf(market).keys()].filter((code) => !documented.has(code))).toEqual([])
    }
  })

  it("a read has no unknown outcome, and is no rejection of an order", () => {
    for (const [codes, markets] of table) {
      for (const market of markets) {
        for (const code of codes) {
          const refusal = { status: 400, code, message: "no." }
          const { _tag } = outcome.reasonOf(codesOf(market), refusal, undefined)
          expect(["OutcomeUnknown", "OrderRejected"]).not.toContain(_tag)
        }
      }
    }
  })

  it("S-D5 the meanings of 503, and everything else that the venue failed at", () => {
    const found = [
      { status: 503, message: "Unknown error, please check your request or try again later." },
      { status: 503, message: "Service Unavailable." },
      { status: 503, message: "Internal error; unable to process your request. Please try again." },
      { status: 503, code: -1008, message: "Request throttled." },
      { status: 500, message: "HTTP 500" },
      { status: 502, message: "HTTP 502" },
      { status: 408, message: "Timeout." }
    ].map((refusal) => reason("usdm", refusal)._tag)
    expect(found).toEqual([
      "OutcomeUnknown",
      "VenueUnavailable",
      "VenueUnavailable",
      "VenueUnavailable",
      "OutcomeUnknown",
      "OutcomeUnknown",
      "OutcomeUnknown"
    ])
  })

  it("a duplicate is an order of ours that has arrived; other rejections of the engine are rejections", () => {
    expect([
      reason("spot", { code: -2010, message: "Duplicate order sent." }),
      reason("spot", { code: -2010, message: "Account has insufficient balance for requested action." })
    ]).toEqual([
      new VenueError.OutcomeUnknown({ message: "Duplicate order sent. (400, code -2010)", clientOrderId: "bot-1" }),
      new VenueError.OrderRejected({
        message: "Account has insufficient balance for requested action. (400, code -2010)",
        code: -2010
      })
    ])
  })

  it("what keeps us away was not carried out, and says for how long", () => {
    expect([
      reason("spot", { status: 429, code: -1003, message: "Too much.", retryAfterMs: 3_000 }),
      reason("spot", { status: 418, message: "Banned." })._tag,
      reason("spot", { status: 403, message: "HTTP 403" })._tag
    ]).toEqual([
      new VenueError.RateLimited({ message: "Too much. (429, code -1003)", retryAfterMs: 3_000 }),
      "RateLimited",
      "RateLimited"
    ])
  })

  it("a code that nobody knows is a refusal when the venue says that we were wrong", () => {
    expect(reason("spot", { code: -9999 })._tag).toBe("OrderRejected")
  })
})
