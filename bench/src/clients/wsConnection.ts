/** The baselines' connection: `ws` with the options of core's driver, subscribed, and then every frame to one function. */
import { WebSocket } from "ws"
import { type ClientArguments, symbolsOf, tellParent } from "../messages.ts"
import { readers } from "./frameReaders.ts"

export const connect = ({ plan, port }: ClientArguments, handler: (data: Buffer) => void): void => {
  const kind = plan.kind === "depth" ? "depth" : "trades"
  const { path, preliminaries, subscription } = readers[plan.venue]
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false, skipUTF8Validation: true })
  socket.once("open", () => socket.send(JSON.stringify(subscription(symbolsOf(plan), kind))))
  let left = preliminaries(kind)
  const preliminary = (): void => {
    if (--left > 0) return
    socket.off("message", preliminary)
    socket.on("message", handler)
    void tellParent({ type: "ready" })
  }
  socket.on("message", preliminary)
}
