/**
 * Every fault with its parameters and one sentence: what the parsers accept, what the help prints.
 */
import { marketKinds } from "../market/definition.ts"
import type { Fault } from "./Fault.ts"

export type Parameter =
  | { readonly type: "integer"; readonly min: number; readonly max: number; readonly required?: boolean }
  | { readonly type: "text"; readonly oneOf?: ReadonlyArray<string>; readonly required?: boolean }
  | { readonly type: "boolean"; readonly required?: boolean }

export type Parameters = Readonly<Record<string, Parameter>>

export interface FaultEntry {
  readonly says: string
  readonly parameters: Parameters
}

const ms = { type: "integer", min: 0, max: 86_400_000 } as const
const delayMs: Parameter = { ...ms, required: true }
const closeCode: Parameter = { type: "integer", min: 1000, max: 4999 }
const retryAfterS: Parameter = { type: "integer", min: 0, max: 86_400 }
const text: Parameter = { type: "text" }
const request: Parameter = { type: "text", oneOf: ["place", "cancel", "amend"] }
const newConnections: Parameter = { type: "boolean" }

export const faultTable: Readonly<Record<Fault["kind"], FaultEntry>> = {
  refuse: {
    says: "New connections are answered with this HTTP status (429 if only `retryAfterS` is given), or reset.",
    parameters: { status: { type: "integer", min: 400, max: 599 }, retryAfterS }
  },
  slowHandshake: {
    says: "New connections wait this long for their upgrade.",
    parameters: { delayMs }
  },
  acceptThenClose: {
    says: "New connections open, and are closed after this long (default at once) with this code (default 1001).",
    parameters: { afterMs: ms, code: closeCode, reason: text }
  },
  kill: { says: "Open connections are reset at once; `count` kills that many, oldest first.", parameters: {} },
  close: {
    says: "Open connections are closed with this code and reason.",
    parameters: { code: closeCode, reason: text }
  },
  shutdownNotice: {
    says: "Open connections are told `serverShutdown`, in this shape, and with `closeAfterMs` really closed then.",
    parameters: { closeAfterMs: ms, shape: { type: "text", oneOf: ["raw", "combined", "api"] } }
  },
  listenKeyExpired: {
    says: "Open /private connections are told that their listen key has expired; it has, and they stay open and silent.",
    parameters: {}
  },
  slowReader: {
    says: "The server neither reads nor writes open connections; what was held back comes in a burst at the end.",
    parameters: { newConnections }
  },
  lag: { says: "Everything the server sends on a connection is this late, in order.", parameters: { delayMs } },
  ackDelay: {
    says: "Answers to SUBSCRIBE and UNSUBSCRIBE are this late; what they ask is done.",
    parameters: { delayMs }
  },
  dropAck: { says: "A SUBSCRIBE or UNSUBSCRIBE is done and never answered.", parameters: {} },
  rejectSubscribe: {
    says: "A SUBSCRIBE is answered with this error (default: the venue's usual one) and nothing of it is subscribed.",
    parameters: { code: { type: "integer", min: -99_999, max: 99_999 }, msg: text }
  },
  silence: {
    says: "Open connections stay open and nothing is sent any more, no answers and no pongs either.",
    parameters: { newConnections }
  },
  silentStream: {
    says: "Matching streams stop on the connections open now, until they reconnect (or resubscribe).",
    parameters: { until: { type: "text", oneOf: ["resubscribe", "reconnect"] }, newConnections }
  },
  crowdedSilence: {
    says: "A connection with more streams than this gets no data at all (default 3).",
    parameters: { maxStreams: { type: "integer", min: 0, max: 1024 } }
  },
  drop: { says: "A matching frame is not sent.", parameters: {} },
  duplicate: { says: "A matching frame is sent twice.", parameters: {} },
  reorder: { says: "A matching frame is sent after the next one of its stream.", parameters: {} },
  malformed: {
    says: "A matching frame is mangled; with `keep` the good one follows.",
    parameters: {
      form: { type: "text", oneOf: ["json", "truncated", "types", "missing", "binary", "empty"], required: true },
      keep: { type: "boolean" }
    }
  },
  delay: { says: "Matching frames are this late; each stream keeps its order.", parameters: { delayMs } },
  zeroLevel: { says: "A matching depth diff also deletes a level that was never there.", parameters: {} },
  skewedClock: {
    says: "The server's clock is off by this much: `E` and `T` of frames, and the times that REST tells.",
    parameters: { offsetMs: { type: "integer", min: -86_400_000, max: 86_400_000, required: true } }
  },
  omitClosingBar: { says: "A closing kline frame (`x` true) is not sent.", parameters: {} },
  restart: {
    says: "Bybit: the books of matching topics begin anew at once: a whole one with `u` 1 to all subscribers.",
    parameters: {}
  },
  snapshotFirst: {
    says: "Bybit: the first snapshots of a subscription come before its acknowledgement.",
    parameters: {}
  },
  deltaFirst: {
    says: "Bybit: a book's first snapshot comes after its next delta, or with `never` not at all.",
    parameters: { never: { type: "boolean" } }
  },
  staleSnapshot: {
    says: "REST depth answers the book as it was at injection, its id this far back (default 100000; 0: a cache).",
    parameters: { behind: { type: "integer", min: 0, max: 1_000_000_000 } }
  },
  aheadSnapshot: {
    says: "After a REST depth answer the symbol's diffs wait this long (default 500 ms), then follow in order.",
    parameters: { holdMs: ms }
  },
  rest: {
    says: "A REST request whose path begins with `path` fails with this status (Bybit: 200 is its retCode 10006).",
    parameters: {
      status: { type: "integer", min: 200, max: 599, required: true },
      path: text,
      code: { type: "integer", min: -99_999, max: 99_999 },
      msg: text,
      retryAfterS
    }
  },
  restTimeout: {
    says: "A REST request is never answered; with a duration or a `clear`, what still waits at the end is cut off.",
    parameters: { path: text }
  },
  slowRest: {
    says: "REST requests are answered after this delay.",
    parameters: { delayMs, path: text }
  },
  rejectOrder: {
    says: "A request about orders is refused with this code and text (default: the venue's overload), and not done.",
    parameters: { request, code: { type: "integer", min: -99_999, max: 999_999 }, msg: text }
  },
  unknownOutcome: {
    says: "A request about orders is done, and answered as unknown: 503 `Unknown error`; on Bybit 10016.",
    parameters: { request }
  },
  lostAck: {
    says: "A request about orders is done and never answered; by REST its connection is reset.",
    parameters: { request }
  },
  earlyEvents: {
    says: "What a request about orders causes is told before its answer, which is this late (default 50 ms).",
    parameters: { request, delayMs: ms }
  },
  doubleFill: {
    says: "A fill is told twice; on Bybit the order's end, the second time as not found.",
    parameters: {}
  },
  lateReports: {
    says: "Orders are told this late; what is faster (`TRADE_LITE`, `execution.fast`) and balances are not.",
    parameters: { delayMs }
  }
}

/** What every fault can be given. */
export const scopeTable: Parameters = {
  count: { type: "integer", min: 1, max: 1_000_000_000 },
  durationMs: { type: "integer", min: 1, max: 86_400_000 },
  after: { type: "integer", min: 0, max: 1_000_000_000 }
}

/** The fields of a filter. */
export const filterTable: Parameters = {
  market: { type: "text", oneOf: marketKinds },
  symbol: { type: "text" },
  stream: { type: "text" },
  route: { type: "text", oneOf: ["spot", "public", "market", "private", "unrouted", "api"] },
  connection: { type: "integer", min: 1, max: Number.MAX_SAFE_INTEGER }
}
