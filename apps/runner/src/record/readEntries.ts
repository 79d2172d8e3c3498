/** The entries of a block, out of its bytes. Payloads are views of them, not copies. */
import { BEGINS_LOOP, BEGINS_TURN, IS_BINARY, KIND } from "./EntryWriter.ts"
import type { Entry, Kind } from "./Tape.ts"

const MICROS_A_MS = 1_000

/** Throws a `RangeError` where the bytes are not entries: checksums have to be checked before. */
export function* readEntries(bytes: Buffer, firstMicros: number): Generator<Entry> {
  let at = 0
  let micros = firstMicros
  const number = (): number => {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = bytes[at++]
      if (byte === undefined) throw new RangeError("an entry ends before it should")
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }
  while (at < bytes.length) {
    const flags = bytes[at++]!
    const delta = number()
    micros += delta % 2 === 0 ? delta / 2 : -(delta + 1) / 2
    const connection = number()
    const size = number()
    if (at + size > bytes.length) throw new RangeError("an entry ends before it should")
    const payload = bytes.subarray(at, at + size)
    at += size
    yield {
      kind: (flags & KIND) as Kind,
      time: micros / MICROS_A_MS,
      beginsTurn: (flags & BEGINS_TURN) !== 0,
      beginsLoop: (flags & BEGINS_LOOP) !== 0,
      isText: (flags & IS_BINARY) === 0,
      connection,
      payload
    }
  }
}
