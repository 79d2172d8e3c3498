/** `/api/status`, and what it is made of. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { api } from "../api/Api.ts"
import type { Status } from "../api/status.ts"
import type { Operated } from "../Operated.ts"
import * as Counts from "../../workers/counts.ts"

export const handlers = (operated: Operated) => {
  const { instance, parts } = operated
  const { runner, watch } = instance
  return HttpApiBuilder.group(api, "status", (each) =>
    each.handleAll({
      status: () => Effect.sync(() => statusOf(operated)),
      connections: () =>
        Effect.sync(() =>
          json(
            runner.venues().flatMap(({ connections, name }) => connections.map((each) => ({ venue: name, ...each })))
          )
        ),
      connectionHistory: ({ query: { limit } }) => Effect.sync(() => watch.connectionChanges(limit)),
      streams: () => Effect.sync(() => json(watch.streams())),
      latency: () => Effect.sync(() => parts.metrics?.latency() ?? []),
      gaps: ({ query: { limit } }) => Effect.sync(() => json(watch.gaps(limit)))
    })
  )
}

/** What is JSON as it is; hundreds of rows are not looked through again. */
const json = HttpServerResponse.jsonUnsafe

const noCounts = { received: 0, delivered: 0, conflated: 0, dropped: 0, waiting: 0 }

const statusOf = ({ hub, instance, now, process }: Operated): Status => {
  const { phase, runner, source, startedAt, trading, venues, version, watch } = instance
  const halted = trading?.engine.desk.halted()
  const streams = watch.streams()
  const running = new Map(runner.venues().map((each) => [each.name, each]))
  return {
    version,
    source,
    startedAt,
    uptimeMs: now() - startedAt,
    phase: phase(),
    mode: trading?.deployment.mode ?? "none",
    ...(halted !== undefined && { halted }),
    venues: venues.map(({ index, name, setup }): Status["venues"][number] => {
      const { connections = [], failure, stream } = running.get(name) ?? {}
      const own = streams.filter(({ venue }) => venue === name)
      const gaps = sum(own.map((each) => each.gaps))
      return {
        name,
        adapter: setup.adapter.name,
        ...(failure !== undefined && { failure }),
        connections: {
          active: connections.filter(({ state }) => state === "Active").length,
          total: connections.length
        },
        counts: stream?.counts() ?? noCounts,
        feed: stream?.feed.counts() ?? Counts.none,
        gaps,
        gapsRepaired: gaps - sum(own.map((each) => each.gapsUnrepaired)),
        instruments: index?.instruments.length ?? 0
      }
    }),
    process: process.read(),
    clients: { sse: hub.count("sse"), ws: hub.count("ws"), lost: hub.lost }
  }
}

const sum = (counts: ReadonlyArray<number>): number => counts.reduce((total, each) => total + each, 0)
