/**
 * A sink that writes down what it is told, one entry a call.
 */
import type { BookRule, Event, SocketVenue } from "@tidewire/core"
import { BybitInverse } from "../../src/BybitInverse.ts"
import { BybitLinear } from "../../src/BybitLinear.ts"
import { BybitSpot } from "../../src/BybitSpot.ts"
import * as decode from "../../src/decode.ts"

export type Outcome =
  | { readonly event: Event.MarketEvent }
  | { readonly delta: BookRule.BookDelta }
  | { readonly snapshot: BookRule.BookSnapshot }
  | { readonly acknowledged: number | undefined }
  | { readonly rejected: number | undefined; readonly permanent: boolean; readonly message: string }
  | { readonly unknown: string }
  | { readonly malformed: string }
  | "shutdown"
  | "ignored"
  | "inexact"

export type MarketId = "bybit" | "bybit-linear" | "bybit-inverse"

const decoders: Record<MarketId, () => SocketVenue.Decode> = {
  bybit: decode.make(BybitSpot, "here"),
  "bybit-linear": decode.make(BybitLinear, "here"),
  "bybit-inverse": decode.make(BybitInverse, "here")
}

export const RECEIVED = 1_790_000_000_500.125

/** One session of a market: everything that its decoder says about a frame, and then about the next. */
export const session = (market: MarketId, fallback: () => void = () => {}) => {
  const read = decoders[market]()
  return (frame: string | object): ReadonlyArray<Outcome> => {
    const told: Array<Outcome> = []
    read(typeof frame === "string" ? frame : JSON.stringify(frame), RECEIVED, {
      event: (event) => told.push({ event }),
      delta: (delta) => told.push({ delta }),
      snapshot: (snapshot) => told.push({ snapshot }),
      acknowledged: (acknowledged) => told.push({ acknowledged }),
      rejected: (rejected, { message, permanent }) => told.push({ rejected, permanent, message }),
      shutdownNotice: () => told.push("shutdown"),
      ignored: () => told.push("ignored"),
      unknown: (unknown) => told.push({ unknown }),
      malformed: (malformed) => told.push({ malformed }),
      inexact: () => told.push("inexact"),
      fallback
    })
    return told
  }
}

/** What a fresh session says about one frame. */
export const outcomes = (market: MarketId, frame: string | object): ReadonlyArray<Outcome> => session(market)(frame)

/** How often a fresh session reads a frame the slow way that it knows how to read from its bytes. */
export const fallbacks = (market: MarketId, frame: string | object): number => {
  let count = 0
  session(market, () => void count++)(frame)
  return count
}
