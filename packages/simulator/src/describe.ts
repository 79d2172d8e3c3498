/**
 * A printable text about a running simulator: where it listens, what it trades, what to try first.
 */
import type { MarketKind } from "./market/definition.ts"
import type { Simulator } from "./Simulator.ts"

const SHOWN = 12

export const describe = (simulator: Simulator): string => {
  const { definitions, url, wsUrl } = simulator
  const names = (kind: MarketKind): string => {
    const all = definitions.filter(({ market }) => market === kind).map(({ symbol }) => symbol)
    const more = all.length > SHOWN ? ` and ${all.length - SHOWN} more` : ""
    return all.slice(0, SHOWN).join(" ") + more
  }
  const symbol = definitions[0]?.symbol ?? "BTCUSDT"
  return [
    `Simulated exchange, seed ${simulator.seed}`,
    "",
    `  REST      ${url}/api/v3   ${url}/fapi/v1`,
    `  spot      ${wsUrl}/ws   ${wsUrl}/stream`,
    `  USDⓈ-M    ${wsUrl}/public   ${wsUrl}/market   ${wsUrl}/private   (un-routed: ${wsUrl}/usdm/stream)`,
    `  control   ${url}/control`,
    "",
    `  spot symbols     ${names("spot")}`,
    `  USDⓈ-M symbols   ${names("usdm")}`,
    "",
    "Try:",
    `  curl '${url}/api/v3/depth?symbol=${symbol}&limit=5'`,
    `  curl -X POST ${url}/control/faults -d '{"kind":"drop","filter":{"symbol":"${symbol}"}}'`,
    `  curl ${url}/control/play -d 'at 2s kill ${symbol}'`,
    ""
  ].join("\n")
}
