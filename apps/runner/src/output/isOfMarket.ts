/** What a market has said, and not what a stream says of itself, an account, or a strategy. */
import { Event } from "@tidewire/core"
import type { Told } from "./Output.ts"

// no event of an account or a strategy has the type of a market's
export const isOfMarket = (event: Told): event is Event.MarketEvent => Event.isMarketEvent(event as Event.Event)
