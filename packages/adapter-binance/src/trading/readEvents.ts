/**
 * The private events of a row, by its kind: its schema, then what it becomes. A row of a kind that is read and cannot be
 * is malformed: the account has missed something.
 */
import type { PrivateEvent, PrivateVenue } from "@tidewire/core"
import { Result, Schema } from "effect"
import type { Row } from "../decode/reader.ts"
import type { Stamp } from "./spotEvents.ts"

/** `undefined` when the row says something that we have no word for. */
export type EventReader = (row: Row, stamp: Stamp) => ReadonlyArray<PrivateEvent.PrivateEvent> | undefined | string

/** A reader that looks at the row's schema first; gives why it cannot be read. */
export const reader = <A, I>(
  schema: Schema.Codec<A, I>,
  events: (row: A, stamp: Stamp) => ReadonlyArray<PrivateEvent.PrivateEvent> | undefined
): EventReader => {
  const decode = Schema.decodeUnknownResult(schema)
  return (row, stamp) => {
    const decoded = decode(row)
    return Result.isFailure(decoded) ? decoded.failure.message : events(decoded.success, stamp)
  }
}

export interface Reading {
  readonly readers: ReadonlyMap<string, EventReader>
  /** Kinds that are known and say nothing that is not told otherwise. */
  readonly ignored: ReadonlySet<string>
  readonly emit: (event: PrivateEvent.PrivateEvent) => void
}

export const read = (
  row: Row,
  stamp: Stamp,
  { emit, ignored, readers }: Reading,
  sink: Pick<PrivateVenue.PrivateSink<never>, "ignored" | "malformed" | "unknown">
): void => {
  const kind = String(row["e"])
  const events = readers.get(kind)?.(row, stamp)
  if (typeof events === "string") return sink.malformed(events)
  if (events !== undefined) return events.forEach(emit)
  if (ignored.has(kind)) sink.ignored()
  else if (readers.has(kind)) sink.malformed("a status that is not known")
  else sink.unknown()
}
