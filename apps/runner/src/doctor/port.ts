/** The address of the API: whether it can be had, and who has it. */
import * as net from "node:net"
import * as Effect from "effect/Effect"
import type { HttpEntry } from "../configuration/HttpEntry.ts"
import type { Verdicts } from "./Checks.ts"
import { ok, problem, type Verdict, warning } from "./Finding.ts"

/** How long whoever has the port may take to say who it is, ms. */
const ANSWER_WITHIN_MS = 2_000

export const port = ({ host, port: number, token }: HttpEntry): Verdicts =>
  Effect.promise(async () => {
    const address = `${host}:${number}`
    const code = await bindable(host, number)
    const guard = token === undefined ? "nothing can be changed over it without a token" : "changes need the token"
    if (code === undefined)
      return [ok(number === 0 ? `a free port is taken on ${host}` : `${address} is free; ${guard}`)]
    return [
      code === "EADDRINUSE" ? await taken(host, number) : problem(`${address} cannot be bound (${code})`, advice(code))
    ]
  })

/** The error's code where it cannot be had. */
const bindable = (host: string, number: number): Promise<string | undefined> =>
  new Promise((resolve) => {
    const server = net.createServer()
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen({ host, port: number, exclusive: true }, () => server.close(() => resolve(undefined)))
  })

const taken = async (host: string, number: number): Promise<Verdict> => {
  const address = `${host}:${number}`
  return (await isTidewire(host, number))
    ? warning(
        `${address} is taken: an instance of Tidewire answers there`,
        "fine if it is this one; another needs http.port of its own"
      )
    : problem(`${address} is taken by something else`, "stop that, or set http.port to a free one")
}

/** Any address of this machine answers on loopback. */
const isTidewire = async (host: string, number: number): Promise<boolean> => {
  const at = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host
  try {
    const url = `http://${at.includes(":") ? `[${at}]` : at}:${number}/health/live`
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
    const body: unknown = await answer.json()
    return typeof body === "object" && body !== null && "status" in body
  } catch {
    return false
  }
}

const advice = (code: string): string =>
  code === "EACCES"
    ? "ports below 1024 are for root: set http.port to a higher one"
    : "set http.host to an address of this machine; 127.0.0.1 is one"
