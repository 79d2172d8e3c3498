/** Reads server-sent events as a client does. */
import * as http from "node:http"

export interface Message {
  readonly event: string
  readonly data: Readonly<Record<string, unknown>>
}

export interface Listening {
  readonly messages: Array<Message>
  readonly response: http.IncomingMessage
  readonly ended: Promise<void>
  readonly close: () => void
}

export const listen = (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Listening> =>
  new Promise((resolve, reject) => {
    const request = http.get(url, { headers, agent: false }, (response) => {
      const messages: Array<Message> = []
      let rest = ""
      response.setEncoding("utf8")
      response.on("data", (text: string) => {
        const blocks = `${rest}${text}`.split("\n\n")
        rest = blocks.pop() ?? ""
        for (const block of blocks) {
          const event = /^event: (.*)$/m.exec(block)?.[1]
          const data = /^data: (.*)$/m.exec(block)?.[1]
          if (event !== undefined && data !== undefined) messages.push({ event, data: JSON.parse(data) as never })
        }
      })
      const ended = new Promise<void>((done) => response.once("close", () => done()))
      // a server that stops may cut it
      response.on("error", () => {})
      resolve({ messages, response, ended, close: () => request.destroy() })
    })
    request.on("error", reject)
  })

/** Looks again until it is so; the test's own time limit is the end of it. */
export const eventually = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}
