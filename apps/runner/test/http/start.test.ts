/** What a start says when it may not, or cannot, and what is seen of it from outside. */
import * as http from "node:http"
import * as net from "node:net"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { fakeVenue, fixtures, folder, tidewire } from "../tidewire.ts"
import { refusal, serve, TOKEN } from "./served.ts"

const root = path.resolve(fixtures, "../../../..")

const run = async (configured: unknown, env: Readonly<Record<string, string>> = {}) => {
  using made = folder({ "a.json": JSON.stringify({ venues: [fakeVenue()], http: configured }) })
  return await tidewire(["run", "--config", path.join(made.path, "a.json"), "--duration", "1s"], { cwd: root, env })
}

/** With headers that fetch keeps to itself. */
const raw = (url: string, headers: Readonly<Record<string, string>>, method = "GET"): Promise<http.IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = http.request(url, { method, headers, agent: false }, (response) => {
      response.resume()
      resolve(response)
    })
    request.on("error", reject)
    request.end()
  })

describe("a start of the API", () => {
  it("without a token is refused on an address that others reach", async () => {
    const { code, stderr } = await run({ host: "0.0.0.0" })
    assert.strictEqual(code, 2)
    assert.include(
      stderr,
      "http: 0.0.0.0 can be reached from other machines and there is no token; expected http.token as"
    )
  })

  it("on a port that is taken fails, naming port and key; with whenTaken free it takes another", async () => {
    const server = net.createServer()
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    const { port } = server.address() as net.AddressInfo
    const [failed, free] = [await run({ port }), await run({ port, whenTaken: "free" })]
    await new Promise((resolve) => server.close(resolve))
    assert.strictEqual(failed.code, 1)
    assert.include(failed.stderr, `http.port: port ${port} of 127.0.0.1 is taken`)
    assert.strictEqual(free.code, 0)
    assert.match(free.stderr, /the dashboard are served.*http:\/\/127\.0\.0\.1:\d+/)
    assert.notInclude(free.stderr, `"url":"http://127.0.0.1:${port}"`)
  })

  it("on an address that this machine does not have fails and says so", async () => {
    const { code, stderr } = await run({ host: "203.0.113.1" }, {})
    assert.strictEqual(code, 2, stderr)
    const withToken = await run({ host: "203.0.113.1", token: { env: "API_TOKEN" } }, { API_TOKEN: TOKEN })
    assert.strictEqual(withToken.code, 1)
    assert.include(withToken.stderr, "http.host: 203.0.113.1 is no address of this machine")
    assert.notInclude(withToken.stderr, TOKEN)
  })

  it("answers as the door says, with what keeps browsers out of trouble", async () => {
    const served = await serve({ http: { origins: ["https://ops.example.com"] } })
    await using _ = served
    const kill = (headers: Readonly<Record<string, string>>) =>
      served.send("POST", "/api/engine/kill", { reason: "x" }, headers)
    const bearer = { authorization: `Bearer ${TOKEN}` }
    assert.deepStrictEqual(
      [
        refusal(await kill({})),
        refusal(await kill({ authorization: "Bearer wrong" })),
        refusal(await kill({ ...bearer, origin: "https://evil.example.com" })),
        refusal(await kill({ ...bearer, origin: "https://ops.example.com" })),
        refusal(await served.get("/api/status", { "x-forwarded-for": "203.0.113.5" })),
        refusal(await served.send("POST", "/api/engine/kill", { reason: "x".repeat(70_000) }))
      ],
      [
        [401, "Unauthorized"],
        [401, "Unauthorized"],
        [403, "Forbidden"],
        [404, "NoEngine"],
        [401, "Unauthorized"],
        [413, "TooLarge"]
      ]
    )
    const rebound = await raw(`${served.url}/api/status`, { host: "evil.example.com" })
    const foreign = await served.get("/api/status", { origin: "https://evil.example.com" })
    const allowed = await served.get("/api/status", { origin: "https://ops.example.com" })
    const preflight = await raw(`${served.url}/api/engine/kill`, { origin: "https://ops.example.com" }, "OPTIONS")
    assert.deepStrictEqual(
      [
        rebound.statusCode,
        foreign.headers.get("access-control-allow-origin"),
        foreign.headers.get("x-content-type-options"),
        allowed.headers.get("access-control-allow-origin"),
        preflight.statusCode,
        preflight.headers["access-control-allow-headers"]
      ],
      [403, null, "nosniff", "https://ops.example.com", 204, "authorization, content-type"]
    )
    assert.notInclude(served.log(), TOKEN)
  })

  it("lets an address ask so often and no more", async () => {
    const served = await serve({ http: { requestsPerSecond: 5 } })
    await using _ = served
    const answers = await Promise.all(Array.from({ length: 40 }, () => served.get("/health/live")))
    const refused = answers.filter(({ status }) => status === 429)
    assert.isAtLeast(refused.length, 20)
    assert.deepStrictEqual(
      [refusal(refused[0]!), refused[0]!.headers.get("retry-after")],
      [[429, "TooManyRequests"], "1"]
    )
  })
})
