/**
 * Compares every live book with the venue's now and then, one after another, when the budget has room for it.
 *
 * Guarantees: what cannot be compared (a book that is not live, an answer that is too old) is passed over, and never
 * taken for a difference; a book that differs is told stale with the differences, and rebuilt.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import type { CheckedBookStream } from "./CheckedBookStream.ts"
import type { BookSource } from "./SocketVenue.ts"
import * as Urgency from "./Urgency.ts"

/** How long a book may take to come to where the venue's was. */
const CATCH_UP_WITHIN = Duration.seconds(10)
const CATCH_UP_LOOK = Duration.millis(100)

export interface AuditorOptions {
  readonly venue: string
  readonly every: Duration.Duration
  /** `undefined` for a book that the venue has nothing to compare with. */
  readonly fetch: NonNullable<BookSource["audit"]>
  readonly books: () => Iterable<CheckedBookStream>
  readonly onAudited: (isDrifted: boolean) => void
}

export const run = (options: AuditorOptions): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    while (true) {
      // spread, so that many processes do not ask at once
      yield* Effect.sleep(Duration.toMillis(options.every) * (0.5 + 0.5 * (yield* Random.next)))
      for (const book of options.books()) yield* audit(book, options)
    }
  }).pipe(Effect.forkScoped, Effect.asVoid)

const audit = (book: CheckedBookStream, { fetch, onAudited, venue }: AuditorOptions): Effect.Effect<void> =>
  Effect.gen(function* () {
    const read = fetch(book.subscription)
    if (read === undefined || !book.beginAudit()) return
    const about = { venue, symbol: book.subscription.symbol }
    const answer = yield* Effect.result(Effect.provideService(read, Urgency.current, "background"))
    if (answer._tag === "Failure") {
      return yield* Effect.annotateLogs(Effect.logInfo("no book to compare with"), {
        ...about,
        error: answer.failure.message
      })
    }
    const snapshot = answer.success
    const catchUp = Effect.gen(function* () {
      while (book.isBehind(snapshot.sequence)) yield* Effect.sleep(CATCH_UP_LOOK)
    })
    yield* Effect.timeoutOption(catchUp, CATCH_UP_WITHIN)
    const drift = book.finishAudit(snapshot)
    if (drift === undefined) return
    onAudited(drift.different > 0)
    if (drift.different > 0) {
      yield* Effect.annotateLogs(Effect.logWarning("an order book had drifted from the venue's"), {
        ...about,
        ...drift
      })
    }
  }).pipe(Effect.ensuring(Effect.sync(() => book.endAudit())))
