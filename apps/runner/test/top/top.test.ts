/** `tidewire top` on a running instance, through the command line. */
import * as net from "node:net"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { fakeVenue, folder, parseLines, start, tidewire } from "../tidewire.ts"

const TOKEN = "a-token-of-many-letters"

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo
      server.close(() => resolve(port))
    })
  })

/** An instance of the made-up venue; `http` beside its port. */
const instance = async (http: object = {}) => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const made = folder({
    "package.json": "{}",
    "a.json": JSON.stringify({ venues: [fakeVenue({ options: { every: 20 } })], http: { port, ...http } })
  })
  const run = () =>
    start(["run", "--config", path.join(made.path, "a.json"), "--format", "ndjson"], { env: { TIDEWIRE_TOKEN: TOKEN } })
  return { url, run, [Symbol.dispose]: () => made[Symbol.dispose]() }
}

const isTrading = (stdout: string): boolean => stdout.includes('"type":"trade"')

const NO_TOKEN = { env: { TIDEWIRE_TOKEN: "", OPS_TOKEN: TOKEN } }

describe("top", () => {
  it("S-A7 shows a running instance once where the output is no terminal, as text and as JSON", async () => {
    using made = await instance()
    const running = made.run()
    await running.until(isTrading)
    const asText = await tidewire(["top", "--url", made.url], NO_TOKEN)
    const asJson = await tidewire(["top", "--url", made.url, "--format", "json"], NO_TOKEN)
    running.process.kill("SIGINT")
    await running.ended
    assert.deepStrictEqual([asText.code, asText.stderr, asJson.code, asJson.stderr], [0, "", 0, ""])
    assert.match(
      asText.stdout,
      /^tidewire \S+ {2}\S+a\.json {2}running for \d+s {2}pid \d+\nhealth ok: 1 of 1 connections/
    )
    assert.match(asText.stdout, /\nVENUE .*\nfake +1 of 1 /)
    assert.match(asText.stdout, /\nstreams 1\nSTREAM .*\nfake\/BTCUSDT +trades +[a-z]+ +[\d.]+ +\d+m?s +\d+\n$/)
    assert.notInclude(asText.stdout, "\u001B")
    const [snapshot, ...others] = parseLines(asJson.stdout)
    assert.deepStrictEqual(others, [])
    assert.deepStrictEqual(Object.keys(snapshot ?? {}).toSorted(), [
      "alerts",
      "connections",
      "fills",
      "health",
      "latency",
      "status",
      "streams"
    ])
  }, 40_000)

  it("follows where it is told how often, and goes on over a start of what it follows", async () => {
    using made = await instance()
    const watching = start(["top", "--url", made.url, "--every", "200ms", "--format", "json"], NO_TOKEN)
    await watching.until((_, stderr) => stderr.split("nothing answers at").length > 2)
    const running = made.run()
    await watching.until((stdout) => stdout.split("\n").length > 3)
    running.process.kill("SIGINT")
    await running.ended
    watching.process.kill("SIGINT")
    const { code, stdout } = await watching.ended
    assert.strictEqual(code, 0)
    assert.isAbove(parseLines(stdout).length, 2)
  }, 40_000)

  it("needs the token of an instance that others can reach, and never says it", async () => {
    using made = await instance({ host: "0.0.0.0", token: { env: "TIDEWIRE_TOKEN" } })
    const running = made.run()
    await running.until(isTrading)
    const top = (...args: ReadonlyArray<string>) => tidewire(["top", "--url", made.url, ...args], NO_TOKEN)
    const without = await top()
    const wrong = await tidewire(["top", "--url", made.url], { env: { TIDEWIRE_TOKEN: "another-of-many-letters" } })
    const named = await top("--token-env", "OPS_TOKEN")
    running.process.kill("SIGINT")
    await running.ended
    assert.deepStrictEqual([without.code, wrong.code, named.code], [1, 1, 0])
    assert.include(
      without.stderr,
      "needs a token: set TIDEWIRE_TOKEN, or name the variable that has it with --token-env"
    )
    assert.include(wrong.stderr, "does not take this token")
    for (const { stderr, stdout } of [without, wrong, named]) {
      assert.notInclude(stderr + stdout, TOKEN)
      assert.notInclude(stderr + stdout, "another-of-many-letters")
    }
  }, 40_000)

  it("says what is there in the place of an instance", async () => {
    const server = net.createServer((socket) => {
      const body = '{"hello":1}'
      const head = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
      socket.on("error", () => {}).once("data", () => socket.end(head + body))
    })
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as net.AddressInfo
    const other = await tidewire(["top", "--url", `http://127.0.0.1:${port}`], NO_TOKEN)
    server.close()
    const nobody = await tidewire(["top", "--url", "http://127.0.0.1:1"], NO_TOKEN)
    assert.deepStrictEqual([other.code, other.stdout, nobody.code, nobody.stdout], [1, "", 1, ""])
    assert.include(other.stderr, "does not understand; is it Tidewire, and of this version?")
    assert.include(nobody.stderr, "nothing answers at http://127.0.0.1:1: is an instance with `http`")
  }, 40_000)

  it.each([
    { args: ["--url", "ftp://x"], says: "--url: is no URL of an instance" },
    { args: ["--url", "http://user:secret@127.0.0.1"], says: "--url: has a user, a password or a query" },
    { args: ["--every", "1ms"], says: '--every: "1ms" is no duration of at least 200ms' },
    {
      args: ["--token-env", "NOT_SET_ANYWHERE"],
      says: "--token-env: the environment variable NOT_SET_ANYWHERE is not set"
    }
  ])("$args is bad usage", async ({ args, says }) => {
    const { code, stderr, stdout } = await tidewire(["top", ...args], NO_TOKEN)
    assert.deepStrictEqual([code, stdout], [2, ""])
    assert.include(stderr, says)
    assert.notInclude(stderr, "secret")
  })
})
