/**
 * A sink that writes down what it is told, one entry a call.
 */
import type { BookRule, Event, SocketVenue } from "@tidewire/core"
import { BinanceSpot } from "../../src/BinanceSpot.ts"
import { BinanceUsdm } from "../../src/BinanceUsdm.ts"
import * as decode from "../../src/decode.ts"

export type Outcome =
  | { readonly event: Event.MarketEvent }
  | { readonly delta: BookRule.BookDelta }
  | { readonly snapshot: BookRule.BookSnapshot }
  | { readonly acknowledged: number | undefined }
  | {
      readonly rejected: number | undefined
      readonly permanent: boolean
      readonly code?: number
      readonly message: string
    }
  | { readonly unknown: string }
  | { readonly malformed: string }
  | "shutdown"
  | "ignored"
  | "inexact"

export type MarketId = "binance" | "binance-usdm"

export const RECEIVED = 1_790_000_000_500.125

const decoders: Record<MarketId, SocketVenue.Decode> = {
  binance: decode.make(BinanceSpot, "here"),
  "binance-usdm": decode.make(BinanceUsdm, "here")
}

/** Everything the decoder says about a frame; that it was read the slow way is said to `fallback`. */
export const outcomes = (
  market: MarketId,
  frame: string | object,
  fallback: () => void = () => {}
): ReadonlyArray<Outcome> => {
  const told: Array<Outcome> = []
  decoders[market](typeof frame === "string" ? frame : JSON.stringify(frame), RECEIVED, {
    event: (event) => told.push({ event }),
    delta: (delta) => told.push({ delta }),
    snapshot: (snapshot) => told.push({ snapshot }),
    acknowledged: (acknowledged) => told.push({ acknowledged }),
    rejected: (rejected, { message, permanent, code }) =>
      told.push({ rejected, permanent, message, ...(code !== undefined && { code }) }),
    shutdownNotice: () => told.push("shutdown"),
    ignored: () => told.push("ignored"),
    unknown: (unknown) => told.push({ unknown }),
    malformed: (malformed) => told.push({ malformed }),
    inexact: () => told.push("inexact"),
    fallback
  })
  return told
}

/** How often the decoder reads a frame the slow way that it knows how to read from its bytes. */
export const fallbacks = (market: MarketId, frame: string | object): number => {
  let count = 0
  outcomes(market, frame, () => void count++)
  return count
}
