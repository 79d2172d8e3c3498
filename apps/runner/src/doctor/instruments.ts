/** The instruments of what is subscribed: each is known to the venue, and trades. */
import type { Instrument, Subscription, VenueAdapter } from "@tidewire/core"
import { Instrument as Instruments } from "@tidewire/core"
import * as Effect from "effect/Effect"
import { asGiven, onList, resolve } from "../venues/resolve.ts"
import type { VenueSetup } from "../venues/VenueSetup.ts"
import { ok, problem, type Verdict, warning } from "./Finding.ts"
import * as Reasons from "./reasons.ts"

export interface Listed {
  readonly verdicts: ReadonlyArray<Verdict>
  /** What would be subscribed: on the list where there is one, else as it is written. */
  readonly subscriptions: ReadonlyArray<Subscription.Subscription>
}

/** As many symbols as are named one by one. */
const NAMED = 10

/** Where the venue is not asked. */
export const written = ({ wanted }: VenueSetup): Listed => ({
  verdicts: [],
  subscriptions: resolve(wanted, asGiven).subscriptions
})

export const look = (adapter: VenueAdapter.VenueAdapter, setup: VenueSetup): Effect.Effect<Listed> =>
  Effect.match(adapter.instruments, {
    onFailure: (error) => ({ ...written(setup), verdicts: [Reasons.verdict(error, setup.proxy?.shown)] }),
    onSuccess: (list) => {
      const index = new Instruments.InstrumentIndex(list)
      const { problems, subscriptions } = resolve(setup.wanted, onList(index))
      const symbols = [...new Set(subscriptions.map(({ symbol }) => symbol))]
      const halted = symbols.flatMap((symbol) => index.find(symbol)).flatMap(notTrading)
      const verdicts = [
        ...problems.map(({ message, path }) =>
          problem(`${path}: ${message}`, 'correct it; `tidewire instruments <venue> "*USDT"` lists what there is')
        ),
        ...(halted.length === 0
          ? []
          : [
              warning(
                `${named(halted)}: not trading`,
                "its streams are silent until it trades again; take it out if it is gone for good"
              )
            ])
      ]
      const trading = symbols.length - halted.length
      const found = `${list.length} on the venue's list; ${trading} of the ${symbols.length} subscribed ${symbols.length === 1 ? "symbol" : "symbols"} trade`
      return { subscriptions, verdicts: [...(problems.length > 0 ? [] : [ok(found)]), ...verdicts] }
    }
  })

const notTrading = (found: Instrument.Found): ReadonlyArray<string> =>
  found._tag === "Found" && found.instrument.status !== "trading"
    ? [`${found.instrument.symbol} is ${found.instrument.status}`]
    : []

const named = (texts: ReadonlyArray<string>): string =>
  texts.length <= NAMED ? texts.join(", ") : `${texts.slice(0, NAMED).join(", ")} and ${texts.length - NAMED} more`
