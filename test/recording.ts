/**
 * The recordings of real venues, read from the folder that `TIDEWIRE_RECORDINGS` names, and a small server that plays one
 * over real sockets: subscriptions are acknowledged, their frames sent in the recorded order, the recorded snapshot is
 * what REST answers.
 */
import { createReadStream, existsSync } from "node:fs"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { createInterface } from "node:readline"
import { createGunzip } from "node:zlib"
import { WebSocketServer } from "ws"

const folder = process.env["TIDEWIRE_RECORDINGS"]

export const recordingPath = (name: string): string | undefined => {
  const path = `${folder}/${name}`
  return folder !== undefined && existsSync(path) ? path : undefined
}

/** One recorded frame of a combined stream. */
export interface Frame {
  readonly stream: string
  readonly text: string
}

export interface Recording {
  readonly frames: ReadonlyArray<Frame>
  readonly snapshot: string
}

export const readRecording = async (path: string): Promise<Recording> => {
  const frames: Array<Frame> = []
  let snapshot = ""
  for await (const line of createInterface({ input: createReadStream(path).pipe(createGunzip()) })) {
    const text = line.slice(line.indexOf(" ") + 1)
    const stream = /^\{"stream":"([^"]+)"/.exec(text)?.[1]
    if (stream === undefined) snapshot = text
    else frames.push({ stream, text })
  }
  return { frames, snapshot }
}

export interface Player {
  readonly url: string
  readonly wsUrl: string
  /** Resolves when every frame has been handed to the sockets. */
  readonly played: Promise<void>
  readonly stop: () => Promise<void>
}

/**
 * Plays to whoever subscribes, once every topic in `topics` is subscribed to. `topics` maps what a client asks for to the
 * recorded stream that stands for it; asked for anything else, it acknowledges and stays silent, as the venue does.
 */
export const play = async (recording: Recording, topics: ReadonlyMap<string, string>): Promise<Player> => {
  const http = createServer((request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.includes("/depth?") === true) {
      response.setHeader("content-type", "application/json").end(recording.snapshot)
    } else response.writeHead(404).end("{}")
  })
  const server = new WebSocketServer({ server: http, perMessageDeflate: false })
  const senders = new Map<string, { readonly topic: string; readonly send: (text: string) => Promise<void> }>()
  let start = (): void => {}
  const everythingWanted = new Promise<void>((resolve) => (start = resolve))
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const { id, method, params } = JSON.parse((data as Buffer).toString()) as {
        id: number
        method: string
        params: Array<string>
      }
      socket.send(JSON.stringify({ result: null, id }))
      if (method !== "SUBSCRIBE") return
      for (const topic of params) {
        const stream = topics.get(topic)
        if (stream === undefined) continue
        const send = (text: string) => new Promise<void>((resolve) => socket.send(text, () => resolve()))
        senders.set(stream, { topic, send })
      }
      if (senders.size === topics.size) start()
    })
  })
  const played = everythingWanted.then(async () => {
    let sent: Promise<void> = Promise.resolve()
    for (const [index, { stream, text }] of recording.frames.entries()) {
      const sender = senders.get(stream)
      if (sender === undefined) continue
      sent = sender.send(text.replace(`"stream":"${stream}"`, `"stream":"${sender.topic}"`))
      // no more in flight than a socket's buffers hold
      if (index % 500 === 0) await sent
    }
    await sent
  })
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve))
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    wsUrl: `ws://127.0.0.1:${port}`,
    played,
    stop: async () => {
      for (const client of server.clients) client.terminate()
      await new Promise((resolve) => http.close(resolve))
    }
  }
}
