/**
 * Runs cards: each on an adapter and an exchange of its own, a few at a time, and none of them can disturb another.
 * Whatever a card meets (a wrong event, a defect, a wait without end) is its failure, never the run's.
 */
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Card } from "./Card.ts"
import { cards } from "./cards.ts"
import { fail, Patience } from "./Failed.ts"
import { reconnect } from "./reconnect.ts"
import type { Outcome, Report } from "./Report.ts"
import * as Selection from "./Selection.ts"
import { Stage } from "./Stage.ts"
import type { Subject } from "./Subject.ts"

const AT_ONCE = 4

/** A card waits for several things; together at most so many times the patience. */
const WAITS = 4

const DEFAULT_PATIENCE = Duration.seconds(20)

/** How long a card of this subject may take, in all. */
export const limitOf = ({ patience = DEFAULT_PATIENCE }: Subject): Duration.Duration =>
  Duration.times(Duration.fromInputUnsafe(patience), WAITS)

/** What a report tells of a subject itself. */
export const claimsOf = ({ capabilities, trading }: Subject): Omit<Report, "outcomes"> => ({
  capabilities,
  ...(trading !== undefined && { trading })
})

/** What the card's outcome is known to be without running it. */
export const foregone = (card: Card, { capabilities, skip, trading }: Subject): Outcome | undefined => {
  const why = card.unless?.(capabilities, trading)
  if (why !== undefined) return { _tag: "NotApplicable", reason: why }
  const reason = skip?.[card.id]
  return reason === undefined ? undefined : { _tag: "Skipped", reason }
}

/** Runs one card, whether or not it applies. */
export const runCard = (card: Card, subject: Subject): Effect.Effect<Outcome> =>
  subject.open({ reconnect: reconnect("100 millis", "1 second"), ...card.connection }).pipe(
    Effect.flatMap((opened) => card.check(new Stage(opened, subject))),
    Effect.scoped,
    Effect.timeoutOrElse({
      duration: limitOf(subject),
      orElse: () => fail(`not done within ${Duration.format(limitOf(subject))}`)
    }),
    Effect.provideService(Patience, Duration.fromInputUnsafe(subject.patience ?? DEFAULT_PATIENCE)),
    Effect.matchCause({
      onSuccess: (): Outcome => ({ _tag: "Passed" }),
      onFailure: (cause): Outcome => ({ _tag: "Failed", reason: reasonOf(cause) })
    })
  )

/** Runs what is selected (default: what `TIDEWIRE_CARDS` names, else every card); throws for an unknown selection. */
export const run = (subject: Subject, selection?: ReadonlyArray<string>): Effect.Effect<Report> =>
  Effect.gen(function* () {
    Selection.checkSkips(cards, subject.skip)
    const selected = Selection.resolve(cards, selection)
    const outcomes = yield* Effect.forEach(
      cards,
      (card) => {
        const outcome: Outcome | undefined = selected.has(card.id) ? foregone(card, subject) : { _tag: "NotSelected" }
        return outcome === undefined ? runCard(card, subject) : Effect.succeed(outcome)
      },
      { concurrency: AT_ONCE }
    )
    return {
      ...claimsOf(subject),
      outcomes: new Map(cards.map(({ id }, index) => [id, outcomes[index]!]))
    }
  })

const reasonOf = (cause: Cause.Cause<unknown>): string => {
  const error = Cause.squash(cause)
  if (error instanceof Error && "_tag" in error && error._tag === "Failed") return error.message
  return error instanceof Error ? Cause.pretty(cause) : String(error)
}
