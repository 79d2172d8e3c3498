/**
 * A channel across the loss of its worker: what the new worker brings is held against what the lost one told last, by the
 * same rules as across the loss of a session (`EventStream`), so that the hole is mended, or told, and nothing comes twice.
 */
import { type Channel, type Event, Supervision } from "@tidewire/core"

export interface BridgeSetup {
  readonly venue: string
  readonly symbol: string
  readonly channel: Channel.Channel
  readonly consecutiveTradeIds: boolean
  readonly now: () => number
  readonly emit: (event: Event.Event) => void
  readonly mend?: NonNullable<Supervision.EventStreamOptions["mend"]>
}

export class Bridge extends Supervision.EventStream {
  readonly #crossing: { isOpen: boolean; isOver: boolean }

  constructor({ channel, consecutiveTradeIds, emit, mend, now, symbol, venue }: BridgeSetup, last: Event.MarketEvent) {
    const crossing = { isOpen: false, isOver: false }
    super({
      venue,
      subscription: { symbol, channel },
      topic: { name: `${symbol} ${channel}`, route: "" },
      emit: (event) => {
        // what was told before the loss is not told again, and its subscription speaks for itself
        if (!crossing.isOpen || event.type === "subscription") return
        if (!("origin" in event && event.origin === "backfill")) crossing.isOver ||= event.type !== "gap"
        emit(event)
      },
      onDuplicate: () => {},
      now,
      consecutiveTradeIds,
      ...(mend !== undefined && { mend })
    })
    this.#crossing = crossing
    this.accept(last)
    this.doubted("disconnect")
    crossing.isOpen = true
  }

  /** A live event has been told, and nothing is missing any more. */
  get isCrossed(): boolean {
    return this.#crossing.isOver && this.missing === undefined
  }
}
