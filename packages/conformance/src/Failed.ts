/** Why a card failed, and the ways to fail: a condition that does not hold, one that never came to hold. */
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Clock from "effect/Clock"

export class Failed extends Data.TaggedError("Failed")<{ readonly message: string }> {}

/** How long something that is expected may take. */
export const Patience = Context.Reference<Duration.Duration>("@tidewire/conformance/Patience", {
  defaultValue: () => Duration.seconds(20)
})

const LOOK_EVERY_MS = 10

/** How long what has come to hold is watched for more that should not come. */
const AFTERMATH_MS = 150

export const fail = (message: string): Effect.Effect<never, Failed> => Effect.fail(new Failed({ message }))

export const hold = (what: string, isSo: boolean): Effect.Effect<void, Failed> => (isSo ? Effect.void : fail(what))

/** Both are plain data; the order of keys counts. */
export const equal = (what: string, told: unknown, truth: unknown): Effect.Effect<void, Failed> => {
  const [one, other] = [JSON.stringify(told), JSON.stringify(truth)]
  return hold(`${what}: told ${brief(one)}, true is ${brief(other)}`, one === other)
}

/** Waits until there is something, and gives it. */
export const until = <A>(what: string, look: () => A | undefined | false): Effect.Effect<A, Failed> =>
  Effect.gen(function* () {
    const patience = yield* Patience
    const deadline = (yield* Clock.currentTimeMillis) + Duration.toMillis(patience)
    while (true) {
      const found = look()
      if (found !== undefined && found !== false) return found
      if ((yield* Clock.currentTimeMillis) > deadline) return yield* fail(`${what}: not within ${text(patience)}`)
      yield* Effect.sleep(LOOK_EVERY_MS)
    }
  })

/** Waits until there is no complaint, and then a little for one that comes late. */
export const settled = (complaint: () => string | undefined): Effect.Effect<void, Failed> =>
  Effect.gen(function* () {
    yield* until("", () => complaint() === undefined).pipe(
      Effect.catch(() => fail(complaint() ?? "what came was right only after its time"))
    )
    yield* Effect.sleep(AFTERMATH_MS)
    const late = complaint()
    if (late !== undefined) return yield* fail(late)
  })

const brief = (json: string | undefined): string => {
  if (json === undefined) return "nothing"
  return json.length > 300 ? `${json.slice(0, 300)}…` : json
}

const text = (duration: Duration.Duration): string => Duration.format(duration)
