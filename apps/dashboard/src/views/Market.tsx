/** One market, live: its book, its bars, its trades. Which one is in the address. */
import { useEffect } from "preact/hooks"
import type { Stream } from "../api/Stream.ts"
import { useCell } from "../live/Cell.ts"
import { usePoll } from "../live/usePoll.ts"
import { BookPanel } from "../market/BookPanel.tsx"
import { CandlePanel } from "../market/CandlePanel.tsx"
import { TradesPanel } from "../market/TradesPanel.tsx"
import { Select } from "../parts/Choice.tsx"
import { None } from "../parts/Panel.tsx"
import { go, route } from "../route.ts"

export const Market = () => {
  const { symbol, venue } = useCell(route)
  const { data: streams } = usePoll<ReadonlyArray<Stream>>("/api/streams", 2_000)
  const first = streams?.[0]
  useEffect(() => {
    if (first !== undefined && (venue === undefined || symbol === undefined)) {
      go({ view: "market", venue: first.venue, symbol: first.symbol })
    }
  }, [first?.venue, first?.symbol, venue, symbol])
  if (streams !== undefined && first === undefined) return <None>Nothing is subscribed.</None>
  if (venue === undefined || symbol === undefined) return <None>Asking what is subscribed.</None>
  const venues = distinct((streams ?? []).map((stream) => stream.venue))
  const symbols = distinct((streams ?? []).filter((stream) => stream.venue === venue).map((stream) => stream.symbol))
  const its = (streams ?? []).filter((stream) => stream.venue === venue && stream.symbol === symbol)
  const show = (to: string) => {
    const here = (streams ?? []).filter((stream) => stream.venue === to)
    const kept = here.find((stream) => stream.symbol === symbol) ?? here[0]
    if (kept !== undefined) go({ view: "market", venue: to, symbol: kept.symbol })
  }
  const key = `${venue} ${symbol}`
  return (
    <>
      <div class="choosing">
        <Select label="Venue" value={venue} options={optionsOf(venues, venue)} onChoose={show} />
        <Select
          label="Symbol"
          value={symbol}
          options={optionsOf(symbols, symbol)}
          onChoose={(to) => go({ view: "market", venue, symbol: to })}
        />
      </div>
      <BookPanel key={`book ${key}`} venue={venue} symbol={symbol} />
      <CandlePanel key={`bars ${key}`} venue={venue} symbol={symbol} channels={its.map(({ channel }) => channel)} />
      <TradesPanel key={`trades ${key}`} venue={venue} symbol={symbol} />
    </>
  )
}

const distinct = (values: ReadonlyArray<string>): ReadonlyArray<string> => [...new Set(values)]

const optionsOf = (values: ReadonlyArray<string>, chosen: string) =>
  (values.includes(chosen) ? values : [chosen, ...values]).map((value) => ({ value, title: value }))
