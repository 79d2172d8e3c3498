import { assert, describe, it } from "@effect/vitest"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as Schedule from "effect/Schedule"
import * as Scope from "effect/Scope"
import type { OtlpEntry } from "../../src/configuration/MetricsEntry.ts"
import * as Otlp from "../../src/metrics/otlp.ts"
import { Page } from "../../src/metrics/Page.ts"
import { collector } from "./collector.ts"

const SECRET = "a-key-that-nobody-may-see"

const entryOf = (url: string): OtlpEntry => ({
  url,
  headers: { "x-api-key": SECRET },
  every: Duration.millis(20),
  resource: { "deployment.environment": "test" }
})

/** Sends a metric whose value is how often it was read, until `close`; what was logged is in `logs`. */
const sending = Effect.fnUntraced(function* (url: string) {
  const logs: Array<string> = []
  const logger = Logger.make(({ cause, logLevel, message }) => {
    logs.push(`${logLevel}: ${String(message)} ${String(cause)}`)
  })
  const exports = Otlp.counts()
  let readings = 0
  const registry = new (class extends Map {
    override values() {
      const page = new Page()
      page.add("tidewire_frames_total", { venue: "reef" }, ++readings)
      return new Map(page.entries()).values()
    }
  })()
  const scope = yield* Scope.make()
  yield* Otlp.send(entryOf(url), "1.2.3", registry, exports).pipe(
    Scope.provide(scope),
    Effect.provide(Logger.layer([logger])),
    Effect.provideService(References.MinimumLogLevel, "All")
  )
  return { logs, exports, readings: () => readings, close: Scope.close(scope, Exit.void) }
})

const until = (condition: () => boolean) =>
  Effect.sync(condition).pipe(
    Effect.repeat({ until: (is) => is, schedule: Schedule.spaced("2 millis") }),
    Effect.asVoid
  )

const open = (port?: number) =>
  Effect.acquireRelease(
    Effect.promise(() => collector(port)),
    ({ close }) => Effect.promise(close)
  )

describe("metrics by OTLP", () => {
  it.live("S-C10 reach a collector with its headers and what is said of the process, the last of them at the end", () =>
    Effect.gen(function* () {
      const { received, url } = yield* open()
      const { close, exports, readings } = yield* sending(url)
      yield* until(() => exports.taken >= 2)
      yield* close
      const last = received.at(-1)!
      assert.deepStrictEqual(
        [last.path, last.headers["x-api-key"], last.resource["service.name"], last.resource["service.version"]],
        ["/v1/metrics", SECRET, "tidewire", "1.2.3"]
      )
      assert.strictEqual(last.resource["deployment.environment"], "test")
      assert.deepStrictEqual(last.samples, [
        { name: "tidewire_frames_total", labels: { venue: "reef" }, value: readings(), isHistogram: false }
      ])
      assert.deepStrictEqual([received.length, exports.failed], [exports.taken, 0])
    })
  )

  it.live("tell once that their collector is not there, and once that it is again; no log has a header", () =>
    Effect.gen(function* () {
      const { close: closeFirst, port, url } = yield* open()
      yield* Effect.promise(closeFirst)
      const { close, exports, logs } = yield* sending(url)
      yield* until(() => exports.failed >= 3)
      const second = yield* open(port)
      yield* until(() => exports.taken >= 1)
      second.answer(503)
      const { failed } = exports
      yield* until(() => exports.failed >= failed + 2)
      second.answer(200)
      const { taken } = exports
      yield* until(() => exports.taken > taken)
      yield* close
      assert.deepStrictEqual(
        logs.map((line) => line.split(":")[0]),
        ["Warn", "Info", "Warn", "Info"]
      )
      assert.isTrue(logs.every((line) => !line.includes(SECRET)))
    })
  )
})
