/** Every series, in the order they are run and shown. A new one is a file beside this, and a line here. */
import { latency } from "./latency.ts"
import { memoryOfStreams, memoryOfSymbols } from "./memory.ts"
import { metrics } from "./metrics.ts"
import { bybitPeers, peers } from "./peers.ts"
import { subscribers, symbols } from "./scale.ts"
import type { Series } from "./Series.ts"
import { submit } from "./submit.ts"
import { bybitDepth, bybitTrades, depth, trades } from "./throughput.ts"
import { workers } from "./workers.ts"

export const all: ReadonlyArray<Series> = [
  trades,
  depth,
  bybitTrades,
  bybitDepth,
  peers,
  bybitPeers,
  latency,
  symbols,
  subscribers,
  metrics,
  workers,
  submit,
  memoryOfSymbols,
  memoryOfStreams
]
