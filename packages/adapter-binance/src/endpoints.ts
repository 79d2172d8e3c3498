/**
 * Where the venue is: base URLs by market and environment, and how a configuration replaces them.
 */
import { Closed, Endpoints } from "@tidewire/core"
import { Schema } from "effect"

export interface Hosts extends Endpoints.Hosts {
  /** The WebSocket API, which only spot's accounts use. */
  readonly api?: string
}

/** The `endpoints` of a venue entry. */
export const Given: Schema.Codec<Partial<Hosts>, unknown> = Closed.struct(
  Schema.Struct({ stream: Endpoints.stream, rest: Endpoints.rest, api: Endpoints.stream })
)

/** Source: docs/venues/binance.md, "Hosts of spot". */
export const spot = {
  mainnet: {
    stream: "wss://stream.binance.com:9443",
    rest: "https://api.binance.com",
    api: "wss://ws-api.binance.com:443"
  },
  testnet: {
    stream: "wss://stream.testnet.binance.vision",
    rest: "https://testnet.binance.vision",
    api: "wss://ws-api.testnet.binance.vision"
  },
  demo: {
    stream: "wss://demo-stream.binance.com",
    rest: "https://demo-api.binance.com",
    api: "wss://demo-ws-api.binance.com"
  }
} as const satisfies Record<string, Hosts>

/** Source: docs/venues/binance.md, "Hosts of USDⓈ-M". */
export const usdm = {
  mainnet: { stream: "wss://fstream.binance.com", rest: "https://fapi.binance.com" },
  testnet: { stream: "wss://fstream.binancefuture.com", rest: "https://demo-fapi.binance.com" },
  demo: { stream: "wss://demo-fstream.binance.com", rest: "https://demo-fapi.binance.com" }
} as const satisfies Record<string, Hosts>
