/** The OpenAPI document: what `/openapi.json` answers, `/docs` shows, and docs/api.md is made of. */
import * as OpenApi from "effect/http-api/OpenApi"
import { api } from "./Api.ts"

export const document = (): OpenApi.OpenAPISpec => OpenApi.fromApi(api)
