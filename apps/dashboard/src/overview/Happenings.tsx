/** The latest of what is rare, newest first: alerts, connections that were lost or came back, gaps. */
import type { Event } from "@tidewire/core"
import type { Alerts, ConnectionChange } from "../api/Stream.ts"
import * as Time from "../format/time.ts"
import { usePoll, useNow } from "../live/usePoll.ts"
import { None, Panel } from "../parts/Panel.tsx"
import { State } from "../parts/State.tsx"
import { ofConnection, ofSeverity, type Tone } from "../parts/Tone.ts"
import * as GapText from "../gaps/gapText.ts"

const SHOWN = 10

interface Happening {
  readonly time: number
  readonly tone: Tone
  readonly what: string
  readonly about: string
  readonly detail?: string
}

export const Happenings = () => {
  const changes = usePoll<ReadonlyArray<ConnectionChange>>("/api/connections/history?limit=200", 2_000)
  const gaps = usePoll<ReadonlyArray<Event.Gap>>("/api/gaps?limit=30", 2_000)
  const alerts = usePoll<Alerts>("/api/alerts", 2_000)
  const now = useNow()
  const all = [
    ...ofChanges(changes.data ?? []),
    ...(gaps.data ?? []).map(ofGap),
    ...(alerts.data?.active ?? []).map((alert): Happening => ({
      time: alert.since,
      tone: ofSeverity[alert.severity],
      what: alert.rule,
      about: alert.subject,
      detail: alert.message
    }))
  ].toSorted((one, other) => other.time - one.time)
  return (
    <Panel title="Lately" of={changes} class="lately">
      {all.length === 0 ? (
        <None>Nothing has happened.</None>
      ) : (
        <ol class="feed">
          {all.slice(0, SHOWN).map(({ about, detail, time, tone, what }) => (
            <li key={`${time} ${about} ${what}`}>
              <time dateTime={new Date(time).toISOString()}>{Time.moment(time, now)}</time>
              <State tone={tone}>{what}</State>
              <b>{about}</b>
              <span>{detail}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  )
}

/** States on the way to one of these say nothing by themselves. */
const tells = new Set<ConnectionChange["state"]>(["Active", "Reconnecting", "Failed", "Stopped"])

/** Connections that became active without a loss before it are told together, a line for each venue. */
const ofChanges = (changes: ReadonlyArray<ConnectionChange>): ReadonlyArray<Happening> => {
  const lost = new Set<string>()
  const begun = new Map<string, { time: number; count: number }>()
  const told = changes.filter(({ connection, state, time, venue }) => {
    if (!tells.has(state)) return false
    const name = `${venue}/${connection}`
    if (state !== "Active") lost.add(name)
    if (state !== "Active" || lost.delete(name)) return true
    begun.set(venue, { time, count: (begun.get(venue)?.count ?? 0) + 1 })
    return false
  })
  const starts = [...begun].map(([venue, { count, time }]): Happening => {
    return {
      time,
      tone: "ok",
      what: "Active",
      about: venue,
      detail: `${count} ${count === 1 ? "connection" : "connections"}`
    }
  })
  return [...told.map(ofChange), ...starts]
}

const ofChange = ({ connection, reason, state, time, venue }: ConnectionChange): Happening => ({
  time,
  tone: ofConnection[state],
  what: state,
  about: `${venue}/${connection}`,
  ...(reason !== undefined && { detail: reason })
})

const ofGap = (gap: Event.Gap): Happening => ({
  time: gap.receivedTime,
  tone: gap.repaired ? "ok" : "warn",
  what: gap.repaired ? "Gap, repaired" : "Gap",
  about: `${gap.venue} ${gap.symbol} ${gap.channel}`,
  detail: GapText.loss(gap)
})
