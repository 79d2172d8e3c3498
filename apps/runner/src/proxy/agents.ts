/**
 * Sockets and requests through a proxy: every connection is a tunnel of its own (CONNECT or SOCKS), TLS to the venue
 * inside it.
 *
 * Guarantees: a tunnel that does not come about, for whatever reason and at the latest in time, fails with the proxy's
 * name and without its user and password, never as an answer of the venue.
 */
import type { Duplex } from "node:stream"
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import { type Socket, WsSocket } from "@tidewire/core"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import { HttpsProxyAgent } from "https-proxy-agent"
import { SocksProxyAgent } from "socks-proxy-agent"
import type { Proxy } from "./Proxy.ts"

/** Sockets and HTTP through this proxy, until the scope ends; a tunnel must come about `within`. */
export const make = (
  proxy: Proxy,
  within: Duration.Duration
): Effect.Effect<Context.Context<Socket.SocketDriver | HttpClient.HttpClient>, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => makeAgent(proxy, within)),
    (agent) => Effect.sync(() => agent.destroy())
  ).pipe(
    Effect.flatMap((agent) => {
      // an agent for both: whether TLS is wanted, it learns from each request
      const agents = { http: agent, https: agent as unknown as NodeHttpClient.HttpAgent["Service"]["https"] }
      const http = Layer.provide(NodeHttpClient.layerNodeHttpNoAgent, Layer.succeed(NodeHttpClient.HttpAgent, agents))
      return Layer.build(Layer.merge(WsSocket.layerWith({ agent }), http))
    })
  )

const makeAgent = (proxy: Proxy, within: Duration.Duration) =>
  Redacted.value(proxy.url).protocol.startsWith("http")
    ? new HttpTunnels(proxy, within)
    : new SocksTunnels(proxy, within)

/** Bun's own `ws` does not call an agent of HTTP: it reads where the proxy is from it, and goes there by itself. */
const isBun = "Bun" in globalThis

type Connect = HttpsProxyAgent<string>["connect"]

class HttpTunnels extends HttpsProxyAgent<string> {
  readonly #proxy: Proxy
  readonly #within: Duration.Duration
  readonly #headers: Record<string, string>

  constructor(proxy: Proxy, within: Duration.Duration) {
    super(isBun ? Redacted.value(proxy.url) : proxy.shown)
    this.#proxy = proxy
    this.#within = within
    this.#headers = authorization(Redacted.value(proxy.url))
  }

  override connect(...[request, options]: Parameters<Connect>): ReturnType<Connect> {
    return tunnel(this.#proxy, this.#within, async (signal) => {
      let status = 0
      request.once("proxyConnect", (answer: { readonly statusCode: number }) => (status = answer.statusCode))
      // one for each tunnel, so that each can be given up by itself
      const one = new HttpsProxyAgent(this.#proxy.shown, { headers: this.#headers, signal })
      const socket = await one.connect(request, options)
      if (status === 200) return socket
      // its answer would be taken for the venue's
      socket.destroy()
      throw new Error(`it answered with HTTP ${status}`)
    })
  }
}

class SocksTunnels extends SocksProxyAgent {
  readonly #proxy: Proxy
  readonly #within: Duration.Duration

  constructor(proxy: Proxy, within: Duration.Duration) {
    super(Redacted.value(proxy.url))
    this.#proxy = proxy
    this.#within = within
  }

  override connect(
    ...[request, options]: Parameters<SocksProxyAgent["connect"]>
  ): ReturnType<SocksProxyAgent["connect"]> {
    return tunnel(this.#proxy, this.#within, () => super.connect(request, options))
  }
}

const authorization = ({ password, username }: URL): Record<string, string> => {
  if (username === "" && password === "") return {}
  const text = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { "Proxy-Authorization": `Basic ${Buffer.from(text).toString("base64")}` }
}

/** Errors begin with the proxy's name and carry no cause: what a library throws may hold the password. */
const tunnel = async <S extends Duplex>(
  { shown }: Proxy,
  within: Duration.Duration,
  connect: (signal: AbortSignal) => Promise<S>
): Promise<S> => {
  const giveUp = new AbortController()
  let isOver = false
  const late = new Promise<never>((_, reject) => {
    AbortSignal.timeout(Duration.toMillis(within)).addEventListener("abort", () => {
      if (isOver) return
      isOver = true
      reject(new Error(`no tunnel within ${Duration.format(within)}`))
      giveUp.abort()
    })
  })
  const connecting = connect(giveUp.signal).then((socket) => {
    if (isOver) socket.destroy()
    isOver = true
    return socket
  })
  try {
    return await Promise.race([connecting, late])
  } catch (error) {
    isOver = true
    throw new Error(`the proxy ${shown}: ${describe(error)}`)
  }
}

/** What failed at several addresses says so by its code alone. */
const describe = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return error.message === "" && "code" in error ? String(error.code) : error.message
}
