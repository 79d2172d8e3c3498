/** Changes of states as spans on a time line. */
import type { ConnectionChange } from "../api/Stream.ts"
import type { Lane, Span } from "../charts/TimeLine.tsx"
import * as Time from "../format/time.ts"
import { ofConnection } from "../parts/Tone.ts"

/** Those that changed last come first, where there are more than fit. */
export const lanesOf = (
  connections: ReadonlyArray<string>,
  changes: ReadonlyArray<ConnectionChange>,
  { from, most, to }: { readonly from: number; readonly to: number; readonly most: number }
): { readonly lanes: ReadonlyArray<Lane>; readonly hidden: number } => {
  const byName = Map.groupBy(changes, ({ connection, venue }) => `${venue}/${connection}`)
  const lastChange = (name: string) => byName.get(name)?.at(-1)?.time ?? 0
  const chosen =
    connections.length <= most
      ? connections
      : connections.toSorted((one, other) => lastChange(other) - lastChange(one)).slice(0, most)
  const lanes = chosen.map((name) => ({ name, spans: spansOf(byName.get(name) ?? [], from, to) }))
  return { lanes, hidden: connections.length - chosen.length }
}

const spansOf = (changes: ReadonlyArray<ConnectionChange>, from: number, to: number): ReadonlyArray<Span> =>
  changes.flatMap(({ reason, state, time }, index) => {
    const until = changes[index + 1]?.time ?? to
    if (until <= from || state === "Stopped") return []
    const why = reason === undefined ? "" : `: ${reason}`
    const title = `${state} for ${Time.span(until - time)} from ${Time.clock(time)}${why}`
    return [{ from: Math.max(from, time), to: until, tone: ofConnection[state], title }]
  })
