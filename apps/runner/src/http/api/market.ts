/** What the market said: instruments, books, the recent past. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { Event, Instrument } from "@tidewire/core"
import * as Refusal from "../Refusal.ts"
import * as Parameters from "./parameters.ts"

const Book = Schema.Struct({
  venue: Schema.String,
  symbol: Schema.String,
  state: Schema.Literals(["syncing", "live", "stale"]),
  /** Why it is not live. */
  reason: Schema.optionalKey(Schema.String),
  sequence: Schema.optionalKey(Schema.Finite),
  exchangeTime: Schema.optionalKey(Schema.Finite),
  receivedTime: Schema.optionalKey(Schema.Finite),
  bids: Schema.Array(Event.Level),
  asks: Schema.Array(Event.Level)
}).annotate({ identifier: "BookNow" })
export interface Book extends Schema.Schema.Type<typeof Book> {}

const ofSymbol = { venue: Parameters.name, symbol: Parameters.name }

export const group = HttpApiGroup.make("market")
  .add(
    HttpApiEndpoint.get("instruments", "/instruments", {
      query: { venue: Parameters.optional, query: Parameters.optional, limit: Parameters.limit(10_000) },
      success: Schema.Array(Instrument.Instrument),
      error: [Refusal.BadRequest, Refusal.NotFound]
    }).annotate(OpenApi.Description, "What venues list; `query` is a part of a symbol, or a pattern (`*USDT`)."),
    HttpApiEndpoint.get("book", "/books/:venue/:symbol", {
      params: ofSymbol,
      query: { depth: Parameters.limit(1_000) },
      success: Book,
      error: [Refusal.BadRequest, Refusal.NotFound]
    }).annotate(OpenApi.Description, "The book as it stands, best levels first; without levels while it is not live."),
    HttpApiEndpoint.get("events", "/events", {
      query: {
        venue: Parameters.optional,
        symbol: Parameters.optional,
        channel: Parameters.optional,
        since: Schema.optionalKey(Schema.FiniteFromString),
        limit: Parameters.limit(1_000)
      },
      success: Schema.Array(Event.Event),
      error: Refusal.BadRequest
    }).annotate(
      OpenApi.Description,
      "The recent past, oldest first: market events and gaps; 100 where no limit is given."
    ),
    HttpApiEndpoint.get("bars", "/bars/:venue/:symbol/:interval", {
      params: { ...ofSymbol, interval: Parameters.name },
      query: { limit: Parameters.limit(1_000) },
      success: Schema.Array(Event.Bar),
      error: [Refusal.BadRequest, Refusal.NotFound, Refusal.Unavailable]
    }).annotate(
      OpenApi.Description,
      "Recent bars, oldest first; asked of the venue where too few were heard. 200 where no limit is given."
    )
  )
  .prefix("/api")
  .annotate(OpenApi.Description, "What the market said.")
