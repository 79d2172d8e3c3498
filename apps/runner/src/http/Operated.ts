/** What the routes are about. */
import type { Instance } from "../operation/Instance.ts"
import type { Parts } from "../operation/Parts.ts"
import type { HttpEntry } from "../configuration/HttpEntry.ts"
import type { ProcessStatistics } from "./ProcessStatistics.ts"
import type { Recent } from "./Recent.ts"
import type { Hub } from "./streams/Hub.ts"

export interface Operated {
  readonly instance: Instance
  readonly parts: Parts
  readonly entry: HttpEntry
  readonly recent: Recent
  readonly hub: Hub
  readonly process: ProcessStatistics
  /** Epoch ms. */
  readonly now: () => number
}
