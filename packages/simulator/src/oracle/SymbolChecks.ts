/**
 * Everything that is checked of one symbol of one venue: its channels, each by itself, and what its subscriptions say of
 * themselves. Only what the plan subscribes may arrive.
 */
import { isInterval } from "../market/interval.ts"
import type { Market } from "../market/market.ts"
import { BarsCheck } from "./BarsCheck.ts"
import { BookCheck } from "./BookCheck.ts"
import type { ClientEvent, ConnectionEvent, GapEvent } from "./ClientEvent.ts"
import { NamedTradesCheck } from "./NamedTradesCheck.ts"
import { QuotesCheck } from "./QuotesCheck.ts"
import { complainer, type Findings } from "./Report.ts"
import { TimedCheck } from "./TimedCheck.ts"
import { TradesCheck } from "./TradesCheck.ts"
import type { Truth } from "./Truth.ts"

interface SymbolRules {
  readonly detectWithinMs: number
  readonly skews: ReadonlySet<number>
  readonly truth: Truth
}

type SymbolEvent = Exclude<ClientEvent, ConnectionEvent>

/** Bars that ended less than this before the end may still be on their way. */
const BAR_GRACE_MS = 2_000

export class SymbolChecks {
  private readonly findings: Findings
  private readonly venue: string
  private readonly symbol: string
  private trades: TradesCheck | NamedTradesCheck | undefined
  private quotes: QuotesCheck | undefined
  private book: BookCheck | undefined
  private bookChannel: string | undefined
  private readonly bars = new Map<string, BarsCheck>()
  /** By channel. */
  private readonly timed = new Map<string, TimedCheck>()
  /** What each subscription last said of itself, by channel. */
  private readonly states = new Map<string, string>()

  constructor(
    venue: string,
    market: Market,
    channels: Iterable<string>,
    { detectWithinMs, skews, truth }: SymbolRules,
    findings: Findings
  ) {
    this.findings = findings
    this.venue = venue
    this.symbol = market.definition.symbol
    const { book, quotes, tradeIds } = truth.channels(market.definition.market)
    const isNumbered = market.rules.hasConsecutiveTradeIds
    const rules = { detectWithinMs, skews, truth, tradeIds }
    for (const channel of channels) {
      const complain = complainer(findings, { venue, symbol: this.symbol, channel })
      const [kind, interval = ""] = channel.split(":")
      this.states.set(channel, "pending")
      if (kind === "trades") {
        this.trades = isNumbered
          ? new TradesCheck(market, skews, findings, complain)
          : new NamedTradesCheck(market, rules, findings, complain)
      } else if (kind === "quotes") {
        this.quotes = new QuotesCheck(market, quotes(market), detectWithinMs, findings, complain)
      } else if (kind === "book") {
        this.book = new BookCheck(market, channel, book(market, channel), findings, complain)
        this.bookChannel = channel
      } else if (kind === "bars" && isInterval(interval)) {
        this.bars.set(interval, new BarsCheck(market, interval, findings, complain))
      } else this.timed.set(channel, new TimedCheck(market, skews, findings, complain))
    }
  }

  accept(event: SymbolEvent): void {
    switch (event.type) {
      case "trade":
        return this.trades === undefined ? this.unasked(event) : this.trades.accept(event)
      case "quote":
        return this.quotes === undefined ? this.unasked(event) : this.quotes.accept(event)
      case "book":
        return this.book === undefined ? this.unasked(event) : this.book.accept(event)
      case "bookState":
        return this.book === undefined ? this.unasked(event) : this.book.move(event)
      case "bar": {
        const bars = this.bars.get(event.interval)
        return bars === undefined ? this.unasked(event) : bars.accept(event)
      }
      case "subscription":
        if (!this.states.has(event.channel)) return this.unasked(event)
        return void this.states.set(event.channel, event.state)
      case "gap": {
        const check = this.checkOf(event)
        return check === undefined ? this.unasked(event) : check.gap(event)
      }
      default: {
        const timed = this.timed.get(event.type === "liquidation" ? "liquidations" : event.type)
        return timed === undefined ? this.unasked(event) : timed.accept(event)
      }
    }
  }

  /** The only connection that carried a channel without numbers has ended. */
  interrupted(channel: string, atMs: number): void {
    if (channel === "quotes") this.quotes?.interrupted()
    else this.timed.get(channel)?.interrupted(atMs)
  }

  finish(atMs: number): void {
    for (const [channel, state] of this.states) {
      if (state === "live" || state === "quiet") continue
      const complain = complainer(this.findings, { venue: this.venue, symbol: this.symbol, channel })
      complain("not-live", `the subscription is ${state}`, atMs)
    }
    this.trades?.finish(atMs)
    this.quotes?.finish(atMs)
    this.book?.finish(atMs)
    for (const bars of this.bars.values()) bars.finish(atMs, BAR_GRACE_MS)
    for (const timed of this.timed.values()) timed.finish(atMs)
  }

  private checkOf({ channel }: GapEvent) {
    if (channel === "trades") return this.trades
    if (channel === "quotes") return this.quotes
    if (channel === this.bookChannel) return this.book
    return channel.startsWith("bars:") ? this.bars.get(channel.slice(5)) : this.timed.get(channel)
  }

  private unasked(event: SymbolEvent): void {
    const channel = "channel" in event ? event.channel : event.type
    const complain = complainer(this.findings, { venue: this.venue, symbol: this.symbol, channel })
    complain("unknown", "nobody asked for it", event.receivedTime)
  }
}
