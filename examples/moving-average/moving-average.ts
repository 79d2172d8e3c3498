/**
 * Two averages of closing prices. When the fast one crosses above the slow one it buys, when it crosses below it sells what it
 * has: long or flat, nothing else.
 *
 * Guarantees: at most one position of `size`; flat when it is stopped, an order that was on its way then included. The past
 * is read from the venue, so that it need not warm up; only a bar that is final, and the newest, is acted on.
 */
import { Amount, type Event, Interval } from "@tidewire/core"
import type { Strategy } from "@tidewire/engine"
import * as BigDecimal from "effect/BigDecimal"
import * as Schema from "effect/Schema"

const Count = Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 400 }))

const Options = Schema.Struct({
  venue: Schema.NonEmptyString,
  symbol: Schema.NonEmptyString,
  interval: Schema.Literals(Interval.all),
  /** How many bars each average is of. */
  fast: Count,
  slow: Count,
  /** In the instrument's unit. */
  size: Amount.Amount.check(Schema.isPattern(/^(?!-|0$)/, { expected: "a decimal text above 0" }))
}).check(
  Schema.makeFilter(({ fast, slow }: { readonly fast: number; readonly slow: number }) =>
    fast < slow ? undefined : "expected fast to be less than slow"
  )
)
const decode = Schema.decodeUnknownSync(Options, { onExcessProperty: "error", errors: "all" })

/** Of the latest closes. A guess at where the price goes is no money, so floats will do. */
const average = (bars: ReadonlyArray<Event.Bar>, count: number): number =>
  bars.slice(-count).reduce((sum, { close }) => sum + close, 0) / count

export const strategy = (options: unknown): Strategy.Strategy => {
  const { fast, interval, size, slow, symbol, venue } = decode(options)
  let wanted = "0"

  /** Orders what is missing of the wanted position; what is on its way counts as there. */
  const approach = (context: Strategy.Context) => {
    const signed = ({ side }: { readonly side: "buy" | "sell" }, amount: BigDecimal.BigDecimal) =>
      side === "buy" ? amount : BigDecimal.negate(amount)
    const exact = BigDecimal.fromStringUnsafe
    const coming = context
      .orders({ venue, symbol })
      .map((order) => signed(order, BigDecimal.subtract(exact(order.size), exact(order.filled))))
    const will = BigDecimal.sum(exact(context.position(venue, symbol).size), BigDecimal.sumAll(coming))
    const missing = BigDecimal.subtract(exact(wanted), will)
    if (BigDecimal.isZero(missing)) return
    const side = BigDecimal.isPositive(missing) ? "buy" : "sell"
    // limits of risk do not hold up what can only make a position smaller; spot has no such orders
    const isSpot = context.instrument(venue, symbol)?.kind === "spot"
    const reduceOnly = wanted === "0" && coming.length === 0 && !isSpot
    const amount = Amount.write(BigDecimal.abs(missing))
    const told = context.submit({ venue, symbol, side, kind: "market", size: amount, reduceOnly })
    // a refusal is no end: the next bar tries again
    if (told._tag === "Refused") context.log.warn(`not ordered: ${told.refusal.message}`)
  }

  return {
    // the book is what the order is filled from on paper, and what risk measures it by
    subscriptions: [{ venue, symbol, channels: [`bars:${interval}`, "book"] }],
    onBar: (bar, context) => {
      // a bar is told while it forms, and is final once; one that a gap has delayed may be older than the newest
      const bars = context.bars(venue, symbol, interval, slow + 1)
      if (!bar.isFinal || bars.length <= slow || bars.at(-1)?.openTime !== bar.openTime) return
      const before = bars.slice(0, -1)
      const [wasAbove, isAbove] = [before, bars].map((each) => average(each, fast) > average(each, slow))
      if (isAbove !== wasAbove) {
        wanted = isAbove === true ? size : "0"
        context.log.info(isAbove === true ? "crossed above" : "crossed below", { openTime: bar.openTime })
      }
      approach(context)
    },
    // the engine carries out what is ordered here before it ends
    onStop: (context) => {
      wanted = "0"
      approach(context)
    }
  }
}
