/** A market, a client of it, and an oracle that hears the client. */
import { Oracle } from "../../src/index.ts"
import type { Stage } from "../support.ts"
import { type FaultlessClient, type Known, planOf, streams, SYMBOL, type Told } from "./client.ts"

export const options = {
  seed: 5,
  symbols: { spot: [SYMBOL], usdm: [SYMBOL] },
  rates: { tradesPerSecond: 20 },
  keepBookChanges: 20_000
}

export const STEP_MS = 250

/** A socket that carries every channel of the market. */
export const subscribe = (stage: Stage, kind: Known) => {
  const names = streams[kind].map((name) => `btcusdt@${name}`).join("/")
  return stage.ws(`/${kind === "usdm" ? "usdm/" : ""}stream?streams=${names}`)
}

export const oracleOf = (stage: Stage, kind: Known, more: Partial<Oracle.OracleOptions> = {}): Oracle.Oracle =>
  Oracle.make(stage.simulator, { venues: { [kind]: { market: kind, plan: planOf(kind) } }, ...more })

/** Some seconds of trading and a calm end. */
export const record = (client: FaultlessClient, stage: Stage, steps = 16): Array<Told> => {
  const events = [...client.connected(), ...client.begin()]
  for (let step = 0; step < steps; step++) events.push(...client.step(STEP_MS))
  stage.simulator.control.setRates({ tradesPerSecond: 0, ordersPerSecond: 0, liquidationsPerSecond: 0 })
  for (let step = 0; step < 12; step++) events.push(...client.step(STEP_MS))
  return events
}

export const judge = (oracle: Oracle.Oracle, events: ReadonlyArray<Told>, stage: Stage, ending = {}): Oracle.Report => {
  for (const event of events) oracle.accept(event)
  return oracle.finish({ atMs: stage.clock.now(), ...ending })
}

export const kindsOf = ({ violations }: Oracle.Report) =>
  [...new Set(violations.map(({ channel, kind }) => `${kind} ${channel}`))].toSorted()
