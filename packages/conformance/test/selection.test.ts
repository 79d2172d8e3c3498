import * as Effect from "effect/Effect"
import { afterEach, assert, describe, it } from "vitest"
import { type Report, run } from "../src/index.ts"
import { reference } from "./reference/subject.ts"
import { inVirtualTime } from "./virtualTime.ts"

const ran = ({ outcomes }: Report) => [...outcomes].flatMap(([id, { _tag }]) => (_tag === "NotSelected" ? [] : [id]))

/** Why a run did not begin. */
const refusal = (...parameters: Parameters<typeof run>): Promise<string> =>
  inVirtualTime(
    run(...parameters).pipe(
      Effect.catchDefect((defect) => Effect.succeed(String(defect))),
      Effect.map(String)
    )
  )

describe("a selection", () => {
  afterEach(() => void delete process.env["TIDEWIRE_CARDS"])

  it("names cards and groups", async () => {
    assert.deepStrictEqual(ran(await inVirtualTime(run(reference, ["LC-8", "backpressure"]))), [
      "LC-8",
      "BP-1",
      "BP-2",
      "BP-3",
      "BP-4"
    ])
  })

  it("comes from the environment where the call has none", async () => {
    process.env["TIDEWIRE_CARDS"] = "LC-10, LC-1"
    assert.deepStrictEqual(ran(await inVirtualTime(run(reference))), ["LC-1", "LC-10"])
  })

  it("that is unknown throws, also from the environment", async () => {
    assert.include(await refusal(reference, ["MD-1", "boks"]), 'no card and no group "boks"')
    process.env["TIDEWIRE_CARDS"] = "XX-1"
    assert.include(await refusal(reference), 'no card and no group "XX-1"')
  })

  it("that selects nothing throws", async () => {
    assert.include(await refusal(reference, []), "no card is selected")
  })
})

describe("a skip", () => {
  it("is an outcome with its reason", async () => {
    const report = await inVirtualTime(run({ ...reference, skip: { "LC-1": "plans are another's" } }, ["LC-1"]))
    assert.deepStrictEqual(report.outcomes.get("LC-1"), { _tag: "Skipped", reason: "plans are another's" })
  })

  it("without a reason, or of no card, throws", async () => {
    assert.include(await refusal({ ...reference, skip: { "LC-1": " " } }), "LC-1 is skipped without a reason")
    assert.include(await refusal({ ...reference, skip: { "LC-99": "why not" } }), 'no card "LC-99" to skip')
  })
})

describe("capabilities", () => {
  it("decide which cards apply", async () => {
    const capabilities = {
      ...reference.capabilities,
      channels: ["trades"] as const,
      history: { trades: false, recentTrades: false, bars: false },
      present: { quotes: false, book: false, ticker: false, mark: false, bars: false }
    }
    const report = await inVirtualTime(run({ ...reference, capabilities }, ["MD-2", "MD-10", "BK-1"]))
    assert.deepStrictEqual(
      [...report.outcomes.values()].flatMap((each) => (each._tag === "NotApplicable" ? [each.reason] : [])),
      ["no channel quotes is claimed", "history.trades is not claimed", "no channel book is claimed"]
    )
  })

  it("a fault that the exchange cannot do fails the card that needs it", async () => {
    const open: typeof reference.open = (connection) =>
      Effect.map(reference.open(connection), (made) => ({ ...made, exchange: { ...made.exchange, faults: {} } }))
    const report = await inVirtualTime(run({ ...reference, open }, ["RS-1"]))
    const reason = 'the exchange cannot do "kill"; skip this card with the reason, if there is one'
    assert.deepStrictEqual(report.outcomes.get("RS-1"), { _tag: "Failed", reason })
  })
})
