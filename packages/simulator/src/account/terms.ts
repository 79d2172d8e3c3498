/**
 * What trading costs on each market, and how much may be borrowed. Numbers are those of an ordinary account; leverage is
 * each venue's default. Source: the venues' fee schedules as their documents quote them; leverage: Binance 20, Bybit 10.
 */
import type { MarketKind } from "../market/definition.ts"
import { type Money, of } from "./money.ts"

export interface Terms {
  readonly maker: Money
  readonly taker: Money
  readonly leverage: number
  /** Of a contract's value. */
  readonly maintenance: Money
  /** Digits that fees are cut to. */
  readonly feeDigits: number
  /** A user's resting order that would meet another of the same user ends instead. */
  readonly expiresOwnMaker: boolean
  /** What would take although it must not, or cannot be filled whole: refused, or taken in and ended at once. */
  readonly refuses: "both" | "postOnly" | "none"
}

const terms = (maker: string, taker: string, leverage: number): Terms => ({
  maker: of(maker),
  taker: of(taker),
  leverage,
  maintenance: of("0.005"),
  feeDigits: 8,
  expiresOwnMaker: true,
  refuses: "both"
})

export const termsOf: Readonly<Record<MarketKind, Terms>> = {
  spot: { ...terms("0.001", "0.001", 1), refuses: "postOnly" },
  usdm: terms("0.0002", "0.0005", 20),
  "bybit-spot": { ...terms("0.001", "0.001", 1), expiresOwnMaker: false, refuses: "none" },
  "bybit-linear": { ...terms("0.0002", "0.00055", 10), expiresOwnMaker: false, refuses: "none" },
  "bybit-inverse": { ...terms("0.0002", "0.00055", 10), expiresOwnMaker: false, refuses: "none" }
}

/** Beyond 32 bits, as the venues' are. */
export const firstOrderOf: Readonly<Record<MarketKind, number>> = {
  spot: 40_000_000_001,
  usdm: 8_389_765_000_001,
  "bybit-spot": 1_900_000_000_001,
  "bybit-linear": 2_900_000_000_001,
  "bybit-inverse": 3_900_000_000_001
}
