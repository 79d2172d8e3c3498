/** `tidewire sim` with a scenario and a scaled clock, without its command line. */
import { createServer } from "node:net"
import * as path from "node:path"
import { setTimeout as wait } from "node:timers/promises"
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as References from "effect/References"
import { type Flags, sim } from "../src/commands/sim.ts"
import { BadConfiguration } from "../src/configuration/Problem.ts"
import { folder } from "./tidewire.ts"

const flags: Flags = {
  port: 0,
  host: "127.0.0.1",
  seed: 7,
  symbols: "BTCUSDT",
  rate: undefined,
  untilStdinEnds: false
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer()
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

/** Runs the command until the check is done with its URL. */
const running = async (given: Partial<Flags>, check: (host: string) => Promise<void>): Promise<void> => {
  const port = await freePort()
  const quiet = Effect.provideService(sim({ ...flags, ...given, port }), References.MinimumLogLevel, "Error")
  const fiber = Effect.runFork(quiet)
  try {
    await check(`127.0.0.1:${port}`)
  } finally {
    await Effect.runPromise(Fiber.interrupt(fiber))
  }
}

const eventually = async <A>(look: () => Promise<A | undefined>): Promise<A> => {
  for (;;) {
    const found = await look().catch(() => undefined)
    if (found !== undefined) return found
    await wait(10)
  }
}

/** What the command ends with when it cannot begin. */
const problem = async (given: Partial<Flags>): Promise<string> => {
  const exit = await Effect.runPromiseExit(sim({ ...flags, ...given }))
  const error = Exit.isFailure(exit) ? exit.cause.reasons.flatMap((each) => ("error" in each ? [each.error] : [])) : []
  assert.instanceOf(error[0], BadConfiguration)
  return error[0].message
}

describe("sim --scenario", () => {
  it("plays the file from the start on", async () => {
    using made = folder({ "storm.txt": "# what goes wrong\nat 0s refuse 503 on spot\nat 0s slowRest 1ms path=/api\n" })
    await running({ scenario: path.join(made.path, "storm.txt") }, async (host) => {
      const faults = await eventually(async () => {
        const response = await fetch(`http://${host}/control/faults`)
        return (await response.json()) as ReadonlyArray<{ fault: unknown }>
      })
      assert.deepStrictEqual(
        faults.map(({ fault }) => fault),
        [
          { kind: "refuse", status: 503, filter: { market: "spot" } },
          { kind: "slowRest", delayMs: 1, path: "/api" }
        ]
      )
    })
  })

  it("names the line of what it cannot read, and the file that is not there", async () => {
    using made = folder({ "storm.txt": "at 1s kill\nat 2s explode\n" })
    const file = path.join(made.path, "storm.txt")
    assert.match(
      await problem({ scenario: file }),
      /^--scenario .*storm\.txt: 1 problem\n {2}line 2: expected one of refuse, .*, not "explode"$/
    )
    assert.include(await problem({ scenario: path.join(made.path, "calm.txt") }), "there is no such file")
  })
})

describe("sim --symbols", () => {
  it("lists them on every market of Binance and Bybit where they can be", async () => {
    await running({ symbols: "solusdt,SOLUSD" }, async (host) => {
      const symbols = async (category: string) => {
        const url = `http://${host}/v5/market/instruments-info?category=${category}`
        const { result } = (await (await fetch(url)).json()) as { result: { list: ReadonlyArray<{ symbol: string }> } }
        return result.list.map(({ symbol }) => symbol)
      }
      assert.deepStrictEqual(await eventually(() => symbols("linear")), ["SOLUSDT", "SOLUSD"])
      assert.deepStrictEqual(await symbols("inverse"), ["SOLUSD"])
      const info = (await (await fetch(`http://${host}/api/v3/exchangeInfo`)).json()) as {
        symbols: ReadonlyArray<unknown>
      }
      assert.strictEqual(info.symbols.length, 2)
    })
  })
})

describe("sim --clock-scale", () => {
  it("is above 0", async () => {
    assert.include(await problem({ clockScale: 0 }), "--clock-scale: 0 is no scale")
  })

  it("lets a day pass in a tenth of a second", async () => {
    await running({ clockScale: 864_000 }, async (host) => {
      const code = await eventually(
        () =>
          new Promise<number | undefined>((resolve) => {
            const socket = new WebSocket(`ws://${host}/ws`)
            socket.onerror = () => resolve(undefined)
            socket.onclose = (event) => resolve(event.code === 1006 ? undefined : event.code)
          })
      )
      assert.strictEqual(code, 1001)
    })
  })
})

describe("sim --accounts", () => {
  const one = { key: "mine", secret: "never-told", balances: { spot: { USDT: "5" } } }

  it("lets those of the file trade, and nobody else", async () => {
    using directory = folder({ "accounts.json": JSON.stringify([one]) })
    await running({ accounts: path.join(directory.path, "accounts.json") }, async (host) => {
      const keys = await eventually(
        async () => (await fetch(`http://${host}/control/accounts`)).json() as Promise<unknown>
      )
      assert.deepStrictEqual(keys, ["mine"])
      const view = (await (await fetch(`http://${host}/control/account?key=mine`)).json()) as {
        readonly balances: { readonly spot: unknown }
      }
      assert.deepStrictEqual(view.balances.spot, { USDT: { total: "5", free: "5", locked: "0" } })
    })
  })

  it("says what is wrong in the file, without what is secret", async () => {
    using directory = folder({
      "list.json": JSON.stringify(one),
      "market.json": JSON.stringify([{ ...one, markets: ["nowhere"] }]),
      "secret.json": JSON.stringify([{ key: "mine" }])
    })
    const told = async (file: string) => problem({ accounts: path.join(directory.path, file) })
    assert.include(await told("absent.json"), "there is no such file")
    assert.include(await told("list.json"), "expected a list of accounts")
    assert.include(await told("market.json"), "markets: expected some of spot, usdm")
    assert.include(await told("secret.json"), "mine: expected a secret or an ed25519PublicKey")
    assert.notInclude(await told("market.json"), "never-told")
  })
})
