/** What the OpenAPI document says of every route: that changes need the token, and what the door may answer. */
import type * as OpenApi from "effect/http-api/OpenApi"

const refusals = { "401": "Unauthorized", "403": "Forbidden", "413": "TooLarge", "429": "TooManyRequests" } as const

const body = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: { tag: { type: "string" }, message: { type: "string" }, path: { type: "string" } },
      required: ["tag", "message"]
    }
  },
  required: ["error"]
}

const answers = Object.fromEntries(
  Object.entries(refusals).map(([status, description]) => [
    status,
    { description, content: { "application/json": { schema: body } } }
  ])
)

const READS = new Set(["get", "head"])

type Document = Pick<OpenApi.OpenAPISpec, "components" | "paths">

export const secured = (document: Record<string, unknown>): Record<string, unknown> => {
  const { components, paths } = document as unknown as Document
  const schemes = { bearer: { type: "http", scheme: "bearer", description: "`http.token` of the configuration." } }
  return {
    ...document,
    components: { ...components, securitySchemes: schemes },
    paths: Object.fromEntries(
      Object.entries(paths).map(([path, methods]) => [
        path,
        Object.fromEntries(
          Object.entries(methods).map(([method, route]) => [
            method,
            {
              ...route,
              // reads need it only from outside
              security: READS.has(method) ? [{}, { bearer: [] }] : [{ bearer: [] }],
              responses: { ...answers, ...(route as { readonly responses: object }).responses }
            }
          ])
        )
      ])
    )
  }
}
