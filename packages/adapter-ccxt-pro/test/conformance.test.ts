/**
 * CCXT's exchanges pass the conformance suite on the simulator, but for what CCXT itself does not do: those cards are run as
 * well, and fail for the reason that is written here. The documents say what each supports and passes; with
 * `TIDEWIRE_UPDATE=1` their table is written, not compared.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { cards, insert, type Outcome, type Report, run, type Subject, suite, table } from "@tidewire/conformance"
import { Effect } from "effect"
import { describe, expect, it } from "vitest"
import { claimed, deep, deepSpot, linear, spot, subject } from "./support/subjects.ts"

/** Why a card cannot be passed, and how it fails. */
interface Beyond {
  readonly why: string
  readonly how: RegExp
}

const isPart = process.env["TIDEWIRE_CARDS"] !== undefined

/** Runs every card, each for what is expected of it. */
const certify = (name: string, of: Subject, beyond: Readonly<Record<string, Beyond>>): (() => Report) => {
  const within = cards.flatMap(({ id }) => (id in beyond ? [] : [id]))
  const passed = suite(name, of, isPart ? {} : { selection: within })
  const failed = new Map<string, Outcome>()
  if (!isPart && Object.keys(beyond).length > 0) {
    describe.concurrent(`${name}, beyond CCXT`, () => {
      for (const [id, { how, why }] of Object.entries(beyond)) {
        it(`${id} is not met: ${why}`, async () => {
          const { outcomes } = await Effect.runPromise(run({ ...of, patience: "5 seconds" }, [id]))
          const outcome = outcomes.get(id)!
          failed.set(id, outcome)
          expect(outcome).toEqual({ _tag: "Failed", reason: expect.stringMatching(how) })
        }, 60_000)
      }
    })
  }
  return () => {
    const report = passed()
    return { ...report, outcomes: new Map([...report.outcomes].map(([id, each]) => [id, failed.get(id) ?? each])) }
  }
}

const claims = "CCXT claims the channels of all markets of an exchange together, and spot has no marks or liquidations"
const onSpot = {
  "MD-6": { why: claims, how: /a mark: not within/ },
  "MD-7": { why: claims, how: /nothing is liquidated on (bybit-)?spot/ },
  "MD-8": { why: claims, how: /nothing is liquidated on (bybit-)?spot/ },
  "MD-14": { why: claims, how: /fetchFundingRate: / }
}

const unnumbered = {
  why: "CCXT keeps no sequence of this exchange's book, so that what is told cannot have the exchange's",
  how: /the book is at \d+, the exchange's at \d+/
}
const unchecked = {
  "BK-2": unnumbered,
  "BK-3": {
    why: "CCXT checks no sequence of this exchange's book: a lost change goes unseen until it crosses the book",
    how: /the book stale, and live again: not within|the exchange's at \d+/
  },
  "BK-4": unnumbered,
  "BK-5": unnumbered,
  "BK-6": unnumbered
}

const reports = {
  "binance, spot": certify("CCXT's binance, spot", subject("binance", "spot", spot, claimed.spot), onSpot),
  binanceusdm: certify("CCXT's binanceusdm", subject("binanceusdm", "usdm", linear, claimed.usdm), {}),
  "bybit, spot": certify("CCXT's bybit, spot", subject("bybit", "bybit-spot", spot, claimed.bybitSpot, deepSpot), {
    ...onSpot,
    ...unchecked
  }),
  "bybit, linear": certify(
    "CCXT's bybit, linear",
    subject("bybit", "bybit-linear", linear, claimed.bybitLinear, deep),
    unchecked
  )
}

// of a part of the cards there is no table
if (!isPart) {
  it("the table in the document is that of this run", () => {
    const document = new URL("../../../docs/venues/ccxt-pro.md", import.meta.url)
    const now = table(Object.fromEntries(Object.entries(reports).map(([name, report]) => [name, report()])))
    const text = readFileSync(document, "utf8")
    const fresh = insert(text, now)
    if (process.env["TIDEWIRE_UPDATE"] === "1") writeFileSync(document, fresh)
    else expect(text).toBe(fresh)
  })
}
