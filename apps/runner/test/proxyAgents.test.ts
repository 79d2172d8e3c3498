/** A proxy that takes a connection and then says nothing: the tunnel is given up in time, and named. */
import { type AddressInfo, createServer } from "node:net"
import { Socket } from "@tidewire/core"
import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Agents from "../src/proxy/agents.ts"
import * as Proxy from "../src/proxy/Proxy.ts"

const silent = Effect.acquireRelease(
  Effect.promise(async () => {
    let isLeft = (): void => {}
    const left = new Promise<void>((resolve) => (isLeft = resolve))
    const server = createServer((client) =>
      client
        .on("error", () => {})
        .once("close", isLeft)
        .resume()
    )
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    return { server, left, port: (server.address() as AddressInfo).port }
  }),
  ({ server }) => Effect.sync(() => server.close())
)

const proxyAt = (url: string) => Proxy.read({ env: "PROXY" }, ["proxy"], { PROXY: url }).value!

describe("a proxy that does not answer", () => {
  it.live("HTTP: the socket fails with its name, and the connection to it is let go", () =>
    Effect.gen(function* () {
      const { left, port } = yield* silent
      const services = yield* Agents.make(proxyAt(`http://me:hush@127.0.0.1:${port}`), Duration.millis(200))
      const handlers = { onMessage: () => {}, onPing: () => {}, onPong: () => {}, onClose: () => {} }
      const failure = yield* Socket.SocketDriver.pipe(
        Effect.flatMap((driver) => driver.open("ws://venue.invalid/x", handlers, { timeout: "5 seconds" })),
        Effect.flip,
        Effect.provideContext(services)
      )
      yield* Effect.promise(() => left)
      assert.strictEqual(failure.message, `the proxy http://127.0.0.1:${port}: no tunnel within 200ms`)
    }).pipe(Effect.scoped)
  )

  it.live("SOCKS: the request fails with its name", () =>
    Effect.gen(function* () {
      const { port } = yield* silent
      const services = yield* Agents.make(proxyAt(`socks5h://me:hush@127.0.0.1:${port}`), Duration.millis(200))
      const failure = yield* HttpClient.get("http://venue.invalid/x").pipe(Effect.flip, Effect.provideContext(services))
      const { cause } = failure.reason as { readonly cause: Error }
      assert.deepStrictEqual(
        [cause.message, cause.cause],
        [`the proxy socks5h://127.0.0.1:${port}: no tunnel within 200ms`, undefined]
      )
    }).pipe(Effect.scoped)
  )
})
