/** The clients that are measured, and how it is known that one has subscribed. */

export interface Client {
  readonly name: string
  /** In the folder of clients. */
  readonly file: string
  /** A client that cannot tell is ready when its subscription has reached the load. */
  readonly announcedBy: "client" | "load"
}

/** What any program can have in ten lines. */
export const baseline: Client = { name: "ws + JSON.parse", file: "wsJson.ts", announcedBy: "client" }
export const tidewire: Client = { name: "Tidewire", file: "tidewire.ts", announcedBy: "client" }

/** The same two with many handlers: each hears of every event. */
export const emitter: Client = { name: baseline.name, file: "wsEmitter.ts", announcedBy: "client" }
export const bus: Client = { name: tidewire.name, file: "tidewireBus.ts", announcedBy: "client" }

/** As the runner has it: with a bus that nobody listens to, with the metrics, and with the recent past kept for an API too. */
export const withBus: Client = { name: "a bus", file: "operated/withBus.ts", announcedBy: "client" }
export const withMetrics: Client = { name: "metrics", file: "operated/withMetrics.ts", announcedBy: "client" }
export const withRecent: Client = {
  name: "metrics and recent events",
  file: "operated/withRecent.ts",
  announcedBy: "client"
}

/** Others' libraries, by the names of their packages. */
export const tardis: Client = { name: "tardis-dev", file: "tardis.ts", announcedBy: "load" }
export const binanceSdk: Client = { name: "binance", file: "binanceSdk.ts", announcedBy: "load" }
export const bybitSdk: Client = { name: "bybit-api", file: "bybitSdk.ts", announcedBy: "load" }
export const ccxtPro: Client = { name: "ccxt", file: "ccxtPro.ts", announcedBy: "load" }
