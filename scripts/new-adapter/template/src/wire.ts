/**
 * Everything the venue sends, as schemas: the reference that the decoder is tested against, and the readers of REST
 * answers. Nothing on the hot path uses them.
 *
 * Not written yet but for a trade, whose fields are a guess.
 * Source: docs/venues/newvenue.md, "Channels" and "REST".
 */
import { Scalar } from "@tidewire/core"
import { Schema } from "effect"

export const Trade = Schema.Struct({
  symbol: Scalar.Symbol,
  id: Scalar.Id,
  price: Scalar.Positive,
  size: Scalar.Positive,
  side: Schema.Literals(["buy", "sell"]),
  time: Scalar.Time
})
