/** Why a request is not carried out, as every route says it: `{ "error": { "tag", "message", "path"? } }` and a status. */
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Schema from "effect/Schema"

const statuses = {
  BadRequest: 400,
  Unauthorized: 401,
  Forbidden: 403,
  NoToken: 403,
  NotFound: 404,
  NoEngine: 404,
  UnknownVenue: 404,
  UnknownSymbol: 404,
  UnknownCollector: 404,
  UnknownConnection: 404,
  Conflict: 409,
  TooLarge: 413,
  UrlTooLong: 414,
  UnsupportedMediaType: 415,
  UpgradeRequired: 426,
  TooManyRequests: 429,
  Internal: 500,
  TooManyClients: 503,
  Unavailable: 503
} as const

export type Tag = keyof typeof statuses
type TagsOf<Status extends number> = { [T in Tag]: (typeof statuses)[T] extends Status ? T : never }[Tag]

export interface Refusal<T extends Tag = Tag> {
  readonly error: { readonly tag: T; readonly message: string; readonly path?: string }
}

/** `path` is where in the request it is. */
export const of = <T extends Tag>(tag: T, message: string, path?: string): Refusal<T> => ({
  error: { tag, message, ...(path !== undefined && { path }) }
})

export const statusOf = ({ error }: Refusal): number => statuses[error.tag]

export const response = (
  refusal: Refusal,
  headers: Readonly<Record<string, string>> = {}
): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.jsonUnsafe(refusal, { status: statusOf(refusal), headers })

const schemaOf = <const Status extends number>(status: Status, identifier: string) => {
  const tags = (Object.keys(statuses) as ReadonlyArray<Tag>).filter((tag) => statuses[tag] === status)
  return Schema.Struct({
    error: Schema.Struct({
      tag: Schema.Literals(tags as unknown as ReadonlyArray<TagsOf<Status>>),
      message: Schema.String,
      path: Schema.optionalKey(Schema.String)
    })
  }).annotate({ httpApiStatus: status, identifier })
}

export const BadRequest = schemaOf(400, "BadRequest")
export const Unauthorized = schemaOf(401, "Unauthorized")
export const Forbidden = schemaOf(403, "Forbidden")
export const NotFound = schemaOf(404, "NotFound")
export const Conflict = schemaOf(409, "Conflict")
export const UpgradeRequired = schemaOf(426, "UpgradeRequired")
export const Unavailable = schemaOf(503, "Unavailable")
