/** Alerts as an operator has them: out of a configuration, told to a log, a webhook and a program. */
import * as fs from "node:fs"
import * as http from "node:http"
import type { AddressInfo } from "node:net"
import * as path from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { fakeVenue, folder, parseLines, start } from "../tidewire.ts"

interface Told {
  readonly text: string
  readonly raised: ReadonlyArray<{ readonly rule: string; readonly subject: string }>
  readonly ended: ReadonlyArray<{ readonly rule: string; readonly subject: string; readonly until?: number }>
}

/** A chat service that is down for its first request. */
const chat = async () => {
  const posted: Array<Told & { readonly content: string; readonly authorization: string | undefined }> = []
  let requests = 0
  const server = http.createServer((request, response) => {
    let text = ""
    request.on("data", (chunk: Buffer) => (text += chunk.toString()))
    request.on("end", () => {
      const isDown = ++requests === 1
      if (!isDown) posted.push({ ...JSON.parse(text), authorization: request.headers.authorization })
      response.writeHead(isDown ? 503 : 204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hooks/hush-hush`,
    posted,
    requests: () => requests,
    [Symbol.dispose]: () => void server.close()
  }
}

/** Appends what it reads to the file that it is given. */
const program = `
import { appendFileSync } from "node:fs"
let text = ""
for await (const chunk of process.stdin) text += chunk
appendFileSync(process.argv[2], text)
`

/** A trade every three seconds: after each the stream is well, then too old. */
const venue = fakeVenue({ options: { every: 3_000 } })

const configuration = (alerts: unknown) => JSON.stringify({ venues: [venue], alerts })

const stale = { on: "stale", over: "1 second", for: "0 seconds", severity: "critical" }

describe("S-D10 alerts", () => {
  it("are told once when they begin and once when they are over, to whoever is to hear of them", async () => {
    using service = await chat()
    const alerts = {
      rules: [stale],
      clearAfter: "0 seconds",
      webhook: { url: { env: "HOOK" }, headers: { Authorization: { env: "HOOK_TOKEN" } } },
      command: [process.execPath, "program.mjs", "told.jsonl"]
    }
    using made = folder({ "a.json": configuration(alerts), "package.json": "{}", "program.mjs": program })
    const told = path.join(made.path, "told.jsonl")
    const running = start(["stream", "--config", "a.json"], {
      cwd: made.path,
      env: { HOOK: service.url, HOOK_TOKEN: "quiet-word" }
    })
    await running.until((_, stderr) => stderr.includes("alert is over"))
    await new Promise((resolve) => {
      const look = setInterval(() => {
        if (service.posted.length < 2 || !fs.existsSync(told)) return
        if (parseLines(fs.readFileSync(told, "utf8")).length < 2) return
        resolve(clearInterval(look))
      }, 20)
    })
    running.process.kill("SIGTERM")
    const { code, stderr } = await running.ended
    const subject = "fake:BTCUSDT:trades"
    const shape = ({ ended, raised }: Told) => [
      raised.map((each) => [each.rule, each.subject]),
      ended.map((each) => [each.rule, each.subject, typeof each.until])
    ]
    const expected = [
      [[["stale", subject]], []],
      [[], [["stale", subject, "number"]]]
    ]
    const run = parseLines(fs.readFileSync(told, "utf8")) as unknown as ReadonlyArray<Told>
    assert.deepStrictEqual(
      [code, service.posted.slice(0, 2).map(shape), run.slice(0, 2).map(shape)],
      [0, expected, expected]
    )
    assert.match(service.posted[0]!.text, /^critical: stale fake:BTCUSDT:trades: its last event is \d\.\d s old$/)
    assert.strictEqual(service.posted[0]!.content, service.posted[0]!.text)
    assert.strictEqual(service.posted[0]!.authorization, "quiet-word")
    assert.isAbove(service.requests(), service.posted.length)
    const levels = parseLines(stderr).flatMap(({ level, message }) => (message === "alert" ? [level] : []))
    assert.deepStrictEqual([...new Set(levels)], ["ERROR"])
    assert.notMatch(stderr, /hush-hush|quiet-word/)
  }, 60_000)

  it("that cannot be told are in the log, with the reason and nothing secret", async () => {
    const alerts = {
      rules: [stale],
      webhook: { url: { env: "HOOK" } },
      command: [process.execPath, "-e", "process.stderr.write('no paper'); process.exit(3)"]
    }
    using refusing = await refusal()
    using made = folder({ "a.json": configuration(alerts), "package.json": "{}" })
    const running = start(["stream", "--config", "a.json"], { cwd: made.path, env: { HOOK: refusing.url } })
    await running.until((_, stderr) => stderr.split("alerts could not be told").length > 2)
    running.process.kill("SIGTERM")
    const { stderr } = await running.ended
    const reasons = parseLines(stderr).flatMap(({ annotations, message }) =>
      message === "alerts could not be told" ? [(annotations as { readonly reason: string }).reason] : []
    )
    assert.deepStrictEqual(reasons.toSorted(), ["it answered 404", "it ended with 3: no paper"])
    assert.notMatch(stderr, /hush-hush/)
  }, 60_000)
})

/** A service that does not know us. */
const refusal = async () => {
  const server = http.createServer((request, response) => {
    request.resume()
    response.writeHead(404).end()
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/hooks/hush-hush`, [Symbol.dispose]: () => void server.close() }
}
