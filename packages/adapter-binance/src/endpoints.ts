/**
 * Where the venue is: base URLs by market and environment, and how a configuration replaces them.
 *
 * A replaced base URL stands for all hosts of its kind; the adapter appends its own routes and paths. A trailing slash
 * is tolerated, anything but a WebSocket or HTTP URL without query is an error that names the field.
 */
import { Schema } from "effect"
import { closed } from "./closed.ts"

/** Base URLs, without a trailing slash. */
export interface Hosts {
  readonly stream: string
  readonly rest: string
}

/** Source: docs/venues/binance.md, "Hosts of spot". */
export const spot = {
  mainnet: { stream: "wss://stream.binance.com:9443", rest: "https://api.binance.com" },
  testnet: { stream: "wss://stream.testnet.binance.vision", rest: "https://testnet.binance.vision" },
  demo: { stream: "wss://demo-stream.binance.com", rest: "https://demo-api.binance.com" }
} as const satisfies Record<string, Hosts>

/** Source: docs/venues/binance.md, "Hosts of USDⓈ-M". */
export const usdm = {
  mainnet: { stream: "wss://fstream.binance.com", rest: "https://fapi.binance.com" },
  testnet: { stream: "wss://fstream.binancefuture.com", rest: "https://demo-fapi.binance.com" },
  demo: { stream: "wss://demo-fstream.binance.com", rest: "https://demo-fapi.binance.com" }
} as const satisfies Record<string, Hosts>

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

/** The `endpoints` of a venue entry. */
export const Endpoints: Schema.Codec<Partial<Hosts>, unknown> = closed(
  Schema.Struct({
    stream: Schema.optionalKey(baseUrl(["ws:", "wss:"])),
    rest: Schema.optionalKey(baseUrl(["http:", "https:"]))
  })
)

/** The hosts of an environment, each replaced where the configuration says so. */
export const resolve = (hosts: Hosts, given: Partial<Hosts>): Hosts => ({
  stream: withoutSlash(given.stream ?? hosts.stream),
  rest: withoutSlash(given.rest ?? hosts.rest)
})

const withoutSlash = (url: string): string => url.replace(/\/+$/, "")
