/**
 * Fifty who listen, as a program of their own: half by server-sent events, half by WebSocket, with the bytes counted and not read
 * further; the last one stops reading at once. Prints how many bytes each has had when its input ends.
 */
import * as net from "node:net"

const [port = "0", count = "0"] = process.argv.slice(2)

const SUBSCRIBE = '{"op":"subscribe"}'

/** A client's frame, masked with zeros. */
const frame = (text: string): Buffer =>
  Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), Buffer.from(text)])

const request = (path: string, headers: ReadonlyArray<string>) =>
  [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, "", ""].join("\r\n")

const upgrade = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGlkZXdpcmUgbGlzdGVucw=="
]

const bytes: Array<number> = []
for (let index = 0; index < Number(count); index++) {
  const isStuck = index === Number(count) - 1
  const isSocket = index % 2 === 0
  bytes[index] = 0
  const socket = net.connect({ port: Number(port), host: "127.0.0.1" }, () => {
    socket.write(isSocket ? request("/api/ws", upgrade) : request("/api/stream", []))
  })
  socket.once("data", () => {
    if (isSocket) socket.write(frame(SUBSCRIBE))
    if (isStuck) socket.pause()
  })
  socket.on("data", (data) => (bytes[index]! += data.length))
  socket.on("error", () => {})
}
process.stdin.resume()
process.stdin.on("end", () => {
  process.stdout.write(JSON.stringify(bytes), () => process.exit(0))
})
