/**
 * The page's one WebSocket: events as they are delivered, of what is on the page and of nothing else.
 *
 * Guarantees: open only while something listens and the page is visible; after a loss it comes back with a growing pause (at
 * most ten seconds) and subscribes to everything again; `lost` says that events are missing, by a loss of the connection or
 * because the server had to drop them for a slow client. It keeps no event.
 */
import type { Event } from "@tidewire/core"
import * as Token from "../api/Token.ts"
import { Cell } from "./Cell.ts"
import * as Clock from "./clock.ts"
import { connectivity } from "./Connectivity.ts"
import { visible } from "./Visibility.ts"

const BASE_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000

export type Type = Event.Event["type"]

export interface Listener {
  readonly venue: string
  readonly symbol: string
  readonly types: ReadonlyArray<Type>
  readonly event: (event: Event.Event) => void
  /** The socket is open and subscribed, or events were lost: what is known from before may be wrong. */
  readonly begun: () => void
}

export type SocketState = "off" | "connecting" | "open" | "waiting"

export const socketState = new Cell<SocketState>("off")

/** Events that the server dropped for this page. */
export const lost = new Cell(0)

const listeners = new Set<Listener>()
let socket: WebSocket | undefined
let attempt = 0
let next: Clock.Cancel | undefined

/** Gives what ends it. */
export const listen = (listener: Listener): (() => void) => {
  listeners.add(listener)
  if (socket?.readyState === WebSocket.OPEN) {
    say("subscribe", [listener])
    listener.begun()
  } else open()
  return () => {
    listeners.delete(listener)
    say("unsubscribe", [listener])
    if (listeners.size === 0) close()
  }
}

const open = (): void => {
  if (socket !== undefined || listeners.size === 0 || !visible.get()) return
  next?.()
  socketState.set("connecting")
  const token = Token.current.get()
  const url = `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}/api/ws`
  const opened = token === undefined ? new WebSocket(url) : new WebSocket(url, ["tidewire", `tidewire.bearer.${token}`])
  socket = opened
  opened.addEventListener("open", () => {
    attempt = 0
    socketState.set("open")
    say("subscribe", [...listeners])
    listeners.forEach((listener) => listener.begun())
  })
  opened.addEventListener("message", ({ data }) => hear(String(data)))
  opened.addEventListener("close", () => {
    if (socket !== opened) return
    socket = undefined
    if (listeners.size === 0 || !visible.get()) return socketState.set("off")
    socketState.set("waiting")
    next = Clock.after(Clock.backoff(++attempt, BASE_PAUSE_MS, LONGEST_PAUSE_MS), open)
  })
}

const close = (): void => {
  next?.()
  const closing = socket
  socket = undefined
  attempt = 0
  socketState.set("off")
  closing?.close(1000)
}

const say = (op: "subscribe" | "unsubscribe", about: ReadonlyArray<Listener>): void => {
  if (socket?.readyState !== WebSocket.OPEN) return
  for (const { symbol, types, venue } of about) {
    for (const type of types) {
      const isShared = [...listeners].some(
        (each) => !about.includes(each) && each.venue === venue && each.symbol === symbol && each.types.includes(type)
      )
      if (op === "subscribe" || !isShared) socket.send(JSON.stringify({ op, venue, symbol, type }))
    }
  }
}

type Message = Event.Event | { readonly type: "lost"; readonly lost: number } | { readonly type: "error" }

const hear = (text: string): void => {
  const message = JSON.parse(text) as Message
  if (message.type === "error") return
  if (message.type === "lost") {
    lost.set(lost.get() + message.lost)
    listeners.forEach((listener) => listener.begun())
    return
  }
  if (!("symbol" in message)) return
  for (const listener of listeners) {
    const { symbol, types, venue } = listener
    if (venue === message.venue && symbol === message.symbol && types.includes(message.type)) listener.event(message)
  }
}

visible.listen(() => (visible.get() ? open() : close()))
connectivity.listen(() => {
  // the instance answers again: there is nothing to wait for
  if (connectivity.get().state === "live" && socketState.get() === "waiting") open()
})
