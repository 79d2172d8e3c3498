/**
 * Who may do what: decided before anything of a request is looked at but its method, its URL and its headers.
 *
 * Guarantees: without the token nothing is changed, and nothing is read from outside this machine; a page of another origin can
 * neither read nor change (`Host` is checked against DNS rebinding, `Origin` on changes and upgrades); the token is compared in
 * constant time, is never taken from a URL, and is in no answer.
 */
import { createHash, timingSafeEqual } from "node:crypto"
import type { HttpEntry } from "../configuration/HttpEntry.ts"
import { isLoopback } from "./loopback.ts"
import * as Refusal from "./Refusal.ts"

const LONGEST_URL = 8_192

/** Beside this a browser says its token: `new WebSocket(url, ["tidewire", "tidewire.bearer.…"])`. */
export const PROTOCOL = "tidewire"
const PROTOCOL_TOKEN = "tidewire.bearer."

/** What is looked at; names of headers are in lower case. */
export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly isUpgrade: boolean
}

export interface Guard {
  /** Why it is not let through. */
  readonly check: (asked: Asked) => Refusal.Refusal | undefined
  /** For a page of this origin, where it may read answers. */
  readonly isAllowedOrigin: (origin: string | undefined) => boolean
}

export const make = ({ host, origins, token }: HttpEntry): Guard => {
  const isLocal = isLoopback(host)
  const expected = token === undefined ? undefined : digest(token)
  const allowed = new Set(origins.map((each) => each.toLowerCase().replace(/\/$/, "")))
  const hosts = new Set([host.toLowerCase(), ...[...allowed].flatMap((each) => hostOf(each)?.hostname ?? [])])
  const isAllowedOrigin = (origin: string | undefined) => origin !== undefined && allowed.has(origin.toLowerCase())

  const isGiven = (asked: Asked): "right" | "wrong" | "none" => {
    const given = tokenOf(asked)
    if (given === undefined) return "none"
    return expected !== undefined && timingSafeEqual(digest(given), expected) ? "right" : "wrong"
  }

  const checkHost = ({ headers }: Asked) => {
    if (!isLocal) return undefined
    const name = hostOf(`http://${headers["host"] ?? ""}`)?.hostname
    if (name !== undefined && (isLoopback(name) || hosts.has(name))) return undefined
    return Refusal.of(
      "Forbidden",
      "this host is not served here; expected localhost, or the host of one of http.origins",
      "host"
    )
  }

  const checkOrigin = ({ headers }: Asked) => {
    const { host: own, origin } = headers
    if (origin === undefined || isAllowedOrigin(origin)) return undefined
    const from = hostOf(origin)
    const isSame = from !== undefined && from.host === own?.toLowerCase()
    if (isSame || (isLocal && from !== undefined && isLoopback(from.hostname))) return undefined
    return Refusal.of(
      "Forbidden",
      "a page of this origin may not do that; expected a page served here, or of one of http.origins",
      "origin"
    )
  }

  const check = (asked: Asked): Refusal.Refusal | undefined => {
    if (asked.url.length > LONGEST_URL) {
      return Refusal.of("UrlTooLong", `the URL is longer than ${LONGEST_URL} characters`)
    }
    const isChange = !["GET", "HEAD", "OPTIONS"].includes(asked.method)
    const refused = checkHost(asked) ?? (isChange || asked.isUpgrade ? checkOrigin(asked) : undefined)
    if (refused !== undefined) return refused
    if (!isChange && (isOpen(asked.url) || asked.method === "OPTIONS" || (isLocal && !isForwarded(asked)))) {
      return undefined
    }
    if (expected === undefined) {
      return Refusal.of(
        "NoToken",
        'this needs a token and none is configured; set http.token to { "env": "NAME" } and give it as "Authorization: Bearer …"'
      )
    }
    const given = isGiven(asked)
    if (given === "right") return undefined
    return given === "none"
      ? Refusal.of("Unauthorized", 'this needs the token, given as "Authorization: Bearer …"')
      : Refusal.of("Unauthorized", "this is not the token")
  }

  return { check, isAllowedOrigin }
}

/** Digests are of one length, whatever was given. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest()

const tokenOf = ({ headers, isUpgrade }: Asked): string | undefined => {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers["authorization"] ?? "")?.[1]
  if (bearer !== undefined || !isUpgrade) return bearer
  const protocols = (headers["sec-websocket-protocol"] ?? "").split(",").map((each) => each.trim())
  return protocols.find((each) => each.startsWith(PROTOCOL_TOKEN))?.slice(PROTOCOL_TOKEN.length)
}

/** What a proxy has passed on comes from elsewhere, wherever the proxy runs. */
const isForwarded = ({ headers }: Asked): boolean =>
  headers["forwarded"] !== undefined || headers["x-forwarded-for"] !== undefined

/** Whether it works, and the files of the dashboard: they say nothing of anybody's. */
const isOpen = (url: string): boolean => {
  const path = url.split(/[?#]/, 1)[0]!
  return (
    path === "/" ||
    path === "/health" ||
    path.startsWith("/health/") ||
    path === "/docs/style.css" ||
    path.startsWith("/ui/")
  )
}

const hostOf = (origin: string): { readonly host: string; readonly hostname: string } | undefined => {
  try {
    const { host, hostname, protocol } = new URL(origin.toLowerCase())
    return protocol === "http:" || protocol === "https:" ? { host, hostname } : undefined
  } catch {
    return undefined
  }
}
