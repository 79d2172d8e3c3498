/** Asks the engine that runs on a journal; `undefined` when none does. */
import * as net from "node:net"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { Failed } from "../process/exit.ts"
import * as ControlAddress from "./controlAddress.ts"
import { Answer, type Request } from "./controlMessages.ts"

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Answer))

/** Beyond what the request itself gives the venues. */
const PATIENCE_MS = 5_000

/** What a connection says where nobody listens. */
const nobody = ["ENOENT", "ECONNREFUSED"]

export const ask = (journal: string, request: Request): Effect.Effect<Answer | undefined, Failed> =>
  Effect.callback<Answer | undefined, Failed>((resume) => {
    const fail = (message: string) =>
      resume(Effect.fail(new Failed({ message: `the engine on ${journal}: ${message}` })))
    const socket = net.connect(ControlAddress.of(journal), () => socket.write(`${JSON.stringify(request)}\n`))
    let text = ""
    socket.setEncoding("utf8")
    socket.setTimeout(request.withinMs + PATIENCE_MS, () => {
      fail("it does not answer")
      socket.destroy()
    })
    socket.on("data", (chunk: string) => (text += chunk))
    socket.on("error", (error: NodeJS.ErrnoException) =>
      nobody.includes(error.code ?? "") ? resume(Effect.succeed(undefined)) : fail(error.message)
    )
    socket.on("end", () => {
      try {
        resume(Effect.succeed(decode(text)))
      } catch {
        fail("it ended before it had answered")
      }
    })
    return Effect.sync(() => socket.destroy())
  })
