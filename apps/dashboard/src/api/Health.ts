/** `GET /health`: how the instance is, at four levels. */
export type Condition = "ok" | "degraded" | "down"

export interface Health {
  readonly status: Condition
  readonly phase: string
  readonly levels: {
    readonly application: { readonly status: Condition; readonly uptimeMs: number }
    readonly collectors: ReadonlyArray<{ readonly name: string; readonly status: Condition; readonly reason?: string }>
    readonly connections: { readonly status: Condition; readonly active: number; readonly total: number }
    readonly data: {
      readonly status: Condition
      /** Of the newest event; absent before the first. */
      readonly ageMs?: number
      readonly stale: ReadonlyArray<unknown>
    }
  }
}
