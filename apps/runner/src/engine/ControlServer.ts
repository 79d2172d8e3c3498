/**
 * Takes an operator's commands from other processes while an engine runs, on a socket that only its owner can open.
 *
 * Guarantees: the journal is held by this process alone, so a socket that is there already was left by one that was killed. A
 * connection carries one command; what is no command is answered with what is wrong, or cut when it is too long or too slow.
 */
import * as fs from "node:fs"
import * as net from "node:net"
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { Failed } from "../process/exit.ts"
import type { Composition } from "./compose.ts"
import * as ControlAddress from "./controlAddress.ts"
import { type Answer, LONGEST, Request } from "./controlMessages.ts"
import * as Halting from "./halting.ts"

/** Nobody but the owner. */
const SOCKET_MODE = 0o600

const REQUEST_WITHIN_MS = 5_000

const decode = Schema.decodeUnknownResult(Schema.fromJsonString(Request))

/** Listens until the scope ends; an engine without a journal has no address. */
export const serve = (composition: Composition): Effect.Effect<void, Failed, Scope.Scope> =>
  Effect.gen(function* () {
    const { journal } = composition.deployment
    if (journal === undefined) return
    const run = yield* FiberSet.makeRuntime<never, void>()
    const server = net.createServer((socket) =>
      take(socket, (text) => {
        const request = decode(text)
        const answer: Effect.Effect<Answer> = Result.isSuccess(request)
          ? Halting.carryOut(composition, request.success)
          : Effect.succeed({ isDone: false, message: "this is no command", open: [] })
        run(Effect.map(answer, (said) => void socket.end(`${JSON.stringify(said)}\n`)))
      })
    )
    yield* Effect.acquireRelease(listen(server, journal), () => Effect.callback<void>((done) => close(server, done)))
  })

const listen = (server: net.Server, journal: string): Effect.Effect<void, Failed> =>
  Effect.callback<void, Failed>((resume) => {
    const fail = (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      resume(Effect.fail(new Failed({ message: `the engine's control socket could not be opened: ${why}` })))
    }
    try {
      const address = ControlAddress.of(journal)
      fs.rmSync(address, { force: true })
      server.once("error", fail)
      // a socket has the rights of its birth until they are changed
      const before = process.umask(0o177)
      server.listen(address, () => {
        if (process.platform !== "win32") fs.chmodSync(address, SOCKET_MODE)
        resume(Effect.void)
      })
      process.umask(before)
    } catch (error) {
      fail(error)
    }
  })

const close = (server: net.Server, done: (exit: Effect.Effect<void>) => void): void => {
  server.close(() => done(Effect.void))
}

/** The first line of a connection. */
const take = (socket: net.Socket, onLine: (text: string) => void): void => {
  let text = ""
  socket.setEncoding("utf8")
  socket.setTimeout(REQUEST_WITHIN_MS, () => socket.destroy())
  socket.on("error", () => socket.destroy())
  const more = (chunk: string): void => {
    text += chunk
    const end = text.indexOf("\n")
    if (end === -1) {
      if (text.length > LONGEST) socket.destroy()
      return
    }
    socket.off("data", more)
    socket.setTimeout(0)
    onLine(text.slice(0, end))
  }
  socket.on("data", more)
}
