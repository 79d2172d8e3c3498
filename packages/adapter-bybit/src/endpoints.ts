/**
 * Where the venue is: base URLs by environment, the same for all its markets, and how a configuration replaces them. Demo
 * trades on mainnet's market data.
 * Source: docs/venues/bybit.md, "Hosts".
 */
import { Closed, Endpoints } from "@tidewire/core"
import { Schema } from "effect"

export interface Hosts extends Endpoints.Hosts {
  /** The private and the trade socket, where they are not on the host of the streams. */
  readonly account?: string
}

/** The `endpoints` of a venue entry. */
export const Given: Schema.Codec<Partial<Hosts>, unknown> = Closed.struct(
  Schema.Struct({ stream: Endpoints.stream, rest: Endpoints.rest, account: Endpoints.stream })
)

export const environments = {
  mainnet: { stream: "wss://stream.bybit.com", rest: "https://api.bybit.com" },
  testnet: { stream: "wss://stream-testnet.bybit.com", rest: "https://api-testnet.bybit.com" },
  demo: {
    stream: "wss://stream.bybit.com",
    rest: "https://api-demo.bybit.com",
    account: "wss://stream-demo.bybit.com"
  }
} as const satisfies Record<string, Hosts>

/** What stands for the streams stands for the account's, unless it has a place of its own. */
export const accountHost = (known: Hosts, given: Partial<Hosts>): string => {
  const { rest, stream } = Endpoints.resolve(known, given)
  const host = given.account ?? (given.stream === undefined ? known.account : undefined) ?? stream
  return Endpoints.resolve({ stream: host, rest }, {}).stream
}

/** Environments whose orders go over REST only. */
export const withoutTradeSocket: ReadonlySet<string> = new Set(["demo"])
