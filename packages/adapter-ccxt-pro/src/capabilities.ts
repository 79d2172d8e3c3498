/**
 * What an exchange can be asked for, from the list that is made of CCXT: for all of its markets together, since CCXT says
 * no more; a channel that a market does not have ends there with CCXT's own reason.
 */
import type { Capabilities, Channel, Interval } from "@tidewire/core"
import { exchanges } from "./exchanges.ts"
import { numbersTrades } from "./quirks.ts"

const letters: Readonly<Record<string, Channel.Kind>> = {
  t: "trades",
  q: "quotes",
  o: "book",
  b: "bars",
  k: "ticker",
  m: "mark",
  l: "liquidations"
}

export const capabilitiesOf = (id: string): Capabilities.Capabilities => {
  const { bars, can } = exchanges[id] ?? { can: "", bars: "" }
  return {
    channels: [...can].flatMap((letter) => letters[letter] ?? []),
    intervals: bars === "" ? [] : (bars.split(" ") as ReadonlyArray<Interval.Interval>),
    // CCXT does not say which depths an exchange takes
    depths: [],
    history: {
      trades: can.includes("T") && numbersTrades(id),
      recentTrades: can.includes("T"),
      bars: can.includes("B") && can.includes("b")
    },
    present: {
      quotes: can.includes("O") && can.includes("q"),
      book: can.includes("O") && can.includes("o"),
      ticker: can.includes("K") && can.includes("k"),
      mark: can.includes("M"),
      bars: can.includes("B") && can.includes("b")
    },
    fallsBack: true,
    consecutiveTradeIds: numbersTrades(id)
  }
}
