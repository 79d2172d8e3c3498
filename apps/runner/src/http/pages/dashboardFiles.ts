/**
 * The files of the dashboard: those that came with the package, or are built in the workspace when they are first asked for.
 *
 * Guarantees: nothing outside of their folder is served; names with a hash are kept by browsers, all else is asked for again; where
 * there are none, a page says why and what to do. They are looked for until they are there, by one request at a time.
 */
import type * as HttpPlatform from "effect/http/HttpPlatform"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpStaticServer from "effect/http/HttpStaticServer"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import * as DashboardFolder from "./dashboardFolder.ts"
import { escaped, page } from "./page.ts"

const INDEX = "/index.html"
const PREFIX = "/ui"
const UNAVAILABLE = 503
const KEPT = "public, max-age=31536000, immutable"
const ASKED_AGAIN = "no-cache"

export const routes = (find = DashboardFolder.find) =>
  HttpRouter.use(
    Effect.fnUntraced(function* (router) {
      const services = yield* Effect.context<FileSystem.FileSystem | Path.Path | HttpPlatform.HttpPlatform>()
      let served: Served | undefined
      const one = Semaphore.makeUnsafe(1)
      const open = Effect.suspend(() =>
        served === undefined
          ? Effect.flatMap(find, (root) =>
              HttpStaticServer.make({ root }).pipe(Effect.orDie, Effect.provideContext(services))
            )
          : Effect.succeed(served)
      )
      const file = (url: string) =>
        Effect.gen(function* () {
          const found = served === undefined ? yield* Effect.result(one.withPermit(open)) : Result.succeed(served)
          if (Result.isFailure(found)) {
            return /\.\w+$/.test(url) && url !== INDEX
              ? HttpServerResponse.empty({ status: 404 })
              : HttpServerResponse.setStatus(HttpServerResponse.html(absent(found.failure)), UNAVAILABLE)
          }
          served = found.success
          const request = yield* HttpServerRequest.HttpServerRequest
          const response = yield* Effect.provideService(
            served,
            HttpServerRequest.HttpServerRequest,
            request.modify({ url })
          )
          const isHashed = url.startsWith("/assets/") && response.status === 200
          return HttpServerResponse.setHeader(response, "cache-control", isHashed ? KEPT : ASKED_AGAIN)
        })
      yield* router.add("GET", "/", file(INDEX))
      yield* router.add(
        "GET",
        `${PREFIX}/*`,
        Effect.flatMap(HttpServerRequest.HttpServerRequest, ({ url }) => file(url.slice(PREFIX.length)))
      )
    })
  )

type Served = Effect.Success<ReturnType<typeof HttpStaticServer.make>>

const absent = (reason: string): string =>
  page(
    "Tidewire",
    `<h1>Tidewire</h1>
<p>There is no dashboard: ${escaped(reason)}. In the workspace, <code>pnpm build</code> builds it; then load this page again.</p>
<p>The API is here: <a href="/docs">/docs</a>, <a href="/health">/health</a>, <a href="/api/status">/api/status</a>.</p>`
  )
