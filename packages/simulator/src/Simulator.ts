/**
 * An exchange in a box: one port on loopback that speaks the wire protocol of Binance spot and USDⓈ-M and of Bybit v5
 * spot, linear and inverse, with accounts that trade. Guarantees that the same seed gives the same markets where nobody
 * trades, that one timer moves all of them, and that `stop` resolves when every socket and timer is gone.
 */
import { createServer, type Server } from "node:http"
import type { Socket } from "node:net"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { Accounts } from "./account/Accounts.ts"
import { CallLimit } from "./account/CallLimit.ts"
import { Countdowns } from "./account/Countdowns.ts"
import { Floor } from "./account/Floor.ts"
import { ListenKeys } from "./account/ListenKeys.ts"
import { OrderCounts } from "./account/OrderCounts.ts"
import { firstOrderOf } from "./account/terms.ts"
import type { Trading } from "./account/Trading.ts"
import { wall } from "./clock.ts"
import { Control } from "./control/Control.ts"
import { handle as handleControl } from "./control/controlHttp.ts"
import { FaultRegistry } from "./faults/FaultRegistry.ts"
import { isHalfOpen } from "./faults/frameFaults.ts"
import { type MarketDefinition, type MarketKind, marketKinds, perMarket } from "./market/definition.ts"
import { Venue } from "./market/venue.ts"
import { protocolOf } from "./protocols.ts"
import type { RestContext } from "./rest/Endpoint.ts"
import type { RateLimit } from "./rest/RateLimit.ts"
import { RestServer, type RestStats } from "./rest/RestServer.ts"
import type { Truth } from "./oracle/Truth.ts"
import { Snapshots } from "./rest/snapshots.ts"
import { check } from "./scenario/check.ts"
import type { Play } from "./scenario/play.ts"
import * as Scenario from "./scenario/Scenario.ts"
import { type Resolved, resolve, type SimulatorOptions } from "./SimulatorOptions.ts"
import type { ConnectionStats } from "./socket/Connection.ts"
import type { Dial } from "./socket/Dials.ts"
import { SocketServer } from "./socket/SocketServer.ts"
import { Topics } from "./topics/Topics.ts"

export type { SimulatorOptions } from "./SimulatorOptions.ts"

export interface Stats {
  /** Open connections. */
  readonly connections: ReadonlyArray<ConnectionStats>
  /** The last thousand connections that ended, oldest first, as they were then. */
  readonly ended: ReadonlyArray<ConnectionStats>
  /** Market frames sent on the open connections. */
  readonly sent: number
  /** The last 10 000 attempts to open a connection, oldest first. */
  readonly dials: ReadonlyArray<Dial>
  /** What was asked by REST, and how near its limits it came. */
  readonly rest: Readonly<Record<MarketKind, RestStats>>
}

export interface Simulator {
  readonly host: string
  readonly port: number
  readonly url: string
  readonly wsUrl: string
  readonly seed: number
  readonly definitions: ReadonlyArray<MarketDefinition>
  readonly control: Control
  /** The play of `options.scenario`. */
  readonly scenario: Play | undefined
  /** What `Oracle` holds a client against. */
  readonly truth: Truth
  readonly stats: () => Stats
  readonly stop: () => Promise<void>
}

/** How often the wall clock lets the markets catch up. */
const TICK_MS = 10

const listen = (server: Server, options: Resolved): Promise<number> =>
  new Promise((done, fail) => {
    server.once("error", fail)
    server.listen(options.port, options.host, () => {
      server.off("error", fail)
      const address = server.address()
      done(typeof address === "object" && address !== null ? address.port : options.port)
    })
  })

/** Rejects when the port is taken or the scenario cannot be read (`BadRequest`). */
export const start = async (given: SimulatorOptions = {}): Promise<Simulator> => {
  const options = resolve(given)
  const clock = options.clock ?? wall
  const { clockScale, definitions } = options
  const { scenario: script = [] } = options
  const steps = check(typeof script === "string" ? Scenario.parse(script) : script)
  const registry = new FaultRegistry(clock)
  const snapshots = new Snapshots(clock, registry, (market) => protocolOf[market.definition.market].snapshot(market))
  const venues = perMarket((kind) => new Venue(kind, definitions, options.venue, clock.now))
  const topics = perMarket((kind) => new Topics(venues[kind]))
  const accounts = new Accounts(options.accounts)
  const trading: Trading = {
    clock,
    clockScale,
    venues,
    accounts,
    callLimit: new CallLimit(clock, clockScale),
    faults: registry,
    floorOf: perMarket((kind) => new Floor(() => accounts.all(), firstOrderOf[kind])),
    counts: new OrderCounts(clock, clockScale),
    listenKeys: new ListenKeys(clock, clockScale),
    countdowns: new Countdowns(clock)
  }
  const limits = new Map<string, RateLimit>()
  const limitOf = (kind: MarketKind): RateLimit => {
    const { hostOf, rest } = protocolOf[kind]
    const limit = limits.get(hostOf(kind)) ?? rest.limit(clock, options.restRules[kind], clockScale)
    limits.set(hostOf(kind), limit)
    return limit
  }
  const contexts = perMarket((kind): RestContext => ({
    venue: venues[kind],
    topics: topics[kind],
    snapshots,
    weightPerMinute: options.restRules[kind].weightPerMinute,
    now: clock.now,
    skewMs: 0,
    trading
  }))
  const sockets = new SocketServer(clock, registry, topics, contexts, limitOf, options)
  const rest = new RestServer(
    clock,
    registry,
    perMarket((kind) => ({ context: contexts[kind], limit: limitOf(kind), rules: options.restRules[kind] }))
  )
  const { connections, ended, log } = sockets
  const control = new Control({ clock, clockScale, venues, registry, snapshots, connections, log, trading })
  const truth: Truth = {
    account: (key) => control.accounts.view(key),
    now: clock.now,
    every: clock.every,
    market: (kind, symbol) => venues[kind].market(symbol),
    channels: (kind) => protocolOf[kind].channels(kind),
    connections,
    isHalfOpen: ({ target }) => isHalfOpen(registry, target),
    lateUntil: () => registry.lateUntilMs,
    skews: registry.skews,
    watchWithheld: (watcher) => {
      sockets.withheld.add(watcher)
      return () => void sockets.withheld.delete(watcher)
    },
    watchEnds: (watcher) => {
      sockets.watchers.add(watcher)
      return () => void sockets.watchers.delete(watcher)
    }
  }
  const stats = (): Stats => {
    const open = [...connections].map((connection) => connection.stats())
    return {
      connections: open,
      ended: ended.slice(0, ended.length),
      sent: open.reduce((sum, { sent }) => sum + sent, 0),
      dials: sockets.dials.list(),
      rest: rest.stats()
    }
  }
  const open = new Set<Socket>()
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/control") !== true) return rest.handle(request, response)
    handleControl({ control, stats }, request, response).catch((cause: unknown) => response.destroy(cause as Error))
  })
  server.on("connection", (socket: Socket) => {
    open.add(socket)
    socket.once("close", () => open.delete(socket))
  })
  server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket as Socket, head))
  const port = await listen(server, options)
  const cancel = clock.every(TICK_MS, () => {
    const now = clock.now()
    for (const kind of marketKinds) venues[kind].advance(now)
  })
  const stop = (): Promise<void> =>
    new Promise((done) => {
      cancel()
      control.stopPlaying()
      registry.clear()
      trading.listenKeys.stop()
      trading.countdowns.stop()
      sockets.closeAll()
      server.close(() => done())
      for (const socket of open) socket.destroy()
    })
  const scenario = options.scenario === undefined ? undefined : control.play(steps)
  let stopping: Promise<void> | undefined
  return {
    host: options.host,
    port,
    url: `http://${options.host}:${port}`,
    wsUrl: `ws://${options.host}:${port}`,
    seed: options.venue.seed,
    definitions,
    control,
    scenario,
    truth,
    stats,
    stop: () => (stopping ??= stop())
  }
}

/** A simulator that stops with its scope; a port that is taken is a defect. */
export const scoped = (options?: SimulatorOptions): Effect.Effect<Simulator, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.promise(() => start(options)),
    (simulator) => Effect.promise(() => simulator.stop())
  )

export class Service extends Context.Service<Service, Simulator>()("@tidewire/simulator/Simulator") {}

export const layer = (options?: SimulatorOptions): Layer.Layer<Service> => Layer.effect(Service, scoped(options))
