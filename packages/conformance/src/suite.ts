/**
 * Registers one vitest test a card, named by its id and its sentence, beside each other: each has its own exchange.
 * What does not apply by the capabilities is no test, and is named in the title of the suite; what the subject skips
 * is a skipped test with its reason. An unknown selection, id or empty reason throws at once.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, it } from "vitest"
import { cards, named } from "./cards.ts"
import type { Outcome, Report } from "./Report.ts"
import { claimsOf, foregone, limitOf, runCard } from "./run.ts"
import * as Selection from "./Selection.ts"
import type { Subject } from "./Subject.ts"

export interface SuiteOptions {
  /** Card ids and groups; default: what `TIDEWIRE_CARDS` names, else every card. */
  readonly selection?: ReadonlyArray<string>
  /** How a card is run; for subjects in virtual time. Default: `Effect.runPromise`. */
  readonly runPromise?: <A>(effect: Effect.Effect<A>) => Promise<A>
}

/** Gives a function that tells the outcomes so far: complete once the last of its tests has ended. */
export const suite = (name: string, subject: Subject, options: SuiteOptions = {}): (() => Report) => {
  const runPromise = options.runPromise ?? (<A>(effect: Effect.Effect<A>) => Effect.runPromise(effect))
  Selection.checkSkips(cards, subject.skip)
  const selected = Selection.resolve(cards, options.selection)
  const outcomes = new Map<string, Outcome>(cards.map(({ id }) => [id, { _tag: "NotSelected" }]))
  const chosen = cards.filter(({ id }) => selected.has(id))
  for (const card of chosen) {
    const known = foregone(card, subject)
    if (known !== undefined) outcomes.set(card.id, known)
  }
  const beside = chosen.filter(({ id }) => outcomes.get(id)?._tag === "NotApplicable")
  const title = beside.length === 0 ? name : `${name} (by its capabilities without ${named(beside).join(", ")})`
  describe.concurrent(title, () => {
    for (const card of chosen) {
      const known = outcomes.get(card.id)
      const sentence = `${card.id} ${card.title}`
      if (known?._tag === "NotApplicable") continue
      if (known?._tag === "Skipped") {
        it.skip(`${sentence} (skipped: ${known.reason})`)
        continue
      }
      it(sentence, { timeout: Duration.toMillis(limitOf(subject)) + 10_000 }, async () => {
        const outcome = await runPromise(runCard(card, subject))
        outcomes.set(card.id, outcome)
        if (outcome._tag === "Failed") throw new Error(outcome.reason)
      })
    }
  })
  return () => ({ ...claimsOf(subject), outcomes })
}
