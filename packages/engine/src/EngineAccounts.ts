/** The accounts of an engine: those of its adapters, and those on paper. */
import type { Instrument } from "@tidewire/core"
import * as Result from "effect/Result"
import { EngineError, NoAccount } from "./EngineError.ts"
import type { EngineSetup, EngineVenue } from "./EngineSetup.ts"
import { PaperVenue } from "./paper/PaperVenue.ts"
import type { TimeLine } from "./TimeLine.ts"
import type { VenueSetup } from "./VenueDesk.ts"
import type { Wanted } from "./wanted.ts"

export interface EngineAccounts {
  readonly venues: ReadonlyArray<VenueSetup>
  readonly papers: ReadonlyMap<string, PaperVenue>
}

export const findInstrument =
  ({ venues }: Pick<EngineSetup, "venues">) =>
  (venue: string, symbol: string): Instrument.Instrument | undefined => {
    const found = venues
      .find(({ adapter }) => adapter.venue === venue)
      ?.instruments()
      .find(symbol)
    return found?._tag === "Found" ? found.instrument : undefined
  }

/** Those that can be traded on, as the setup says. */
export const make = (
  setup: Pick<EngineSetup, "venues">,
  subscriptions: Wanted["byVenue"],
  timeLine: TimeLine
): Result.Result<EngineAccounts, EngineError> => {
  const papers = new Map<string, PaperVenue>()
  const venues: Array<VenueSetup> = []
  const find = findInstrument(setup)
  for (const each of setup.venues) {
    const { book, execution } = each
    if (execution._tag === "None") continue
    const { venue } = each.adapter
    const instrument = (symbol: string) => find(venue, symbol)
    const symbols = [...new Set((subscriptions.get(venue) ?? []).map(({ symbol }) => symbol))]
    const common = { venue, instrument, symbols: () => symbols, book }
    if (execution._tag === "Paper") {
      const { _tag, ...models } = execution
      const paper = new PaperVenue({ venue, timeLine, instrument, book, ...models })
      papers.set(venue, paper)
      venues.push({ ...common, trading: paper })
    } else {
      const { trading } = each.adapter
      if (trading === undefined) return Result.fail(noAccount(each))
      const { _tag, ...options } = execution
      venues.push({ ...common, trading, ...options })
    }
  }
  return Result.succeed({ venues, papers })
}

const noAccount = ({ adapter: { venue } }: EngineVenue): EngineError => {
  const message = `${venue} is to be traded on live, and has no account: its adapter was given no credentials, or cannot trade`
  return new EngineError({ reason: new NoAccount({ message }) })
}
