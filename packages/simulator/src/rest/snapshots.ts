/**
 * The order book as REST answers it, true or faulty. Guarantees that a true one is the book at its `lastUpdateId`.
 */
import type { FaultRegistry } from "../faults/FaultRegistry.ts"
import type { LevelSize } from "../market/book.ts"
import type { Market } from "../market/market.ts"
import type { Topics } from "../topics/Topics.ts"
import type { Clock } from "../clock.ts"

export interface Snapshot {
  /** In the numbers that the venue's diffs have. */
  readonly lastUpdateId: number
  /** The market's own update id. */
  readonly sequence: number
  readonly time: number
  readonly bids: ReadonlyArray<LevelSize>
  readonly asks: ReadonlyArray<LevelSize>
}

const DEFAULT_BEHIND = 100_000
const DEFAULT_HOLD_MS = 500

export class Snapshots {
  private readonly clock: Clock
  private readonly faults: FaultRegistry
  /** Books as they were when a `staleSnapshot` was injected, by fault. */
  private readonly kept = new Map<number, Map<Market, Snapshot>>()

  private readonly take: (market: Market) => Snapshot

  constructor(clock: Clock, faults: FaultRegistry, take: (market: Market) => Snapshot) {
    this.take = take
    this.clock = clock
    this.faults = faults
  }

  /** Remembers the books that a stale answer will show. */
  keep(faultId: number, markets: ReadonlyArray<Market>): void {
    this.kept.set(faultId, new Map(markets.map((market) => [market, this.take(market)])))
  }

  answer(market: Market, topics: Topics): Snapshot {
    const { market: kind, symbol } = market.definition
    const target = { id: undefined, market: kind, route: undefined, streams: [], symbols: [] }
    for (const entry of this.faults.meant(["staleSnapshot", "aheadSnapshot"], target, { symbol })) {
      if (!this.faults.use(entry)) continue
      const { fault, id } = entry
      if (fault.kind === "aheadSnapshot") {
        this.clock.after(fault.holdMs ?? DEFAULT_HOLD_MS, topics.hold(symbol))
        return this.take(market)
      }
      const old = this.kept.get(id)?.get(market) ?? this.take(market)
      if (entry.left <= 0) this.kept.delete(id)
      return { ...old, lastUpdateId: old.lastUpdateId - (fault.behind ?? DEFAULT_BEHIND) }
    }
    return this.take(market)
  }
}
