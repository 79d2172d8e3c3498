/**
 * The HTTP API of a session, its streams and its pages, on `node:http`.
 *
 * Guarantees: bound to a loopback address unless told otherwise; a port that is taken fails the start, with what to change; `end`
 * lets streams out, closes WebSockets with 1001 and takes no longer than it is given.
 */
import { createServer, type Server } from "node:http"
import type { Socket } from "node:net"
import { NodeHttpServer } from "@effect/platform-node"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpApiBuilder from "effect/http-api/HttpApiBuilder"
import * as ByteSize from "effect/ByteSize"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import type { HttpEntry } from "../configuration/HttpEntry.ts"
import type { Instance } from "../operation/Instance.ts"
import type { Parts } from "../operation/Parts.ts"
import { Failed } from "../process/exit.ts"
import { answered, headersOf } from "./answered.ts"
import { api } from "./api/Api.ts"
import * as Guard from "./Guard.ts"
import * as Collectors from "./handlers/collectors.ts"
import * as Connections from "./handlers/connections.ts"
import * as Engine from "./handlers/engine.ts"
import * as Health from "./handlers/health.ts"
import * as Market from "./handlers/market.ts"
import * as OperationHandlers from "./handlers/operation.ts"
import * as Status from "./handlers/status.ts"
import * as Streams from "./handlers/streams.ts"
import * as Subscriptions from "./handlers/subscriptions.ts"
import type { Operated } from "./Operated.ts"
import * as DashboardFiles from "./pages/dashboardFiles.ts"
import * as Docs from "./pages/docs.ts"
import { ProcessStatistics } from "./ProcessStatistics.ts"
import { Recent } from "./Recent.ts"
import { RequestRate } from "./RequestRate.ts"
import { Hub } from "./streams/Hub.ts"
import { LONGEST_MESSAGE } from "./streams/webSocket.ts"

const MOST_BODY = ByteSize.kibibytes(64)
const KEEP_ALIVE = "15 seconds"

/** How long clients have to hear that it ends. */
const GOODBYE = Duration.millis(500)

const timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5_000
}

/** Beside those who listen, so many may have a connection. */
const MORE_CONNECTIONS = 900

export interface ApiServer {
  /** Where it is, as `http://127.0.0.1:8080`. */
  readonly url: string
  readonly end: (deadline: Duration.Input) => Effect.Effect<void>
}

export const open = (
  instance: Instance,
  parts: Parts,
  entry: HttpEntry
): Effect.Effect<ApiServer, Failed, Scope.Scope> =>
  Effect.gen(function* () {
    const scope = yield* Effect.acquireRelease(Scope.make(), (each) => Scope.close(each, Exit.void))
    const clock = yield* Clock.Clock
    const now = () => clock.currentTimeMillisUnsafe()
    const hub = new Hub(instance.bus)
    const statistics = new ProcessStatistics(instance.bus)
    yield* Effect.addFinalizer(() => Effect.sync(() => statistics.end()))
    const operated: Operated = {
      instance,
      parts,
      entry,
      hub,
      now,
      process: statistics,
      recent: new Recent(instance, entry)
    }
    const sockets = new Set<Socket>()
    const server = yield* Scope.provide(bind(entry, sockets), scope)
    const guard = Guard.make(entry)
    const app = yield* Scope.provide(HttpRouter.toHttpEffect(routes(operated, guard)), scope)
    yield* server
      .serve(answered(app, guard, new RequestRate(entry.requestsPerSecond, now)))
      .pipe(Scope.provide(scope), Effect.provideService(HttpIncomingMessage.MaxBodySize, MOST_BODY))
    yield* Effect.forkIn(hub.run, scope)
    yield* Effect.forkIn(
      Effect.repeat(
        Effect.sync(() => hub.keepAlive()),
        Schedule.spaced(KEEP_ALIVE)
      ),
      scope
    )
    const url = HttpServer.formatAddress(server.address)
    yield* Effect.logInfo("the API and the dashboard are served").pipe(Effect.annotateLogs({ url }))
    const end = (deadline: Duration.Input) =>
      Effect.gen(function* () {
        hub.end()
        const within = Duration.min(Duration.fromInputUnsafe(deadline), GOODBYE)
        yield* Effect.sync(() => hub.size === 0).pipe(
          Effect.repeat({ until: (isEmpty) => isEmpty, schedule: Schedule.spaced("10 millis") }),
          Effect.timeoutOption(within)
        )
        for (const socket of sockets) socket.destroy()
        yield* Scope.close(scope, Exit.void)
      })
    return { url, end }
  })

const bind = (entry: HttpEntry, sockets: Set<Socket>): ReturnType<typeof bindTo> =>
  Effect.catch(bindTo(entry, sockets), ({ cause }) => {
    if (entry.whenTaken === "fail" || codeOf(cause) !== TAKEN) {
      return Effect.fail(new Failed({ message: unbound(entry, cause) }))
    }
    const log = Effect.logWarning(`port ${entry.port} of ${entry.host} is taken: a free one is taken instead`)
    return Effect.andThen(log, bindTo({ ...entry, port: 0 }, sockets))
  })

const bindTo = (entry: HttpEntry, sockets: Set<Socket>) =>
  NodeHttpServer.make(() => listening(entry, sockets), {
    host: entry.host,
    port: entry.port,
    gracefulShutdownTimeout: GOODBYE,
    websocket: {
      maxPayload: LONGEST_MESSAGE,
      perMessageDeflate: false,
      // the token that came as another is not said back
      handleProtocols: (protocols) => (protocols.has(Guard.PROTOCOL) ? Guard.PROTOCOL : false)
    }
  }).pipe(Effect.mapError(({ cause }) => new Failed({ message: unbound(entry, cause), cause })))

const TAKEN = "EADDRINUSE"

const codeOf = (cause: unknown): string | undefined => (cause as NodeJS.ErrnoException).code

const listening = ({ clients }: HttpEntry, sockets: Set<Socket>): Server => {
  const server = createServer(timeouts)
  server.maxConnections = clients + MORE_CONNECTIONS
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  return server
}

const unbound = ({ host, port }: HttpEntry, cause: unknown): string => {
  const code = codeOf(cause)
  if (code === TAKEN) {
    return `http.port: port ${port} of ${host} is taken; expected another one, or 0 for one that is free`
  }
  if (code === "EACCES") return `http.port: port ${port} may not be bound by this user; expected one above 1023`
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return `http.host: ${host} is no address of this machine`
  return `the API could not be served on ${host} port ${port}: ${String(cause)}`
}

const routes = (operated: Operated, guard: Guard.Guard) =>
  Layer.mergeAll(apiRoutes(operated, guard), Docs.routes, DashboardFiles.routes()).pipe(
    Layer.provide(NodeHttpServer.layerHttpServices)
  )

const apiRoutes = (operated: Operated, guard: Guard.Guard) =>
  HttpApiBuilder.layer(api, { openapiPath: "/openapi.json" }).pipe(
    Layer.provide([
      Health.handlers(operated),
      Status.handlers(operated),
      Market.handlers(operated),
      Streams.handlers(operated, headersOf(guard)),
      Subscriptions.handlers(operated),
      Connections.handlers(operated),
      Engine.handlers(operated),
      OperationHandlers.handlers(operated),
      Collectors.handlers(operated)
    ])
  )
