/**
 * A channel whose every message takes the place of the one before (quotes, tickers, marks): in passing from one session to
 * another it is whole with the next message. While two carry it, only the older one is told, so that nothing is told
 * twice or out of order where nothing is numbered.
 */
import { type Event, Supervision } from "@tidewire/core"

export class LatestStream extends Supervision.EventStream {
  override accept(event: Event.MarketEvent, leg?: Supervision.Leg): void {
    const [oldest] = this.legs
    if (leg !== undefined && oldest !== undefined && leg !== oldest) return this.options.onDuplicate()
    super.accept(event, leg)
  }

  protected override doubted(): void {}

  protected override interrupted(gapReason: Event.GapReason, reason: string): void {
    super.doubted(gapReason)
    super.interrupted(gapReason, reason)
  }
}
