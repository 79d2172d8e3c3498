/** Who may trade: plain data, given when the simulator starts or later through its control. */
import type { MarketKind } from "../market/definition.ts"

/** Where an account's assets lie: Bybit has one wallet for all its markets. */
export type WalletName = "spot" | "usdm" | "bybit"

export const walletNames: ReadonlyArray<WalletName> = ["spot", "usdm", "bybit"]

export const walletOf: Readonly<Record<MarketKind, WalletName>> = {
  spot: "spot",
  usdm: "usdm",
  "bybit-spot": "bybit",
  "bybit-linear": "bybit",
  "bybit-inverse": "bybit"
}

export interface AccountDefinition {
  /** The API key, on every venue. */
  readonly key: string
  /** For HMAC-SHA256. */
  readonly secret?: string
  /** PEM; what Binance calls an Ed25519 key. */
  readonly ed25519PublicKey?: string
  /** Default: all. */
  readonly markets?: ReadonlyArray<MarketKind>
  /** By wallet and asset, decimal texts; a wallet that is not named has the usual balances. */
  readonly balances?: Partial<Record<WalletName, Readonly<Record<string, string>>>>
  /** Of contracts. Default: one net position a symbol. */
  readonly positionMode?: "oneWay" | "hedge"
}

export const usualBalances: Readonly<Record<WalletName, Readonly<Record<string, string>>>> = {
  spot: { USDT: "100000", BTC: "1", ETH: "10", BNB: "10" },
  usdm: { USDT: "100000" },
  bybit: { USDT: "100000", USDC: "10000", BTC: "1", ETH: "10" }
}

/** For demonstrations and tests: its secret is no secret. */
export const defaultAccount: AccountDefinition = {
  key: "tidewire-simulator-key",
  secret: "tidewire-simulator-secret-that-everybody-knows"
}
