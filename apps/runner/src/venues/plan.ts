/**
 * Which connections a venue entry asks for, without connecting: what `check` prints.
 */
import { availableParallelism } from "node:os"
import { Capabilities, Channel, QueueOptions, Socket, type VenueAdapter, type VenueError } from "@tidewire/core"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import type * as Scope from "effect/Scope"
import { type Problem, problem } from "../configuration/Problem.ts"
import * as Workers from "../workers/over.ts"
import { makeAdapter } from "./makeAdapter.ts"
import { asGiven, resolve } from "./resolve.ts"
import { blocked, type VenueSetup } from "./VenueSetup.ts"

export interface VenuePlan {
  readonly name: string
  readonly venue: string
  readonly environment: string
  readonly adapter: string
  /** What sockets and requests go through, without user and password. */
  readonly proxy?: string
  /** How many symbols each worker thread carries, where there are any. */
  readonly workers?: ReadonlyArray<number>
  readonly connections: ReadonlyArray<VenueAdapter.PlannedConnection>
  readonly connection: {
    /** Sockets that carry each connection. */
    readonly redundancy: number
    readonly rotateAfterMs: number
    readonly repairWithinMs: number
    readonly auditMs?: number
  }
  /** How often each kind of channel is polled, ms, where it is or may be. */
  readonly polling?: Readonly<Record<string, number>>
  readonly queue: { readonly capacity: number; readonly overflow: Readonly<Record<string, QueueOptions.Overflow>> }
  readonly notes: ReadonlyArray<string>
}

export interface Planned {
  readonly plan: VenuePlan
  /** What only the plan shows to be wrong. */
  readonly problems: ReadonlyArray<Problem>
}

/** What making an adapter takes. */
export type Needs = Socket.SocketDriver | HttpClient.HttpClient | Scope.Scope

export const make = Effect.fnUntraced(function* (
  setup: VenueSetup
): Effect.fn.Return<Planned, VenueError.VenueError, Needs> {
  const adapter = yield* makeAdapter(setup)
  const { subscriptions } = resolve(setup.wanted, asGiven)
  const { connections, notes } = adapter.plan(subscriptions)
  const { audit, redundancy, repairWithin, rotateAfter } = setup.settings.connection
  const polling = pollingOf(setup, adapter.capabilities)
  const again = Duration.format(setup.refreshInstruments)
  const patterns = [...new Set(setup.wanted.filter((each) => each.isPattern).map((each) => each.symbol))]
  const kinds = Channel.kinds.filter((kind) => setup.wanted.some((each) => Channel.kind(each.channel) === kind))
  return {
    plan: {
      name: setup.settings.name,
      venue: setup.settings.venue,
      environment: setup.settings.environment,
      adapter: setup.adapter.name,
      ...(setup.proxy !== undefined && { proxy: setup.proxy.shown }),
      ...(setup.workers > 0 && { workers: Workers.symbols(connections) }),
      connections,
      connection: {
        redundancy,
        rotateAfterMs: Duration.toMillis(rotateAfter),
        repairWithinMs: Duration.toMillis(repairWithin),
        ...(audit !== undefined && { auditMs: Duration.toMillis(audit) })
      },
      ...(Object.keys(polling).length > 0 && { polling }),
      queue: {
        capacity: setup.queue.capacity,
        overflow: Object.fromEntries(kinds.map((kind) => [kind, QueueOptions.policy(setup.queue, kind)]))
      },
      notes: [
        ...notes,
        ...waiting(setup, adapter.capabilities),
        ...crowded(setup),
        ...patterns.map(
          (pattern) =>
            `${pattern} is resolved on the venue's list when a run starts, and again every ${again}; it is not in this plan`
        )
      ]
    },
    problems: yield* blockProblems(setup, connections)
  } satisfies Planned
})

/** What threads cannot make better. */
const crowded = ({ adapter, workers }: VenueSetup): ReadonlyArray<string> => [
  ...(workers > availableParallelism()
    ? [`${workers} workers share ${availableParallelism()} cores with the main thread`]
    : []),
  ...(workers > 1 && adapter.transport === "own"
    ? [`${adapter.name} paces its requests by itself: ${workers} workers may together ask ${workers} times as often`]
    : [])
]

const mayPoll =
  (capabilities: VenueAdapter.Capabilities) =>
  ({ channel, transport }: VenueSetup["wanted"][number]): boolean =>
    transport !== "websocket" && Capabilities.unpollable(capabilities, channel) === undefined

const pollingOf = (
  { settings, wanted }: VenueSetup,
  capabilities: VenueAdapter.Capabilities
): Readonly<Record<string, number>> => {
  const kinds = new Set(wanted.filter(mayPoll(capabilities)).map(({ channel }) => Channel.kind(channel)))
  const times = Object.entries(settings.connection.polling).filter(([kind]) => kinds.has(kind as Channel.Kind))
  return Object.fromEntries(times.map(([kind, every]) => [kind, Duration.toMillis(every)]))
}

/** What is hybrid and cannot be polled. */
const waiting = ({ wanted }: VenueSetup, capabilities: VenueAdapter.Capabilities): ReadonlyArray<string> => {
  const channels = wanted
    .filter((each) => each.transport === "hybrid" && !mayPoll(capabilities)(each))
    .map(({ channel }) => channel)
  return [...new Set(channels)].map(
    (channel) =>
      `${channel} cannot be polled (${Capabilities.unpollable(capabilities, channel)}): hybrid waits for the socket there`
  )
}

/** `block` needs a socket that can pause, and that carries one symbol only. */
export const blockProblems = (setup: VenueSetup, connections: ReadonlyArray<VenueAdapter.PlannedConnection>) =>
  Effect.map(Socket.SocketDriver, ({ canPause }): ReadonlyArray<Problem> =>
    blocked(setup.queue, setup.wanted).flatMap((kind) => {
      const path = [...setup.path, "queue", "overflow", kind]
      if (!canPause || setup.adapter.transport === "own") {
        return [
          problem(path, '"block" needs a socket that can pause, and the sockets here cannot; expected another policy')
        ]
      }
      const shared = connections.find(
        ({ subscriptions }) =>
          new Set(subscriptions.map((each) => each.symbol)).size > 1 &&
          subscriptions.some((each) => Channel.kind(each.channel) === kind)
      )
      return shared === undefined
        ? []
        : [problem(path, `"block" would stop every symbol of the connection ${shared.name}; expected another policy`)]
    })
  )
