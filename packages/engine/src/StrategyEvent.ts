/** What is told of strategies: that one runs, has stopped, or has failed and why. */
export interface StrategyEvent {
  readonly type: "strategy"
  /** Its configured name. */
  readonly strategy: string
  readonly receivedTime: number
  readonly state: "running" | "stopped" | "failed"
  /** Of a failure: the handler and what it threw. */
  readonly reason?: string
}
