/** `/docs`: the API to read. */
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as OpenApi from "effect/http-api/OpenApi"
import * as Effect from "effect/Effect"
import { api } from "../api/Api.ts"
import { docsPage } from "./docsPage.ts"
import { style } from "./page.ts"

export const routes = HttpRouter.use(
  Effect.fnUntraced(function* (router) {
    let html: string | undefined
    yield* router.add(
      "GET",
      "/docs",
      Effect.sync(() => HttpServerResponse.html((html ??= docsPage(OpenApi.fromApi(api)))))
    )
    yield* router.add(
      "GET",
      "/docs/style.css",
      Effect.sync(() => HttpServerResponse.text(style, { contentType: "text/css; charset=utf-8" }))
    )
  })
)
