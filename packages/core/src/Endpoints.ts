/**
 * The base URLs of a venue, and how a configuration replaces them.
 *
 * A replaced base URL stands for all hosts of its kind; the adapter appends its own routes and paths. A trailing slash
 * is tolerated, anything but a WebSocket or HTTP URL without query is an error that names the field.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Closed from "./Closed.ts"
import { InvalidRequest } from "./VenueError.ts"

/** Base URLs, without a trailing slash. */
export interface Hosts {
  readonly stream: string
  readonly rest: string
}

const baseUrl = (protocols: ReadonlyArray<string>) => {
  const expected = `a base URL that begins with ${protocols.join("// or ")}// and has no query`
  return Schema.String.check(
    Schema.makeFilter((text) => {
      const url = URL.parse(text)
      const right = url !== null && protocols.includes(url.protocol) && url.search === "" && url.hash === ""
      return right ? undefined : `expected ${expected}`
    })
  )
}

/** The two fields, for adapters that take more than these. */
export const stream = Schema.optionalKey(baseUrl(["ws:", "wss:"]))
export const rest = Schema.optionalKey(baseUrl(["http:", "https:"]))

/** The `endpoints` of a venue entry. */
export const Given: Schema.Codec<Partial<Hosts>, unknown> = Closed.struct(Schema.Struct({ stream, rest }))

/** The hosts of an environment, each replaced where the configuration says so. */
export const resolve = (hosts: Hosts, given: Partial<Hosts>): Hosts => ({
  stream: withoutSlash(given.stream ?? hosts.stream),
  rest: withoutSlash(given.rest ?? hosts.rest)
})

/**
 * With a key the base URLs of an environment are replaced all or none: orders for a simulator must not reach the venue, nor
 * those for the venue somebody else.
 */
export const allOrNone = (given: Partial<Hosts>, known: Hosts): Result.Result<void, InvalidRequest> => {
  const named = (hosts: object) => Object.entries(hosts).flatMap(([name, url]) => (url === undefined ? [] : [name]))
  const wanted = named(known)
  const missing = wanted.filter((name) => !named(given).includes(name))
  if (missing.length === 0 || missing.length === wanted.length) return Result.succeed(undefined)
  const message = `with a key, endpoints are replaced all or none, or orders would go elsewhere than they are meant to; ${missing.join(" and ")} is missing`
  return Result.fail(new InvalidRequest({ message }))
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, "")
