/** Every route of the HTTP API, as data: what is served, what is documented, and what a client is made of. */
import * as HttpApi from "effect/http-api/HttpApi"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Collectors from "./collectors.ts"
import * as Connections from "./connections.ts"
import * as Engine from "./engine.ts"
import * as Health from "./health.ts"
import * as Market from "./market.ts"
import * as Operation from "./operation.ts"
import { secured } from "./secured.ts"
import * as Status from "./status.ts"
import * as Streams from "./streams.ts"
import * as Subscriptions from "./subscriptions.ts"

export const api = HttpApi.make("tidewire")
  .add(
    Health.group,
    Status.group,
    Market.group,
    Streams.group,
    Subscriptions.group,
    Connections.group,
    Engine.group,
    Operation.group,
    Collectors.group
  )
  .annotate(OpenApi.Transform, secured)
  .annotate(OpenApi.Title, "Tidewire")
  .annotate(
    OpenApi.Description,
    "Times are epoch ms. What is wrong is told as `{ error: { tag, message, path? } }`. Every change needs `Authorization: Bearer <token>`."
  )
