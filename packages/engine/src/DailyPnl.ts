/**
 * What was won or lost today: the portfolio's net now, less what it was when the day (UTC, of the engine's time) began.
 *
 * Guarantees: a restart within a day goes on with the same day; what was lost while no engine ran counts for the day on which it
 * runs again. A position that has no price yet counts with the last one that was known. Amounts of other assets are converted at
 * their last price; what has none does not count, and is told once a day for each asset.
 */
import { Amount } from "@tidewire/core"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { ZERO } from "./Books.ts"
import type { Conversion } from "./Conversion.ts"
import type { Tell } from "./Notice.ts"
import type { Portfolio } from "./Portfolio.ts"

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** What the journal keeps of it. */
export const DaySnapshot = Schema.Struct({
  /** Days since the epoch. */
  day: Schema.Finite,
  /** The net by asset when the day began. */
  net: Schema.Record(Schema.String, Amount.Amount),
  /** Of what is held, when this was written. */
  prices: Schema.Array(Schema.Struct({ venue: Schema.String, symbol: Schema.String, price: Schema.Finite }))
})
export interface DaySnapshot extends Schema.Schema.Type<typeof DaySnapshot> {}

export interface DailyPnlSetup {
  readonly portfolio: Portfolio
  readonly conversion: Conversion
  readonly now: () => number
  /** Keeps a snapshot. */
  readonly keep: (snapshot: DaySnapshot) => void
  readonly tell: Tell
}

export class DailyPnl {
  readonly #setup: DailyPnlSetup
  #day = Number.NaN
  #hour = Number.NaN
  #begun: ReadonlyMap<string, BigDecimal.BigDecimal> = new Map()
  /** Assets without a price that were told today. */
  readonly #told = new Set<string>()

  constructor(setup: DailyPnlSetup) {
    this.#setup = setup
  }

  /** What an earlier process has kept; after the portfolio is restored. */
  restore(value: unknown): void {
    const kept = Schema.decodeUnknownOption(DaySnapshot)(value)
    if (Option.isNone(kept)) return
    const { day, net, prices } = kept.value
    for (const { price, symbol, venue } of prices) this.#setup.portfolio.price(venue, symbol, price, "remembered")
    if (day === this.#today) this.#day = day
    this.#begun = new Map(Object.entries(net).map(([asset, text]) => [asset, BigDecimal.fromStringUnsafe(text)]))
  }

  /** In the currency of the conversion. */
  get total(): Amount.Amount {
    this.roll()
    let total = ZERO
    for (const [asset, net] of this.#setup.portfolio.net()) {
      const change = BigDecimal.subtract(net, this.#begun.get(asset) ?? ZERO)
      if (BigDecimal.isZero(change)) continue
      const rate = this.#setup.conversion.rate(asset)
      if (rate === undefined) this.#unpriced(asset)
      else total = BigDecimal.sum(total, BigDecimal.multiply(change, rate))
    }
    return Amount.write(BigDecimal.round(total, { scale: 8, mode: "half-even" }))
  }

  /** Begins a new day when it is one; to be called often enough that little is won or lost between. */
  roll(): void {
    const today = this.#today
    if (today !== this.#day) {
      this.#day = today
      this.#begun = this.#setup.portfolio.net()
      this.#told.clear()
      this.keep()
    } else if (Math.floor(this.#setup.now() / HOUR_MS) !== this.#hour) this.keep()
  }

  /** Writes down how it stands, for the next process: each hour, so that the prices are not older. */
  keep(): void {
    this.#hour = Math.floor(this.#setup.now() / HOUR_MS)
    const net = Object.fromEntries([...this.#begun].map(([asset, amount]) => [asset, Amount.write(amount)]))
    this.#setup.keep({ day: this.#day, net, prices: this.#setup.portfolio.openPrices() })
  }

  get #today(): number {
    return Math.floor(this.#setup.now() / DAY_MS)
  }

  #unpriced(asset: string): void {
    if (this.#told.has(asset)) return
    this.#told.add(asset)
    this.#setup.tell({
      _tag: "Unpriced",
      level: "warn",
      message: `What was won or lost in ${asset} does not count for the limit of a day's loss: ${asset} has no price.`,
      fields: { asset }
    })
  }
}
