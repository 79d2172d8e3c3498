/**
 * The way to a host: its name, its port, its TLS. Behind a proxy that is the proxy's business, so only the way to the proxy is
 * looked at here; what goes through it the other checks tell.
 */
import * as dns from "node:dns/promises"
import * as net from "node:net"
import * as tls from "node:tls"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { median, ms, type Verdicts } from "./Checks.ts"
import { ok, problem, type Verdict, warning } from "./Finding.ts"

const CONNECTS = 3
const CONNECT_WITHIN_MS = 5_000
const LOOKUP_WITHIN = "5 seconds"

/** A way that takes longer is felt in every order. */
const SLOW_MS = 500

const DAY_MS = 86_400_000
const CERTIFICATE_DAYS = 7

const defaultPorts: Readonly<Record<string, number>> = {
  "https:": 443,
  "wss:": 443,
  "http:": 80,
  "ws:": 80,
  "postgres:": 5_432,
  "postgresql:": 5_432,
  "socks:": 1_080,
  "socks4:": 1_080,
  "socks4a:": 1_080,
  "socks5:": 1_080,
  "socks5h:": 1_080
}
const secured = new Set(["https:", "wss:"])

/** As it may be shown; what is no URL, such as the name of a library's own connection, as it is. */
export const shown = (text: string): string => {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  return `${url.protocol}//${url.host}${url.pathname === "/" ? "" : url.pathname}`
}

/** Several are looked at once where they are one host. */
export const endpoint = (named: string, text: string): Verdicts =>
  Effect.gen(function* () {
    const url = new URL(text)
    const host = url.hostname.replace(/^\[|\]$/g, "")
    const port = url.port === "" ? (defaultPorts[url.protocol] ?? 443) : Number(url.port)
    const what = `${named} ${shown(text)}`
    const addresses = yield* Effect.timeoutOrElse(
      attempt(() => dns.lookup(host, { all: true })),
      { duration: LOOKUP_WITHIN, orElse: () => Effect.succeed(new Error(`no answer within ${LOOKUP_WITHIN}`)) }
    )
    if (addresses instanceof Error) {
      return [
        problem(
          `${what}: the name is not known (${codeOf(addresses)})`,
          "look at the name in `endpoints`, and at the resolver of this machine"
        )
      ]
    }
    const times: Array<number> = []
    for (let each = 0; each < CONNECTS; each++) {
      const from = yield* Clock.currentTimeNanos
      const failure = yield* attempt(() => connect(host, port))
      if (failure instanceof Error) {
        return [
          problem(
            `${what}: port ${port} cannot be reached (${codeOf(failure)})`,
            "look at the firewall, at the route, and at `endpoints`"
          )
        ]
      }
      times.push(Number((yield* Clock.currentTimeNanos) - from) / 1e6)
    }
    const now = yield* Clock.currentTimeMillis
    const time = median(times)
    const way = `${what}: ${addresses.length === 1 ? addresses[0]!.address : `${addresses.length} addresses`}, connects in ${ms(time)} (median of ${CONNECTS})`
    if (!secured.has(url.protocol)) return [atSpeed(way, time)]
    const until = yield* attempt(() => certificate(host, port))
    return [until instanceof Error ? refused(way, until) : withCertificate(way, time, until, now)]
  })

const refused = (way: string, error: Error): Verdict =>
  problem(
    `${way}, but TLS fails (${codeOf(error)})`,
    "look at the clock of this machine, and at what stands between it and the venue"
  )

const withCertificate = (way: string, time: number, until: number, now: number): Verdict => {
  const found = `${way}, certificate until ${new Date(until).toISOString().slice(0, 10)}`
  const isShort = until - now < CERTIFICATE_DAYS * DAY_MS
  return isShort ? warning(found, "the venue has to renew it; look at its announcements") : atSpeed(found, time)
}

const atSpeed = (found: string, time: number): Verdict =>
  time > SLOW_MS ? warning(found, "run nearer to the venue, or through a better route") : ok(found)

const attempt = <A>(act: () => Promise<A>): Effect.Effect<A | Error> =>
  Effect.promise(() => act().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error)))))

const codeOf = (error: Error): string => ("code" in error ? String(error.code) : error.message)

const connect = (host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = net.connect({ host, port })
    settle(socket, reject)
    socket.once("connect", () => {
      socket.destroy()
      resolve()
    })
  })

/** Until when the certificate is good, epoch ms; one that is not trusted fails. */
const certificate = (host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const servername = net.isIP(host) === 0 ? { servername: host } : {}
    const socket = tls.connect({ host, port, ...servername })
    settle(socket, reject)
    socket.once("secureConnect", () => {
      const { valid_to: until } = socket.getPeerCertificate()
      socket.destroy()
      resolve(Date.parse(until))
    })
  })

const settle = (socket: net.Socket, reject: (error: Error) => void): void => {
  socket.setTimeout(CONNECT_WITHIN_MS, () => {
    socket.destroy()
    reject(Object.assign(new Error("no answer"), { code: `no answer within ${CONNECT_WITHIN_MS / 1_000} s` }))
  })
  socket.once("error", reject)
}
