/**
 * A simulated exchange in a process of its own, for whoever forks it: takes its options as its argument, tells where it
 * listens, reports its rate when asked, and ends with its parent.
 */
import { Simulator, type SimulatorOptions } from "@tidewire/simulator"
import * as RunningClock from "./runningClock.ts"

export interface Listening {
  readonly stream: string
  readonly rest: string
}

/** Counts since the beginning. */
export interface Sent {
  readonly frames: number
  readonly connections: number
  readonly ended: number
}

export type FromExchange = ({ readonly type: "listening" } & Listening) | ({ readonly type: "sent" } & Sent)

const options = JSON.parse(process.argv[2] ?? "{}") as SimulatorOptions
const simulator = await Simulator.start({ ...options, clock: RunningClock.start().clock })

// a market is born when it is first looked at; while a thousand are, nobody would be served
for (const { market, symbol } of simulator.definitions) simulator.control.book(market, symbol, 1)

const tell = (message: FromExchange): void => void process.send?.(message)

process.on("message", () => {
  const { connections, ended, sent } = simulator.stats()
  tell({ type: "sent", frames: sent, connections: connections.length, ended: ended.length })
})
process.on("disconnect", () => process.exit())
tell({ type: "listening", stream: simulator.wsUrl, rest: simulator.url })
