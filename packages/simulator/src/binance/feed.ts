/** What a stream of Binance is made of, on the socket that it was asked for on. */
import type { Market } from "../market/market.ts"
import type { Feed, Running, Stage } from "../topics/Feed.ts"
import * as feeds from "../topics/Feed.ts"
import type { EmitTo } from "../topics/Feed.ts"
import type { TimeUnit } from "../topics/Frame.ts"
import * as arrays from "./arraySources.ts"
import type { At } from "./frames.ts"
import * as sources from "./sources.ts"
import { parse, type StreamSpec } from "./streamName.ts"
import type { SocketPath } from "../socket/SocketPath.ts"

const clocks: Record<TimeUnit, At> = { ms: (ms) => ms, us: (ms) => ms * 1000 }

const ofAllSymbols = (stage: Stage, spec: StreamSpec, at: At, emit: EmitTo): Running => {
  const { venue } = stage
  const all = [...venue.definitions.keys()]
  const each = (make: Parameters<Stage["eachMarket"]>[2]) => stage.eachMarket(all, () => true, make)
  const emitOf = (market: Market) => emit(market.definition.symbol)
  if (spec.kind === "forceOrder") return each((market) => sources.make(market, spec, at, emitOf(market)))
  if (spec.kind === "bookTicker") return each((market) => arrays.slowBookTicker(market, at, emitOf(market)))
  const rows = arrays.rows(venue.kind, spec, at)
  venue.all()
  const stop = venue.every(spec.kind === "markPrice" ? spec.periodMs : 1000, () => {
    const payload = rows(venue.all())
    if (payload.length > 0) emit(undefined)(payload)
  })
  return { stop, relisted: () => {}, greetings: () => [] }
}

/** Undefined for what is acknowledged and never fed. */
export const feedOf = ({ market: kind, route, unit }: SocketPath, stream: string): Feed | undefined => {
  const name = parse(kind, route, stream)
  if (name === undefined) return undefined
  const { spec, symbol } = name
  const at = clocks[unit]
  const about = { unit, isDiff: spec.kind === "depth" }
  return symbol === undefined
    ? { ...about, run: (stage, emit) => ofAllSymbols(stage, spec, at, emit) }
    : feeds.ofSymbol(symbol, about, (market, emit) => sources.make(market, spec, at, emit))
}
