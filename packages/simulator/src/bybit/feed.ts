/** What a topic of Bybit is made of. */
import type { MarketKind } from "../market/definition.ts"
import { make as makeRandom } from "../random.ts"
import { type Feed, ofSymbol } from "../topics/Feed.ts"
import type { Payload } from "../topics/Frame.ts"
import type { Source } from "../topics/Source.ts"
import { categoryOf } from "./category.ts"
import { shuffle } from "./shuffle.ts"
import * as sources from "./sources.ts"
import { parse } from "./topicName.ts"

/** The source with everything that it emits changed. */
const through = (change: (payload: Payload) => Payload, make: (emit: (payload: Payload) => void) => Source) => {
  return (emit: (payload: Payload) => void): Source => {
    const source = make((payload) => emit(change(payload)))
    const { greeting } = source
    return greeting === undefined ? source : { ...source, greeting: () => change(greeting()) }
  }
}

/** Undefined for a name that means nothing. */
export const feedOf = (market: MarketKind, topic: string, shuffleKeys: boolean): Feed | undefined => {
  const name = parse(categoryOf(market), topic)
  if (name === undefined) return undefined
  const { spec, symbol } = name
  const isDiff = spec.kind === "orderbook" && spec.levels > 1
  return ofSymbol(symbol, { unit: "ms", isDiff }, (found, emit) => {
    const make = (each: (payload: Payload) => void) => sources.make(found, topic, spec, each)
    if (!shuffleKeys) return make(emit)
    const random = makeRandom(`${found.seed}/${topic}`)
    return through((payload) => shuffle(random, payload), make)(emit)
  })
}
