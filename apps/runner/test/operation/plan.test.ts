import { assert, describe, it } from "@effect/vitest"
import { fakeVenue, folder, tidewire } from "../tidewire.ts"

describe("check shows how a session would be operated", () => {
  it("where it is served and stored, what is measured and told, and nothing that is secret", async () => {
    const configuration = {
      venues: [fakeVenue()],
      http: { port: 0, token: { env: "TOKEN" } },
      store: { kind: "duckdb", folder: "events", channels: ["trades", "bars"] },
      metrics: { otlp: { url: "http://127.0.0.1:4318/v1/metrics", headers: { Authorization: { env: "TOKEN" } } } },
      alerts: {
        rules: [{ on: "circuit" }, { on: "stale", name: "quiet" }],
        webhook: { url: { env: "HOOK" } },
        command: ["page-me", "--now"]
      }
    }
    using made = folder({ "a.json": JSON.stringify(configuration), "package.json": "{}" })
    const env = { TOKEN: "a-long-enough-word", HOOK: "https://chat.example/hooks/hush-hush" }
    const text = await tidewire(["check", "--config", "a.json"], { cwd: made.path, env })
    const json = await tidewire(["check", "--config", "a.json", "--format", "json"], { cwd: made.path, env })
    assert.strictEqual(
      text.stdout.slice(text.stdout.indexOf("http  ")),
      `http  http://127.0.0.1:any  changes with the token
store  duckdb  ${made.path}/events  trades, bars
metrics  to http://127.0.0.1:4318/v1/metrics every 10s
alerts  circuit, quiet  to log, webhook at chat.example, page-me
`
    )
    const { alerts, http, metrics, store } = JSON.parse(json.stdout) as Record<string, unknown>
    assert.deepStrictEqual(
      { alerts, http, metrics, store },
      {
        http: { host: "127.0.0.1", port: 0, changes: "with the token" },
        store: { kind: "duckdb", where: `${made.path}/events`, channels: ["trades", "bars"] },
        metrics: { otlp: "http://127.0.0.1:4318/v1/metrics", everyMs: 10_000 },
        alerts: { rules: ["circuit", "quiet"], to: ["log", "webhook at chat.example", "page-me"] }
      }
    )
    assert.notMatch(text.stdout + text.stderr + json.stdout + json.stderr, /hush-hush|a-long-enough-word/)
  })
})
