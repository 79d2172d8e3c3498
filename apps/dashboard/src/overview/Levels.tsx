/** Health, level by level: the process, its collectors, their connections, the data that flows. */
import type { ComponentChildren } from "preact"
import type { Condition, Health } from "../api/Health.ts"
import * as Time from "../format/time.ts"
import { usePoll } from "../live/usePoll.ts"
import { State } from "../parts/State.tsx"
import { ofCondition } from "../parts/Tone.ts"

/** An instance that is not well says so with this status, and the same body. */
const UNAVAILABLE = 503

export const Levels = () => {
  const { data } = usePoll<Health>("/health", 1_000, [UNAVAILABLE])
  return (
    <section class="levels" aria-label="Health">
      {data?.levels === undefined ? <p class="none">Not known yet.</p> : <Known {...data} />}
    </section>
  )
}

const Known = ({ levels: { application, collectors, connections, data }, phase }: Health) => {
  const ill = collectors.filter(({ status }) => status !== "ok")
  return (
    <>
      <Level title="Application" status={application.status}>
        {phase}, up {Time.span(application.uptimeMs)}
      </Level>
      <Level title="Collectors" status={worst(collectors.map(({ status }) => status))}>
        {ill.length === 0
          ? `${collectors.length} of ${collectors.length} well`
          : ill.map(({ name, reason, status }) => `${name}: ${reason ?? status}`).join("; ")}
      </Level>
      <Level title="Connections" status={connections.status}>
        {connections.active} of {connections.total} active
      </Level>
      <Level title="Data" status={data.status}>
        {data.stale.length > 0
          ? `${data.stale.length} ${data.stale.length === 1 ? "stream" : "streams"} stale`
          : data.ageMs === undefined
            ? "nothing yet"
            : `newest ${Time.age(data.ageMs)} ago`}
      </Level>
    </>
  )
}

const worst = (all: ReadonlyArray<Condition>): Condition =>
  all.includes("down")
    ? all.every((each) => each === "down")
      ? "down"
      : "degraded"
    : all.includes("degraded")
      ? "degraded"
      : "ok"

interface LevelProperties {
  readonly title: string
  readonly status: Condition
  readonly children: ComponentChildren
}

const Level = ({ children, status, title }: LevelProperties) => (
  <div class={`level ${ofCondition[status]}`}>
    <h2>{title}</h2>
    <State tone={ofCondition[status]}>{status}</State>
    <p>{children}</p>
  </div>
)
