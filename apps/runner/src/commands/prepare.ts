/** From a checked deployment to what a session delivers: its venues, and the engine between them where there is one. */
import type { Instrument } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { BadConfiguration } from "../configuration/Problem.ts"
import { compose, type Composition } from "../engine/compose.ts"
import * as Hearing from "../engine/hearing.ts"
import type { Header } from "../record/Tape.ts"
import * as Heard from "../replay/heard.ts"
import type * as Runner from "../Runner.ts"
import type { Deployment } from "../venues/Deployment.ts"
import { open } from "../venues/open.ts"
import * as PreparedVenue from "../venues/PreparedVenue.ts"

export interface Prepared {
  readonly venues: ReadonlyArray<Runner.Venue>
  /** What they are made of. */
  readonly prepared: ReadonlyArray<PreparedVenue.PreparedVenue>
  readonly trading: Composition | undefined
  /** Of a venue's list, by the venue's name. */
  readonly instrument: (venue: string, symbol: string) => Instrument.Instrument | undefined
}

/** `heard`: in a replay, what the recorded strategies heard. */
export const prepare = Effect.fnUntraced(function* ({ engine, source, venues }: Deployment, heard?: Header["heard"]) {
  const prepared = yield* PreparedVenue.all(venues)
  const trading = engine === undefined ? undefined : yield* compose(engine, prepared, source, yield* Hearing.make)
  const recorded = heard === undefined ? undefined : Heard.beside(heard, prepared)
  const wanted = trading?.engine.subscriptions ?? new Map()
  const problems = recorded === undefined ? [] : Heard.missing(wanted, recorded, prepared)
  if (problems.length > 0) return yield* new BadConfiguration({ source, problems })
  const instrument: Prepared["instrument"] = (venue, symbol) => {
    const found = prepared.find(({ name }) => name === venue)?.index?.find(symbol)
    return found?._tag === "Found" ? found.instrument : undefined
  }
  return {
    venues: yield* open(source, prepared, recorded ?? wanted),
    prepared,
    trading,
    instrument
  } satisfies Prepared
})
