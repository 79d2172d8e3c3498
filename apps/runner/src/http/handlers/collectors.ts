/** Collectors, and what is kept of them. */
import type { Event } from "@tidewire/core"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as Effect from "effect/Effect"
import { api } from "../api/Api.ts"
import type { Collector } from "../api/collectors.ts"
import { collectorOf } from "../healthOf.ts"
import type { Operated } from "../Operated.ts"
import * as Refusal from "../Refusal.ts"
import type * as Runner from "../../Runner.ts"

const TRADES = 100

export const handlers = ({ hub, instance, recent }: Operated) => {
  const { runner, trading, watch } = instance
  const collectors = () => runner.venues().map((each) => statusOf(each, watch.streams()))
  return HttpApiBuilder.group(api, "collectors", (each) =>
    each.handleAll({
      collectors: () =>
        Effect.sync(() => {
          const all = collectors()
          return { running: all.filter(({ status }) => status !== "down").length, total: all.length, collectors: all }
        }),
      collector: ({ params: { name } }) =>
        Effect.suspend(() => {
          const found = collectors().find((each) => each.name === name)
          const names = runner.venues().map((each) => each.name)
          return found === undefined
            ? Effect.fail(
                Refusal.of("UnknownCollector", `no collector has this name; there is ${names.join(", ")}`, "name")
              )
            : Effect.succeed(found)
        }),
      storage: () => Effect.sync(() => recent.events.statistics()),
      trades: ({ query: { limit = TRADES, symbol } }) =>
        Effect.sync(() =>
          HttpServerResponse.jsonUnsafe(
            recent.events
              .events({ channel: "trades", ...(symbol !== undefined && { symbol: symbol.toUpperCase() }) })
              .filter((each): each is Event.Trade => each.type === "trade")
              .slice(-limit)
          )
        ),
      tasks: () =>
        Effect.sync(() => ({
          tasks: [
            ...runner.venues().flatMap(({ connections, name }) =>
              connections.map((each) => ({
                name: `${name}/${each.name}`,
                kind: "connection" as const,
                state: each.state as string,
                since: each.since
              }))
            ),
            ...(trading?.engine.status().strategies ?? []).map(({ name, state }) => ({
              name,
              kind: "engine" as const,
              state: state as string
            })),
            ...(["sse", "ws"] as const).map((name) => ({
              name: `clients/${name}`,
              kind: "listener" as const,
              state: `${hub.count(name)} listen`
            }))
          ],
          resources: countsOf(process.getActiveResourcesInfo())
        })),
      memory: () =>
        Effect.sync(() => {
          const { external, heapUsed, rss } = process.memoryUsage()
          return {
            store: recent.events.statistics(),
            bounds: recent.bounds,
            queues: watch
              .streams()
              .flatMap(({ channel, symbol, venue, waiting }) =>
                waiting === 0 ? [] : [{ venue, symbol, channel, waiting }]
              ),
            memory: { rssBytes: rss, heapBytes: heapUsed, externalBytes: external }
          }
        })
    })
  )
}

/** From the furthest from Active on. */
const states: ReadonlyArray<Event.ConnectionStateName> = [
  "Failed",
  "Stopped",
  "Reconnecting",
  "Connecting",
  "Connected",
  "Authenticating",
  "Subscribing",
  "Active"
]

const statusOf = (
  venue: Runner.VenueStatus,
  streams: ReturnType<Operated["instance"]["watch"]["streams"]>
): Collector => {
  const { connections, stream } = venue
  const own = streams.filter((each) => each.venue === venue.name)
  const received = own.flatMap((each) => each.lastReceivedTime ?? [])
  const counts = stream?.counts()
  const feed = stream?.feed.counts()
  return {
    ...collectorOf(venue),
    state: states.find((state) => connections.some((each) => each.state === state)) ?? "Stopped",
    connections: {
      active: connections.filter(({ state }) => state === "Active").length,
      total: connections.length
    },
    symbols: [...new Set(own.map((each) => each.symbol))],
    received: counts?.received ?? 0,
    processed: counts?.delivered ?? 0,
    errors: feed?.malformed ?? 0,
    reconnects: feed?.reconnects ?? 0,
    ...(received.length > 0 && { lastReceivedTime: Math.max(...received) })
  }
}

const countsOf = (names: ReadonlyArray<string>): Readonly<Record<string, number>> =>
  Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]))
