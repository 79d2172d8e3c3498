/**
 * Where the venue is: base URLs by market and environment.
 */
import type { Endpoints } from "@tidewire/core"

/** Source: docs/venues/binance.md, "Hosts of spot". */
export const spot = {
  mainnet: { stream: "wss://stream.binance.com:9443", rest: "https://api.binance.com" },
  testnet: { stream: "wss://stream.testnet.binance.vision", rest: "https://testnet.binance.vision" },
  demo: { stream: "wss://demo-stream.binance.com", rest: "https://demo-api.binance.com" }
} as const satisfies Record<string, Endpoints.Hosts>

/** Source: docs/venues/binance.md, "Hosts of USDⓈ-M". */
export const usdm = {
  mainnet: { stream: "wss://fstream.binance.com", rest: "https://fapi.binance.com" },
  testnet: { stream: "wss://fstream.binancefuture.com", rest: "https://demo-fapi.binance.com" },
  demo: { stream: "wss://demo-fstream.binance.com", rest: "https://demo-fapi.binance.com" }
} as const satisfies Record<string, Endpoints.Hosts>
