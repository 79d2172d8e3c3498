/**
 * Tidewire as a program uses it: the venue's adapter, a `MarketStream` with every default, one consumer. Several symbols
 * share a connection. Ready once every connection is Active, and for depth once the book is live.
 */
import { adapter as binance } from "@tidewire/adapter-binance"
import { adapter as bybit } from "@tidewire/adapter-bybit"
import { ConnectionOptions, type Event, MarketStream, type Subscription, WsSocket } from "@tidewire/core"
import { Effect, type Scope } from "effect"
import { FetchHttpClient } from "effect/http"
import { type ClientArguments, type Consumed, type Plan, symbolsOf, tellParent, type VenueName } from "../messages.ts"
import { type Ending, Meter } from "../meter.ts"

const adapters = { binance, "bybit-linear": bybit } as const satisfies Record<VenueName, unknown>

const bookChannels = { binance: "book", "bybit-linear": "book:50" } as const satisfies Record<VenueName, string>

export interface Program {
  /** What came of it until now, and what was wrong with it. */
  readonly ending: () => { readonly consumed: Consumed; readonly problems: ReadonlyArray<string> }
  /** `control` is for events that are not market data. */
  readonly handler: (meter: Meter, control: (event: Event.Event) => void) => MarketStream.Handler
  /** What else is done with the stream, begun before the first event. */
  readonly beside?: (stream: MarketStream.MarketStream) => Effect.Effect<void, never, Scope.Scope>
}

export const run = ({ plan, port }: ClientArguments, { beside, ending, handler }: Program): Promise<void> => {
  const problems: Array<string> = []
  const control = makeControl(plan, problems)
  const channel = plan.kind === "depth" ? bookChannels[plan.venue] : "trades"
  const program = Effect.gen(function* () {
    const venue = yield* adapters[plan.venue].make({
      venue: plan.venue,
      name: plan.venue,
      environment: "mainnet",
      endpoints: { stream: `ws://127.0.0.1:${port}`, rest: `http://127.0.0.1:${port}` },
      options: {},
      connection: { ...ConnectionOptions.defaults, isolation: plan.symbols > 1 ? "shared" : "symbol" }
    })
    const subscriptions = symbolsOf(plan).map((symbol): Subscription.Subscription => ({ symbol, channel }))
    const stream = yield* MarketStream.open(venue, subscriptions)
    const meter = new Meter(plan, () => {
      const { consumed, problems: found } = ending()
      return { consumed, ...bookEnding(plan, stream), problems: [...problems, ...found, ...faults(stream)] }
    })
    const handled = handler(meter, control)
    if (beside !== undefined) yield* beside(stream)
    yield* stream.consume(handled)
  })
  return Effect.runPromise(Effect.scoped(program).pipe(Effect.provide([WsSocket.layer, FetchHttpClient.layer])))
}

/** What may only be seen until the stream is ready, or never. */
const makeControl = (plan: Plan, problems: Array<string>) => {
  const awaited = new Set(plan.kind === "depth" ? ["Active", "live"] : ["Active"])
  return (event: Event.Event): void => {
    const isReady = awaited.size === 0
    if (event.type === "gap") problems.push(`gap: ${JSON.stringify(event)}`)
    else if (event.type === "subscription") return
    else if (isReady) problems.push(`after it was ready: ${JSON.stringify(event)}`)
    else if (event.type === "connection" || event.type === "bookState") {
      awaited.delete(event.state)
      if (awaited.size === 0) void tellParent({ type: "ready" })
    }
  }
}

/** Nothing may have been lost, dropped, repeated or misread. */
const faults = (stream: MarketStream.MarketStream): ReadonlyArray<string> => {
  const { duplicates, gaps, malformed, reconnects, resyncs, unknown } = stream.feed.counts()
  const { conflated, delivered, dropped, received } = stream.counts()
  const undelivered = received - delivered
  const counts = { gaps, malformed, unknown, duplicates, resyncs, reconnects, conflated, dropped, undelivered }
  return Object.entries(counts).flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}`]))
}

const bookEnding = (plan: Plan, stream: MarketStream.MarketStream): Pick<Ending, "top"> => {
  if (plan.kind !== "depth") return {}
  const [symbol = ""] = symbolsOf(plan)
  const view = stream.feed.book(symbol)
  // no best price is right for a book that is not live
  if (view?.state !== "live") return { top: { bid: 0, ask: 0 } }
  return { top: { bid: view.book.bestBid()?.[0] ?? 0, ask: view.book.bestAsk()?.[0] ?? 0 } }
}
