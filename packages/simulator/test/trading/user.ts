/** A plain user of an account: signs requests by hand, by REST and on the WebSocket API. */
import { createHmac } from "node:crypto"
import { defaultAccount } from "../../src/index.ts"
import { type Client, connect, eventually, type Json, type Stage } from "../support.ts"

export const { key, secret = "" } = defaultAccount

export const hmac = (text: string, with_ = secret): string => createHmac("sha256", with_).update(text).digest("hex")

export type Parameters = Readonly<Record<string, string | number | boolean>>

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Json
}

const queryOf = (parameters: Parameters): string =>
  new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)])).toString()

export interface User {
  /** A signed request; `timestamp` is now unless it is given. */
  readonly rest: (method: string, path: string, parameters?: Parameters) => Promise<Answer>
  /** A request known by its key alone. */
  readonly keyed: (method: string, path: string) => Promise<Answer>
  readonly control: (path: string) => Promise<Json>
}

export const userOf = ({ clock, simulator }: Pick<Stage, "clock" | "simulator">): User => {
  const send = async (method: string, url: string): Promise<Answer> => {
    const response = await fetch(simulator.url + url, { method, headers: { "X-MBX-APIKEY": key } })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Json }
  }
  return {
    rest: (method, path, parameters = {}) => {
      const query = queryOf({ timestamp: Math.floor(clock.now()), ...parameters })
      return send(method, `${path}?${query}&signature=${hmac(query)}`)
    },
    keyed: (method, path) => send(method, path),
    control: async (path) => (await (await fetch(simulator.url + path)).json()) as Json
  }
}

export interface Api {
  readonly client: Client
  /** A signed request and its answer. */
  readonly ask: (method: string, parameters?: Parameters) => Promise<Json>
  /** As given, not signed. */
  readonly plain: (method: string, parameters?: Parameters) => Promise<Json>
  /** Events of the account, in order of arrival. */
  readonly events: () => Array<Json>
}

const sortedText = (parameters: Parameters): string =>
  Object.keys(parameters)
    .toSorted()
    .map((name) => `${name}=${String(parameters[name])}`)
    .join("&")

export const signedBy = (parameters: Parameters, sign: (text: string) => string = hmac): Parameters => ({
  ...parameters,
  signature: sign(sortedText(parameters))
})

export const apiOf = async (
  { clock, simulator }: Pick<Stage, "clock" | "simulator">,
  path = "/ws-api/v3"
): Promise<Api> => {
  const client = await connect(simulator.wsUrl + path)
  let last = 0
  const plain = (method: string, params: Parameters = {}) => client.ask({ id: ++last, method, params })
  return {
    client,
    plain,
    ask: (method, parameters = {}) =>
      plain(method, signedBy({ apiKey: key, timestamp: Math.floor(clock.now()), ...parameters })),
    events: () =>
      client.received.flatMap((one) => {
        const { event } = one as { readonly event?: Json }
        return event === undefined ? [] : [event]
      })
  }
}

export const until = eventually
