/** What is subscribed, and changing it while it runs. */
import * as HttpApiEndpoint from "effect/http-api/HttpApiEndpoint"
import * as HttpApiGroup from "effect/http-api/HttpApiGroup"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Schema from "effect/Schema"
import * as Refusal from "../Refusal.ts"

const One = Schema.Struct({
  symbol: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(100)),
  channel: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(100))
})

const some = Schema.Array(One).check(Schema.isMaxLength(500))

const Change = Schema.Struct({
  venue: Schema.String,
  add: Schema.optionalKey(some),
  remove: Schema.optionalKey(some)
}).annotate({ identifier: "SubscriptionChange" })
export interface Change extends Schema.Schema.Type<typeof Change> {}

const Subscribed = Schema.Struct({
  venue: Schema.String,
  symbol: Schema.String,
  channel: Schema.String,
  transport: Schema.String,
  /** Who wanted it: the file, a pattern in it, an operator, or a strategy, which keeps it. */
  wantedBy: Schema.Literals(["configuration", "pattern", "operator", "strategy"])
})

const Changed = Schema.Struct({
  venue: Schema.String,
  added: Schema.Array(One),
  removed: Schema.Array(One),
  plan: Schema.Struct({
    before: Schema.Finite,
    after: Schema.Finite,
    opened: Schema.Array(Schema.String),
    closed: Schema.Array(Schema.String),
    kept: Schema.Finite,
    notes: Schema.Array(Schema.String)
  }),
  problems: Schema.Array(Schema.Struct({ path: Schema.String, message: Schema.String }))
}).annotate({ identifier: "SubscriptionsChanged" })
export interface Changed extends Schema.Schema.Type<typeof Changed> {}

const error = [Refusal.BadRequest, Refusal.NotFound, Refusal.Conflict, Refusal.Unavailable]

export const group = HttpApiGroup.make("subscriptions")
  .add(
    HttpApiEndpoint.get("subscriptions", "/", { success: Schema.Array(Subscribed) }).annotate(
      OpenApi.Description,
      "What is subscribed, and who wanted it."
    ),
    HttpApiEndpoint.post("preview", "/preview", { payload: Change, success: Changed, error }).annotate(
      OpenApi.Description,
      "What a change would do to the connections, and what is wrong with it; changes nothing."
    ),
    HttpApiEndpoint.put("change", "/", { payload: Change, success: Changed, error }).annotate(
      OpenApi.Description,
      "Subscribes and unsubscribes; refused as a whole where a part of it cannot be done. Lasts until the process ends."
    )
  )
  .prefix("/api/subscriptions")
  .annotate(OpenApi.Description, "What is subscribed.")
