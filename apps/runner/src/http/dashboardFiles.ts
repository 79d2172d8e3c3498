/**
 * The dashboard at `/` and `/ui/*`.
 *
 * Guarantees: what is served are the files that were there when the page was first asked for, held in memory by their names, so that no
 * request reaches the file system; without files the answer says what to do, and the next request looks again.
 */
import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { extname } from "node:path"
import { gzipSync } from "node:zlib"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Semaphore from "effect/Semaphore"
import * as DashboardFolder from "./dashboardFolder.ts"
import { escaped, page } from "./pages/page.ts"
import * as Refusal from "./Refusal.ts"

const INDEX = "index.html"

const UNAVAILABLE = 503

/** Names with a digest of what is in them never mean anything else. */
const FOR_EVER = "public, max-age=31536000, immutable"
const ASK_AGAIN = "no-cache"

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml"
}

interface File {
  readonly plain: Uint8Array
  readonly gzipped: Uint8Array
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly etag: string
}

type Files = ReadonlyMap<string, File>

export const routes = () => {
  const files = held()
  const serve = (request: HttpServerRequest.HttpServerRequest) =>
    Effect.match(files, {
      onFailure: (reason) => HttpServerResponse.setStatus(HttpServerResponse.html(absent(reason)), UNAVAILABLE),
      onSuccess: (all) => answer(request, all)
    })
  return Layer.merge(HttpRouter.add("GET", "/", serve), HttpRouter.add("GET", "/ui/*", serve))
}

/** Looked for by one request at a time, until they are found. */
const held = (): Effect.Effect<Files, string> => {
  let found: Files | undefined
  const one = Semaphore.makeUnsafe(1)
  const look = Effect.suspend(() =>
    found === undefined ? Effect.map(DashboardFolder.find, (folder) => (found = read(folder))) : Effect.succeed(found)
  )
  return Effect.suspend(() => (found === undefined ? one.withPermit(look) : Effect.succeed(found)))
}

const answer = ({ headers, url }: HttpServerRequest.HttpServerRequest, files: Files) => {
  const name = url.split(/[?#]/, 1)[0]!.replace(/^\/(?:ui\/?)?/, "")
  const file = files.get(name === "" ? INDEX : name)
  if (file === undefined) return Refusal.response(Refusal.of("NotFound", "the dashboard has no such file"))
  const { contentType, etag } = file
  if (headers["if-none-match"] === etag) return HttpServerResponse.empty({ status: 304, headers: file.headers })
  const isGzipped = /\bgzip\b/.test(headers["accept-encoding"] ?? "")
  return HttpServerResponse.uint8Array(isGzipped ? file.gzipped : file.plain, {
    contentType,
    headers: isGzipped ? { ...file.headers, "content-encoding": "gzip" } : file.headers
  })
}

const absent = (reason: string): string =>
  page(
    "Tidewire",
    `<h1>Tidewire</h1>
<p>There is no dashboard: ${escaped(reason)}. In the workspace, <code>pnpm build</code> builds it; then load this page again.</p>
<p>The API is here: <a href="/docs">/docs</a>, <a href="/health">/health</a>, <a href="/api/status">/api/status</a>.</p>`
  )

const read = (folder: string): Files =>
  new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name, parentPath }) => {
        const path = `${parentPath}/${name}`
        return [path.slice(folder.length + 1).replaceAll("\\", "/"), fileOf(path)]
      })
  )

const fileOf = (path: string): File => {
  const plain = readFileSync(path)
  const etag = `"${createHash("sha256").update(plain).digest("base64url").slice(0, 27)}"`
  const isHashed = path.includes("/assets/")
  return {
    plain,
    gzipped: gzipSync(plain),
    contentType: contentTypes[extname(path)] ?? "application/octet-stream",
    headers: { etag, "cache-control": isHashed ? FOR_EVER : ASK_AGAIN, vary: "origin, accept-encoding" },
    etag
  }
}
