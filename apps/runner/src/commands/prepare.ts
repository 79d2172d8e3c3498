/** From a checked deployment to what a session delivers: its venues, and the engine between them where there is one. */
import type { Instrument } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { compose, type Composition } from "../engine/compose.ts"
import * as Hearing from "../engine/hearing.ts"
import type * as Runner from "../Runner.ts"
import type { Deployment } from "../venues/Deployment.ts"
import { open } from "../venues/open.ts"
import * as PreparedVenue from "../venues/PreparedVenue.ts"

export interface Prepared {
  readonly venues: ReadonlyArray<Runner.Venue>
  readonly trading: Composition | undefined
  /** Of a venue's list, by the venue's name. */
  readonly instrument: (venue: string, symbol: string) => Instrument.Instrument | undefined
}

export const prepare = Effect.fnUntraced(function* ({ engine, source, venues }: Deployment) {
  const prepared = yield* PreparedVenue.all(venues)
  const trading = engine === undefined ? undefined : yield* compose(engine, prepared, source, yield* Hearing.make)
  const instrument: Prepared["instrument"] = (venue, symbol) => {
    const found = prepared.find(({ name }) => name === venue)?.index?.find(symbol)
    return found?._tag === "Found" ? found.instrument : undefined
  }
  return {
    venues: yield* open(source, prepared, trading?.engine.subscriptions),
    trading,
    instrument
  } satisfies Prepared
})
