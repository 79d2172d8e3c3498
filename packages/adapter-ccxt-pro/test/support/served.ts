/**
 * One market of a simulator as CCXT names it: `serve` of the simulator with unified symbols, for the conformance suite.
 */
import { type MarketKind, serve } from "@tidewire/simulator"
import { Effect } from "effect"

/** CCXT's spelling of the simulator's symbols of a market, and back. */
export interface Names {
  readonly [unified: string]: string
}

export const served = (market: MarketKind, names: Names) =>
  Effect.map(serve(market, Object.values(names)), ({ endpoints, exchange }) => {
    const at =
      <Args extends ReadonlyArray<unknown>, A>(ask: (symbol: string, ...rest: Args) => A) =>
      (symbol: string, ...rest: Args): A =>
        ask(names[symbol] ?? symbol, ...rest)
    const { bars, book, faults, liquidate, mark, ticker, trade, trades, trading } = exchange
    const unified = Object.fromEntries(Object.entries(names).map(([name, plain]) => [plain, name]))
    const named = <Row extends { readonly symbol: string }>(row: Row): Row => ({
      ...row,
      symbol: unified[row.symbol] ?? row.symbol
    })
    return {
      endpoints,
      exchange: {
        ...exchange,
        symbols: Object.keys(names),
        unknownSymbol: "NONESUCH/USDT",
        trade: at(trade),
        trades: at(trades),
        liquidate: at(liquidate),
        bars: at(bars),
        book: at(book),
        ticker: at(ticker),
        mark: at(mark),
        faults: {
          ...faults,
          kill: at(faults.kill),
          silence: at(faults.silence),
          drop: at(faults.drop),
          duplicate: at(faults.duplicate),
          malformed: at(faults.malformed)
        },
        trading: {
          ...trading,
          account: Effect.map(trading.account, ({ orders, positions, ...rest }) => ({
            ...rest,
            orders: orders.map(named),
            positions: positions.map(named)
          })),
          terms: at(trading.terms),
          moveTo: at(trading.moveTo)
        }
      }
    }
  })
