/**
 * The order desk over all accounts: `make` reads the journal, opens the accounts and begins to follow them.
 *
 * Guarantees: what passes `submit` was checked against its instrument, the limits of risk and what is open, and its intent is in
 * the journal before it is sent; what is refused was not sent. A halt refuses everything new at once, survives a restart, and
 * ends only by `resume`. When the journal cannot be written nothing new is sent and everything is cancelled. With its scope the
 * desk ends, and leaves the orders as they are.
 */
import type { VenueError } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import * as ClientOrderIds from "./ClientOrderIds.ts"
import * as Compaction from "./Compaction.ts"
import type { Entry } from "./Journal.ts"
import { type Desk, type DeskSetup, VenueDesks } from "./VenueDesks.ts"

export type { Desk, DeskSetup }

export const make = (setup: DeskSetup): Effect.Effect<Desk, VenueError.VenueError, Scope.Scope> =>
  Effect.gen(function* () {
    const clock = yield* Clock.Clock
    const random = yield* Random.next
    const now = clock.currentTimeMillisUnsafe()
    const written = [...setup.journal.read()]
    const restored = Compaction.compact(written, { now })
    if (restored.length < written.length) setup.journal.replace(restored)
    const ids = ClientOrderIds.make({ now, lastBoot: lastBootOf(restored), random })
    setup.restoring?.(restored)
    setup.journal.write({ _tag: "Started", time: now, boot: ids.boot })
    const runKeyed = yield* FiberMap.makeRuntime<never, string, never, void>()
    let count = 0
    const run = (effect: Effect.Effect<void>, key?: string) =>
      void runKeyed(key ?? `run ${count++}`, effect, { onlyIfMissing: true })
    const rehearse = (effect: Effect.Effect<void>) => runKeyed("rehearsal", effect).interruptUnsafe()
    const desk = new VenueDesks(setup, { clock, ids, run, rehearse, restored })
    yield* Effect.addFinalizer(() => Effect.sync(() => desk.end()))
    yield* desk.begin(Compaction.fillsSince(restored, now))
    return desk
  })

/** A boot that is written, or is in an id, must not come again. */
const lastBootOf = (entries: ReadonlyArray<Entry>): number | undefined => {
  let last: number | undefined
  for (const entry of entries) {
    const boot =
      entry._tag === "Started"
        ? entry.boot
        : entry._tag === "Intent"
          ? ClientOrderIds.bootOf(entry.request.clientOrderId)
          : undefined
    if (boot !== undefined && (last === undefined || boot > last)) last = boot
  }
  return last
}
