/**
 * Tidewire as a program uses it: the adapter, a `MarketStream` with every default, one handler. Ready once the connection
 * is Active, and for depth once the book is live.
 */
import { adapter } from "@tidewire/adapter-binance"
import { ConnectionOptions, type Event, MarketStream, type Subscription, WsSocket } from "@tidewire/core"
import { Effect } from "effect"
import { FetchHttpClient } from "effect/http"
import * as Clock from "../clock.ts"
import { type ClientArguments, ownArguments, type Plan, tellParent } from "../messages.ts"
import { type Ending, Meter } from "../meter.ts"
import { Tally } from "../tally.ts"

const SYMBOL = "BTCUSDT"

const { clockBase, plan, port } = ownArguments<ClientArguments>()
const now = Clock.make(clockBase)
const tally = new Tally()
const problems: Array<string> = []

/** What may only be seen before the first frame, or never. */
const control = (event: Event.Event): void => {
  if (event.type === "gap") problems.push(`gap: ${JSON.stringify(event)}`)
  else if (event.type === "connection" && event.state === "Active" && plan.kind !== "depth") ready()
  else if (event.type === "bookState" && event.state === "live") ready()
  else if (tally.frames > 0 && event.type !== "subscription") problems.push(JSON.stringify(event))
}

let isReady = false

const ready = (): void => {
  if (isReady) problems.push("ready twice")
  isReady = true
  void tellParent({ type: "ready" })
}

const handlers = (meter: Meter): Record<Plan["kind"], MarketStream.Handler> => ({
  trades: (event) => {
    if (event.type === "trade") meter.at(tally.trade(event.id, event.price))
    else control(event)
  },
  depth: (event) => {
    if (event.type !== "book") control(event)
    else if (event.kind === "delta") meter.at(tally.change(event.sequence, event.bids, event.asks))
  },
  latency: (event) => {
    if (event.type !== "trade") return control(event)
    const frames = tally.trade(event.id, event.price)
    const fromCallback = performance.timeOrigin + performance.now() - event.receivedTime
    meter.delay(frames, now() - event.exchangeTime! / 1_000, fromCallback)
    meter.at(frames)
  }
})

const subscription: Subscription.Subscription = {
  symbol: SYMBOL,
  channel: plan.kind === "depth" ? "book" : "trades"
}

/** Nothing may have been lost, dropped, repeated or misread. */
const ending = (stream: MarketStream.MarketStream): Ending => {
  const { duplicates, gaps, malformed, reconnects, resyncs, unknown } = stream.feed.counts()
  const { conflated, delivered, dropped, received } = stream.counts()
  const faults = {
    gaps,
    malformed,
    unknown,
    duplicates,
    resyncs,
    reconnects,
    conflated,
    dropped,
    undelivered: received - delivered
  }
  for (const [name, count] of Object.entries(faults)) if (count !== 0) problems.push(`${name}: ${count}`)
  const consumed = tally.consumed()
  if (plan.kind !== "depth") return { consumed, problems }
  const view = stream.feed.book(SYMBOL)
  if (view?.state !== "live") return { consumed, problems: [...problems, `the book is ${view?.state}`] }
  const { book } = view
  return { consumed, top: { bid: book.bestBid()?.[0] ?? 0, ask: book.bestAsk()?.[0] ?? 0 }, problems }
}

const program = Effect.gen(function* () {
  const venue = yield* adapter.make({
    venue: "binance",
    name: "binance",
    environment: "mainnet",
    endpoints: { stream: `ws://127.0.0.1:${port}`, rest: `http://127.0.0.1:${port}` },
    options: {},
    connection: ConnectionOptions.defaults
  })
  const stream = yield* MarketStream.open(venue, [subscription])
  const meter = new Meter(plan, () => ending(stream))
  yield* stream.consume(handlers(meter)[plan.kind])
})

await Effect.runPromise(Effect.scoped(program).pipe(Effect.provide([WsSocket.layer, FetchHttpClient.layer])))
