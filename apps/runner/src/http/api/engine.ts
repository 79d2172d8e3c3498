/** What trades: orders, positions, balances, fills, profit; halting and resuming it. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import { PrivateEvent } from "@tidewire/core"
import type { EngineStatus as OfEngine } from "@tidewire/engine"
import { Answer } from "../../engine/controlMessages.ts"
import * as Refusal from "../Refusal.ts"
import * as Parameters from "./parameters.ts"

/** As the engine itself gives it. */
export interface EngineStatus extends OfEngine.EngineStatus {}

const reason = Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(500))

const Pnl = Schema.Struct({
  currency: Schema.String,
  points: Schema.Array(Schema.Struct({ time: Schema.Finite, pnl: Schema.String }))
})

const error = Refusal.NotFound

export const group = HttpApiGroup.make("engine")
  .add(
    HttpApiEndpoint.get("engine", "/engine", {
      success: Parameters.json<EngineStatus>("EngineStatus", "Strategies, accounts, open orders, profit."),
      error
    }).annotate(OpenApi.Description, "How the engine stands, with every strategy."),
    HttpApiEndpoint.get("orders", "/orders", { success: Schema.Array(PrivateEvent.Order), error }).annotate(
      OpenApi.Description,
      "Orders that have not ended."
    ),
    HttpApiEndpoint.get("positions", "/positions", { success: Schema.Array(PrivateEvent.Position), error }).annotate(
      OpenApi.Description,
      "Positions that are not flat."
    ),
    HttpApiEndpoint.get("balances", "/balances", { success: Schema.Array(PrivateEvent.Balance), error }).annotate(
      OpenApi.Description,
      "What the accounts have, by asset."
    ),
    HttpApiEndpoint.get("fills", "/fills", {
      query: { limit: Parameters.limit(1_000) },
      success: Schema.Array(PrivateEvent.Fill),
      error: [Refusal.BadRequest, Refusal.NotFound]
    }).annotate(OpenApi.Description, "The last fills since the process began, oldest first."),
    HttpApiEndpoint.get("pnl", "/pnl", { success: Pnl, error }).annotate(
      OpenApi.Description,
      "What was won or lost today (UTC), one point each 5 s, thinned as the day grows."
    ),
    HttpApiEndpoint.post("kill", "/engine/kill", {
      payload: Schema.Struct({
        reason,
        /** How long the venues may take to say that nothing is open. */
        withinMs: Schema.optionalKey(Schema.Finite.check(Schema.isBetween({ minimum: 1, maximum: 60_000 })))
      }),
      success: Answer,
      error: [Refusal.BadRequest, Refusal.NotFound]
    }).annotate(
      OpenApi.Description,
      "Halts trading at once, cancels every order, and answers when the venues say that nothing is open."
    ),
    HttpApiEndpoint.post("resume", "/engine/resume", {
      payload: Schema.Struct({ reason }),
      success: Answer,
      error: [Refusal.BadRequest, Refusal.NotFound]
    }).annotate(OpenApi.Description, "Allows trading again.")
  )
  .prefix("/api")
  .annotate(OpenApi.Description, "What trades; 404 with the tag `NoEngine` where nothing does.")
