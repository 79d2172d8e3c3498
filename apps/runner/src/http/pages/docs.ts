/** `/docs`: the API to read. */
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Effect from "effect/Effect"
import { document } from "../api/document.ts"
import { docsPage } from "./docsPage.ts"
import { style } from "./page.ts"

export const routes = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    let html: string | undefined
    yield* router.add(
      "GET",
      "/docs",
      Effect.sync(() => HttpServerResponse.html((html ??= docsPage(document()))))
    )
    yield* router.add(
      "GET",
      "/docs/style.css",
      Effect.sync(() => HttpServerResponse.text(style, { contentType: "text/css; charset=utf-8" }))
    )
  })
)
