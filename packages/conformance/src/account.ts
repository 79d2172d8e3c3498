/**
 * Trades held against all that were made: from the first that was told on, each is told once, in order and as it was,
 * or lies inside a gap; and a gap that counts what it lost counts right.
 */
import type { Event } from "@tidewire/core"
import type { TrueTrade } from "./Exchange.ts"

/** What is wrong first; `undefined` when nothing is. `told`: events of one symbol, in order. */
export const account = (truth: ReadonlyArray<TrueTrade>, told: ReadonlyArray<Event.Event>): string | undefined => {
  const places = new Map(truth.map(({ id }, index) => [id, index]))
  const delivered = new Set<number>()
  const excused = new Set<number>()
  let first: number | undefined
  let last = -1
  for (const event of told) {
    if (event.type === "trade") {
      const place = places.get(event.id)
      if (place === undefined) return `trade ${event.id} was never made`
      if (delivered.has(place)) return `trade ${event.id} was told twice`
      if (place < last) return `trade ${event.id} was told after trade ${truth[last]!.id}`
      const wrong = difference(event, truth[place]!)
      if (wrong !== undefined) return wrong
      delivered.add(place)
      first ??= place
      last = place
    }
    if (event.type === "gap" && event.channel === "trades" && !event.repaired) {
      const inside = within(event, truth, places)
      for (const place of inside) excused.add(place)
      if (event.lost !== null && typeof event.from === "string" && event.lost !== inside.length) {
        return `the gap ${event.from}..${event.to} says ${event.lost} lost; ${inside.length} are between`
      }
    }
  }
  if (first === undefined) return truth.length === 0 ? undefined : "not one trade was told"
  const missing = truth.find((_, place) => place > first && !delivered.has(place) && !excused.has(place))
  return missing === undefined ? undefined : `trade ${missing.id} was neither told nor inside a gap`
}

const difference = (event: Event.Trade, truth: TrueTrade): string | undefined => {
  const { exchangeTime = truth.time, price, side, size } = event
  const isRight = price === truth.price && size === truth.size && side === truth.side && exchangeTime === truth.time
  if (isRight) return undefined
  const words = (one: Omit<TrueTrade, "id">) => `${one.side} ${one.size} at ${one.price}, ${one.time}`
  return `trade ${event.id} was told as ${words({ ...event, time: exchangeTime })}; it was ${words(truth)}`
}

/** The places strictly between the bounds, which are ids (texts) or times (numbers, to which trades may be equal). */
const within = (
  { from, to }: Event.Gap,
  truth: ReadonlyArray<TrueTrade>,
  places: ReadonlyMap<string, number>
): ReadonlyArray<number> =>
  truth.flatMap(({ time }, place) => {
    const isAfter = from === undefined || (typeof from === "number" ? time >= from : place > (places.get(from) ?? -1))
    const isBefore = to === undefined || (typeof to === "number" ? time <= to : place < (places.get(to) ?? Infinity))
    return isAfter && isBefore ? [place] : []
  })
