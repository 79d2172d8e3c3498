/**
 * A printable text about a running simulator: where it listens, what it trades, what to try first.
 */
import { defaultAccount } from "./account/AccountDefinition.ts"
import { categoryOf } from "./bybit/category.ts"
import { isBybit, type MarketKind } from "./market/definition.ts"
import type { Simulator } from "./Simulator.ts"

const SHOWN = 12

const titles: ReadonlyArray<readonly [MarketKind, string]> = [
  ["spot", "Binance spot"],
  ["usdm", "Binance USDⓈ-M"],
  ["bybit-spot", "Bybit spot"],
  ["bybit-linear", "Bybit linear"],
  ["bybit-inverse", "Bybit inverse"]
]

/** The key of each, and the secret of the one that everybody knows. */
const accountsOf = ({ control }: Simulator): string =>
  control.accounts
    .keys()
    .map((key) => (key === defaultAccount.key ? `${key} (its secret: ${defaultAccount.secret ?? ""})` : key))
    .join(", ")

export const describe = (simulator: Simulator): string => {
  const { definitions, url, wsUrl } = simulator
  const names = (kind: MarketKind): string => {
    const all = definitions.filter(({ market }) => market === kind).map(({ symbol }) => symbol)
    const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : ""
    return all.slice(0, SHOWN).join(" ") + more
  }
  const [first] = definitions
  const symbol = first?.symbol ?? "BTCUSDT"
  const book =
    first !== undefined && isBybit(first.market)
      ? `${url}/v5/market/orderbook?category=${categoryOf(first.market)}&symbol=${symbol}&limit=5`
      : `${url}/api/v3/depth?symbol=${symbol}&limit=5`
  return [
    `Simulated exchange, seed ${simulator.seed}`,
    "",
    "  Binance",
    `    REST      ${url}/api/v3   ${url}/fapi/v1`,
    `    orders    ${wsUrl}/ws-api/v3   ${wsUrl}/ws-fapi/v1`,
    `    spot      ${wsUrl}/ws   ${wsUrl}/stream`,
    `    USDⓈ-M    ${wsUrl}/public   ${wsUrl}/market   ${wsUrl}/private   (un-routed: ${wsUrl}/usdm/stream)`,
    "  Bybit",
    `    REST      ${url}/v5`,
    `    orders    ${wsUrl}/v5/trade   ${wsUrl}/v5/private`,
    `    sockets   ${wsUrl}/v5/public/spot   ${wsUrl}/v5/public/linear   ${wsUrl}/v5/public/inverse`,
    `  control     ${url}/control`,
    `  accounts    ${accountsOf(simulator)}`,
    "",
    ...titles.flatMap(([kind, title]) => {
      const listed = names(kind)
      return listed === "" ? [] : [`  ${title.padEnd(14)}  ${listed}`]
    }),
    "",
    "Try:",
    `  curl '${book}'`,
    `  curl -X POST ${url}/control/faults -d '{"kind":"drop","filter":{"symbol":"${symbol}"}}'`,
    `  curl ${url}/control/play -d 'at 2s kill ${symbol}'`,
    ""
  ].join("\n")
}
