/** Events as a batch of rows: lines of JSON by table. */
import * as Effect from "effect/Effect"
import type { Told } from "../output/Output.ts"
import type { Batch } from "./Store.ts"
import * as Tables from "./tables.ts"

/** So many at once: 1 µs each, and then others have their turn. */
const SLICE = 1_000

/** `venue` of what is told of no venue. */
const NO_VENUE = "engine"

export const encode = (
  events: ReadonlyArray<Told>,
  { sequence, writer }: Pick<Batch, "sequence" | "writer">
): Effect.Effect<Batch> =>
  Effect.gen(function* () {
    const lines = new Map<string, Array<string>>()
    for (let at = 0; at < events.length; at += SLICE) {
      if (at > 0) yield* Effect.yieldNow
      const end = Math.min(at + SLICE, events.length)
      for (let index = at; index < end; index++) add(lines, events[index]!)
    }
    const parts = [...lines].map(([table, each]) => ({ table, lines: each }))
    return { writer, sequence, rows: events.length, parts }
  })

const add = (lines: Map<string, Array<string>>, event: Told): void => {
  const { name } = Tables.ofType(event.type)
  const line = JSON.stringify(event.type === "strategy" ? { ...event, venue: NO_VENUE } : event)
  const before = lines.get(name)
  if (before === undefined) lines.set(name, [line])
  else before.push(line)
}
