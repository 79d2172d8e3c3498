/**
 * Where the venue is: base URLs by environment, the same for all its markets. Demo trades on mainnet's market data.
 * Source: docs/venues/bybit.md, "Hosts".
 */
import type { Endpoints } from "@tidewire/core"

export const environments = {
  mainnet: { stream: "wss://stream.bybit.com", rest: "https://api.bybit.com" },
  testnet: { stream: "wss://stream-testnet.bybit.com", rest: "https://api-testnet.bybit.com" },
  demo: { stream: "wss://stream.bybit.com", rest: "https://api-demo.bybit.com" }
} as const satisfies Record<string, Endpoints.Hosts>
