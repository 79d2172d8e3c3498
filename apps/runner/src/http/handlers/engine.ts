/** What trades. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import * as Halting from "../../engine/halting.ts"
import { api } from "../api/Api.ts"
import type { Operated } from "../Operated.ts"
import * as Refusal from "../Refusal.ts"

/** How long venues may take to say that nothing is open, unless it is said. */
const KILL_WITHIN_MS = 10_000

export const handlers = ({ instance: { trading }, recent }: Operated) => {
  const composition =
    trading === undefined
      ? Effect.fail(
          Refusal.of("NoEngine", "nothing trades here: the configuration has no engine, or it was not asked for")
        )
      : Effect.succeed(trading)
  const status = Effect.map(composition, ({ engine }) => engine.status())
  return HttpApiBuilder.group(api, "engine", (each) =>
    each.handleAll({
      engine: () => Effect.map(status, (engine) => HttpServerResponse.jsonUnsafe(engine)),
      orders: () => Effect.map(status, ({ orders }) => orders),
      positions: () => Effect.map(status, ({ venues }) => venues.flatMap(({ positions }) => positions)),
      balances: () => Effect.map(status, ({ venues }) => venues.flatMap(({ balances }) => balances)),
      fills: ({ query: { limit } }) => Effect.map(composition, () => recent.fills(limit)),
      pnl: () =>
        Effect.map(status, ({ daily: { currency, pnl }, time }) => ({
          currency,
          points: [...recent.points(), { time, pnl }]
        })),
      kill: ({ payload: { reason, withinMs = KILL_WITHIN_MS } }) =>
        Effect.flatMap(composition, (engine) => Halting.carryOut(engine, { command: "kill", reason, withinMs })),
      resume: ({ payload: { reason } }) =>
        Effect.flatMap(composition, (engine) =>
          Halting.carryOut(engine, { command: "resume", reason, withinMs: KILL_WITHIN_MS })
        )
    })
  )
}
