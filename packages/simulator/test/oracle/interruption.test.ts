/**
 * The oracle over the loss of a connection: every channel must account for it, and no state may be claimed that is not so.
 */
import { assert, describe, it } from "vitest"
import type { Oracle } from "../../src/index.ts"
import { eventually, onStage, type Stage } from "../support.ts"
import { FaultlessClient, SYMBOL, type Told } from "./client.ts"
import { kindsOf, options, oracleOf, STEP_MS, subscribe } from "./judging.ts"
import { gapOf, isFinal, isQuote, isTicker, isTrade, type Of, second, tradeGap } from "./spoilt.ts"

/** A session, its loss, some time, and another one; `run` is what the client tells of the second. */
const interrupted = async (
  stage: Stage,
  run: (told: { readonly client: FaultlessClient; readonly before: ReadonlyArray<Told> }) => ReadonlyArray<Told>
): Promise<Oracle.Report> => {
  await subscribe(stage, "spot")
  const client = new FaultlessClient(stage, "spot")
  const oracle = oracleOf(stage, "spot")
  const before = [...client.connected(), ...client.begin()]
  for (let step = 0; step < 8; step++) before.push(...client.step(STEP_MS))
  for (const event of before) oracle.accept(event)
  stage.simulator.control.inject({ kind: "kill" })
  oracle.accept({ type: "bookState", venue: "spot", symbol: SYMBOL, receivedTime: 0, state: "stale" })
  oracle.accept(client.connection("Reconnecting"))
  stage.clock.advance(3_000)
  client.skip()
  await subscribe(stage, "spot")
  await eventually(() => stage.simulator.stats().connections.length === 1, "the second socket")
  const after = run({ client, before })
  stage.simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0 })
  for (const event of after) oracle.accept(event)
  for (let step = 0; step < 12; step++) for (const event of client.step(STEP_MS)) oracle.accept(event)
  return oracle.finish({ atMs: stage.clock.now() })
}

const positionOf = (event: Told): number =>
  ("exchangeTime" in event ? event.exchangeTime : undefined) ?? event.receivedTime

/** The second session, with every gap that the loss asks for. */
const secondSession = (client: FaultlessClient, before: ReadonlyArray<Told>): Array<Told> => {
  const [syncing, snapshot, ...live] = client.begin()
  const sequence = (event: Told | undefined) => (event as Of<"book">).sequence
  const last = (isMeant: (event: Told) => boolean) => before.findLast(isMeant)!
  const next = Array.from({ length: 8 }, () => client.step(STEP_MS)).flat()
  const first = (isMeant: (event: Told) => boolean) => next.find(isMeant)!
  const bar = (event: Told) => (event as Of<"bar">).openTime
  const [fromBar, toBar] = [bar(last(isFinal)), bar(first(({ type }) => type === "bar"))]
  const trades = [last(isTrade), first(isTrade)].map((each) => Number((each as Of<"trade">).id))
  const gaps = [
    tradeGap(trades[0]!, trades[1]!, trades[1]! - trades[0]! - 1),
    gapOf("quotes", { from: positionOf(last(isQuote)), to: positionOf(first(isQuote)) }),
    gapOf("ticker", { from: positionOf(last(isTicker)), to: positionOf(first(isTicker)) }),
    gapOf("bars:1s", { from: fromBar, to: toBar, lost: (toBar - fromBar) / second - 1 })
  ]
  const from = sequence(last(({ type }) => type === "book"))
  const book = gapOf("book", { from, to: sequence(snapshot), repaired: true })
  return [...client.connected(), syncing!, snapshot!, book, ...live, ...gaps, ...next]
}

describe("Oracle over a lost connection", () => {
  it("is content when every channel has its gap", () =>
    onStage(options, async (stage) => {
      const report = await interrupted(stage, ({ before, client }) => secondSession(client, before))
      assert.deepStrictEqual(report.violations, [])
      assert.deepStrictEqual([report.accounted.gaps, report.accounted.repairedGaps], [5, 1])
      assert.isAbove(report.accounted.tradesInGaps, 0)
    }))

  for (const channel of ["trades", "quotes", "ticker", "bars:1s", "book"]) {
    it(`sees that the gap of ${channel} is missing`, () =>
      onStage(options, async (stage) => {
        const report = await interrupted(stage, ({ before, client }) =>
          secondSession(client, before).filter((event) => event.type !== "gap" || event.channel !== channel)
        )
        const kind = channel === "trades" || channel === "bars:1s" ? "missing" : "gap-missing"
        assert.deepStrictEqual(kindsOf(report), [`${kind} ${channel}`])
      }))
  }

  it("sees that a book's gap has wrong bounds, or claims not to be repaired", () =>
    onStage(options, async (stage) => {
      const report = await interrupted(stage, ({ before, client }) =>
        secondSession(client, before).map((event) =>
          event.type === "gap" && event.channel === "book" ? { ...event, from: 1, repaired: false } : event
        )
      )
      assert.deepStrictEqual(kindsOf(report), ["gap-bounds book", "gap-repaired book"])
    }))

  it("sees that a connection still claims to be active", () =>
    onStage(options, async (stage) => {
      await subscribe(stage, "spot")
      const client = new FaultlessClient(stage, "spot")
      const oracle = oracleOf(stage, "spot")
      for (const event of [...client.connected(), ...client.begin()]) oracle.accept(event)
      stage.simulator.control.inject({ kind: "kill" })
      const kinds = [1_000, 1_000].map((ms) => {
        for (const event of client.step(ms)) oracle.accept(event)
        return kindsOf(oracle.peek())
      })
      assert.deepStrictEqual(kinds, [[], ["active-without-socket one"]])
    }))

  it("sees that a silent connection still claims to be active", () =>
    onStage(options, async (stage) => {
      await subscribe(stage, "spot")
      const client = new FaultlessClient(stage, "spot")
      const oracle = oracleOf(stage, "spot", { detectWithinMs: 4_000 })
      for (const event of [...client.connected(), ...client.begin()]) oracle.accept(event)
      stage.simulator.control.inject({ kind: "silence" })
      const kinds = [3_000, 1_000, 6_000].map((ms) => {
        for (const event of client.step(ms)) oracle.accept(event)
        return kindsOf(oracle.peek())
      })
      assert.deepStrictEqual(kinds, [[], [], ["active-but-silent one"]])
    }))
})
