/** Mark price, index price and funding, scanned. */
import { type Event, Exact, Shape } from "@tidewire/core"
import { family, type Scan } from "./scan.ts"

const row = Shape.make({
  e: Shape.choice("markPriceUpdate"),
  E: Shape.integer,
  s: Shape.name,
  p: Shape.optional(Shape.amount),
  i: Shape.optional(Shape.amount),
  r: Shape.optional(Shape.rate),
  T: Shape.optional(Shape.integer),
  ...family
})

const present = (value: number): number | undefined => (value === value ? value : undefined)

export const mark: Scan = {
  data: row.read,
  tell: ({ receivedTime, venue }, sink) => {
    const { at, numbers, texts } = row
    const symbol = texts[at.s]!
    const exchangeTime = numbers[at.E]!
    const price = numbers[at.p]!
    const index = numbers[at.i]!
    const fundingRate = numbers[at.r]!
    const nextFundingTime = numbers[at.T]!
    const stamps = { type: "mark", venue, symbol, exchangeTime, receivedTime } as const
    if (price >= 0 && index >= 0 && fundingRate === fundingRate && nextFundingTime > 0) {
      sink.event({ ...stamps, mark: price, index, fundingRate, nextFundingTime })
      return true
    }
    const values = { mark: present(price), index: present(index), fundingRate: present(fundingRate) }
    const next = nextFundingTime > 0 ? nextFundingTime : undefined
    sink.event(Exact.sparse<Event.Mark>({ ...stamps, ...values, nextFundingTime: next, exact: undefined }, undefined))
    return true
  }
}
