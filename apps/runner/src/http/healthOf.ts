/** How a session is at four levels (application, collectors, connections, data): a pure reading of what is known of it. */
import type * as Runner from "../Runner.ts"
import type { StreamStatus } from "../operation/Watch.ts"
import type { Health, Level } from "./api/health.ts"

/** Data is old when nothing at all has come for so long: the quietest of markets trades within that. */
const OLD_MS = 60_000

/** As many streams as are named. */
const NAMED = 50

export interface Seen {
  readonly phase: Health["phase"]
  readonly uptimeMs: number
  readonly venues: ReadonlyArray<Pick<Runner.VenueStatus, "name" | "failure" | "connections">>
  readonly streams: ReadonlyArray<StreamStatus>
}

export const healthOf = ({ phase, streams, uptimeMs, venues }: Seen): Health => {
  const application: Level = phase === "running" ? "ok" : phase === "starting" ? "degraded" : "down"
  const collectors = venues.map(collectorOf)
  const connections = connectionsOf(venues)
  const data = dataOf(streams)
  const received = worst([connections.status, data.status])
  // one venue of several that is down is no reason to stop them all
  const failing = collectors.some(({ status }) => status !== "ok") ? "degraded" : "ok"
  return {
    status: worst([application, received, failing]),
    phase,
    levels: { application: { status: application, uptimeMs }, collectors, connections, data }
  }
}

const order: ReadonlyArray<Level> = ["ok", "degraded", "down"]

const worst = (levels: ReadonlyArray<Level>): Level =>
  levels.reduce<Level>((found, each) => (order.indexOf(each) > order.indexOf(found) ? each : found), "ok")

const share = (active: number, total: number): Level => (active === 0 ? "down" : active < total ? "degraded" : "ok")

export const collectorOf = ({
  connections,
  failure,
  name
}: Seen["venues"][number]): Health["levels"]["collectors"][number] => {
  if (failure !== undefined) return { name, status: "down", reason: failure }
  if (connections.length === 0) return { name, status: "down", reason: "not open yet" }
  const idle = connections.filter(({ state }) => state !== "Active")
  if (idle.length === 0) return { name, status: "ok" }
  const [first] = idle
  const more = idle.length > 1 ? ` and ${idle.length - 1} more` : ""
  const why = first!.reason === undefined ? "" : `: ${first!.reason}`
  return {
    name,
    status: share(connections.length - idle.length, connections.length),
    reason: `${first!.name} ${first!.state}${why}${more}`
  }
}

const connectionsOf = (venues: Seen["venues"]): Health["levels"]["connections"] => {
  const states = venues.flatMap(({ connections }) => connections.map(({ state }) => state))
  const active = states.filter((state) => state === "Active").length
  return { active, total: states.length, status: share(active, states.length) }
}

const dataOf = (streams: ReadonlyArray<StreamStatus>): Health["levels"]["data"] => {
  const ages = streams.flatMap(({ ageMs }) => ageMs ?? [])
  const ageMs = ages.length === 0 ? undefined : Math.min(...ages)
  const stale = streams.filter(({ book, state }) => state === "silent" || book === "stale")
  const status: Level = ageMs === undefined || ageMs > OLD_MS ? "down" : stale.length > 0 ? "degraded" : "ok"
  return {
    status,
    ...(ageMs !== undefined && { ageMs }),
    stale: stale.slice(0, NAMED).map(({ channel, symbol, venue }) => `${venue} ${symbol} ${channel}`)
  }
}
