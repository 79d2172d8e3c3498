/**
 * A running session as operators see it: what the API, the metrics, the alerts and the store are made of. It is there before the
 * first connection is asked for, and until the last event is delivered.
 */
import type { EventBus } from "@tidewire/core"
import type { Composition } from "../engine/compose.ts"
import type { Told } from "../output/Output.ts"
import type * as Runner from "../Runner.ts"
import type { Latency } from "../metrics/Latency.ts"
import type { PreparedVenue } from "../venues/PreparedVenue.ts"
import type { Watch } from "./Watch.ts"

/** `running` from the first connection that is Active. */
export type Phase = "starting" | "running" | "stopping"

export interface Instance {
  readonly version: string
  /** The configuration's file. */
  readonly source: string
  /** Epoch ms. */
  readonly startedAt: number
  readonly phase: () => Phase
  readonly venues: ReadonlyArray<PreparedVenue>
  readonly runner: Runner.Runner
  readonly trading: Composition | undefined
  /**
   * Every event, as it is delivered, in the consumer's call: listeners are synchronous and quick. One that throws is isolated
   * and counted.
   */
  readonly bus: EventBus.EventBus<Told>
  readonly watch: Watch
  /** Measured where somebody looks at it; see `Operation.isMeasured`. */
  readonly latency: Latency | undefined
}
