/** Rules about this process and what it writes to; a subject is `venue/hop`, `process`, or the kind of the store. */
import * as Duration from "effect/Duration"
import { CountWindow } from "./CountWindow.ts"
import { because, type Kinds } from "./Kind.ts"

export const processKinds: Kinds<"latency" | "memory" | "store"> = {
  latency: {
    severity: "warning",
    forMs: 60_000,
    make:
      ({ over }) =>
      ({ latency }) =>
        latency.flatMap(({ hop, p99, venue }) =>
          p99 > Duration.toMillis(over)
            ? [{ subject: `${venue}/${hop}`, message: `the 99th percentile is ${p99.toFixed(1)} ms` }]
            : []
        )
  },
  memory: {
    severity: "warning",
    forMs: 60_000,
    make:
      ({ overMegabytes }) =>
      ({ rssBytes }) =>
        rssBytes > overMegabytes * 1e6
          ? [{ subject: "process", message: `it has ${Math.round(rssBytes / 1e6)} MB of memory` }]
          : []
  },
  store: {
    severity: "critical",
    forMs: 0,
    make: () => {
      const window = new CountWindow(STORE_WINDOW_MS)
      return ({ store, time }) => {
        if (store === undefined) return []
        const { dropped, kind, reason, state } = store
        const lost = window.grown(kind, dropped, time)
        if (state !== "open") return [{ subject: kind, message: `the store is ${state}${because(reason)}` }]
        return lost > 0 ? [{ subject: kind, message: `${lost} events were dropped before they were stored` }] : []
      }
    }
  }
}

/** For how long the store is remembered to have dropped events. */
const STORE_WINDOW_MS = 300_000
