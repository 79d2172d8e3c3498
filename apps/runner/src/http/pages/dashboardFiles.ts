/**
 * The files of the dashboard: those that came with the package, or were built in the workspace.
 *
 * Guarantees: nothing outside of their folder is served; names with a hash are kept by browsers, all else is asked for again; where
 * there are none, a page says how to build them. They are looked for until they are there.
 */
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import type * as HttpPlatform from "effect/http/HttpPlatform"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as HttpStaticServer from "effect/http/HttpStaticServer"
import * as Effect from "effect/Effect"
import type * as FileSystem from "effect/FileSystem"
import type * as Path from "effect/Path"
import { page } from "./page.ts"

/** Of the published package, and of the workspace; from `src/http/pages` as from `dist/http/pages`. */
const folders = ["../../../dist-dashboard", "../../../../dashboard/dist"].map((each) =>
  fileURLToPath(new URL(each, import.meta.url))
)

const INDEX = "/index.html"
const PREFIX = "/ui"
const KEPT = "public, max-age=31536000, immutable"
const ASKED_AGAIN = "no-cache"

export const find = (): string | undefined => folders.find((folder) => existsSync(`${folder}/index.html`))

export const routes = (found: () => string | undefined = find) =>
  HttpRouter.use(
    Effect.fnUntraced(function* (router) {
      const services = yield* Effect.context<FileSystem.FileSystem | Path.Path | HttpPlatform.HttpPlatform>()
      let served: Served | undefined
      const file = (url: string) =>
        Effect.gen(function* () {
          const root = found()
          if (root === undefined) {
            return /\.\w+$/.test(url) && url !== INDEX
              ? HttpServerResponse.empty({ status: 404 })
              : HttpServerResponse.html(absent)
          }
          if (served?.root !== root) {
            served = {
              root,
              app: yield* HttpStaticServer.make({ root, spa: true }).pipe(Effect.orDie, Effect.provideContext(services))
            }
          }
          const request = yield* HttpServerRequest.HttpServerRequest
          const response = yield* Effect.provideService(
            served.app,
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

interface Served {
  readonly root: string
  readonly app: Effect.Success<ReturnType<typeof HttpStaticServer.make>>
}

const absent = page(
  "Tidewire",
  `<h1>Tidewire</h1>
<p>The dashboard is not built. In the workspace, <code>pnpm build</code> builds it; then load this page again.</p>
<p>The API is here: <a href="/docs">/docs</a>, <a href="/health">/health</a>, <a href="/api/status">/api/status</a>.</p>`
)
