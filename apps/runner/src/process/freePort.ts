/** Whether a port of this machine can be had now; somebody else may take it before we do. */
import { createServer } from "node:net"
import * as Effect from "effect/Effect"

export const isFree = (port: number, host = "127.0.0.1"): Effect.Effect<boolean> =>
  Effect.callback((resume) => {
    const server = createServer()
    server.once("error", () => resume(Effect.succeed(false)))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resume(Effect.succeed(true))))
  })
