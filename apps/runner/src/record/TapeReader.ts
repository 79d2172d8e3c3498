/**
 * Reads a recording, block by block, in the order it was written.
 *
 * Guarantees: what is whole is read, whatever is damaged is skipped and told: a tail that was cut off when the process was
 * killed, a block that was changed, a file that is missing. Holds one block in memory.
 */
import * as fs from "node:fs"
import * as Block from "./Block.ts"
import { readEntries } from "./readEntries.ts"
import * as SegmentFiles from "./SegmentFiles.ts"
import { type Entry, type Header, Kind, value } from "./Tape.ts"

/** Something that could not be read. */
export interface Damage {
  readonly file: string
  /** Of its first byte. */
  readonly offset: number
  readonly bytes: number
  readonly what: "torn tail" | "damaged block" | "not a recording" | "missing file"
  /** Entries that a damaged block had, where its head is whole. */
  readonly entries?: number
}

export interface ReadOptions {
  /** Epoch ms; blocks that end before are passed over without being read. */
  readonly from?: number
  /** Epoch ms; nothing after it is read. */
  readonly to?: number
  readonly damaged?: (damage: Damage) => void
}

/** How much is searched at a time for the next whole block. */
const SEARCH_BYTES = 1024 * 1024

/** The header of a recording; `undefined` when there is none that can be read. */
export const header = (source: string): Header | undefined => {
  for (const file of SegmentFiles.list(source)) {
    const found = headerOf(file)
    if (found !== undefined) return found
  }
  return undefined
}

const headerOf = (file: string): Header | undefined => {
  for (const entry of readFile(file, {})) {
    if (entry.kind === Kind.header) return value<Header>(entry)
  }
  return undefined
}

/** Entries of all files, headers among them. */
export function* read(source: string, options: ReadOptions = {}): Generator<Entry> {
  let expected: number | undefined
  for (const file of SegmentFiles.list(source)) {
    for (const entry of readFile(file, options)) {
      if (entry.kind === Kind.header) {
        const { segment } = value<Header>(entry)
        if (expected !== undefined && segment !== expected) {
          options.damaged?.({ file, offset: 0, bytes: 0, what: "missing file" })
        }
        expected = segment + 1
      }
      if (options.to !== undefined && entry.time > options.to && entry.kind !== Kind.header) return
      yield entry
    }
  }
}

function* readFile(file: string, options: ReadOptions): Generator<Entry> {
  const reader = new FileReader(file)
  try {
    yield* readBlocks(reader, options)
  } finally {
    reader.close()
  }
}

function* readBlocks(reader: FileReader, { damaged, from }: ReadOptions): Generator<Entry> {
  const { file } = reader
  if (!reader.at(0, Block.FILE_MAGIC.length).equals(Block.FILE_MAGIC)) {
    return damaged?.({ file, offset: 0, bytes: reader.size, what: "not a recording" })
  }
  let offset = Block.FILE_MAGIC.length
  while (offset < reader.size) {
    const head = Block.read(reader.at(offset, Block.HEAD_BYTES))
    if (head === undefined) {
      const next = reader.findBlock(offset + 1)
      const end = next ?? reader.size
      damaged?.({ file, offset, bytes: end - offset, what: next === undefined ? "torn tail" : "damaged block" })
      offset = end
      continue
    }
    const bytes = Block.HEAD_BYTES + head.bodyBytes
    if (offset + bytes > reader.size) {
      const { entries } = head
      return damaged?.({ file, offset, bytes: reader.size - offset, what: "torn tail", entries })
    }
    const isHeader = offset === Block.FILE_MAGIC.length
    if (isHeader || from === undefined || head.lastMicros / 1_000 >= from) {
      const raw = Block.open(head, reader.at(offset + Block.HEAD_BYTES, head.bodyBytes))
      if (raw === undefined) damaged?.({ file, offset, bytes, what: "damaged block", entries: head.entries })
      else yield* readEntries(raw, head.firstMicros)
    }
    offset += bytes
  }
}

class FileReader {
  readonly file: string
  readonly size: number
  readonly #descriptor: number

  constructor(file: string) {
    this.file = file
    this.#descriptor = fs.openSync(file, "r")
    this.size = fs.fstatSync(this.#descriptor).size
  }

  /** So many bytes, or as many as there are. */
  at(offset: number, length: number): Buffer {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - offset)))
    const read = fs.readSync(this.#descriptor, bytes, 0, bytes.length, offset)
    return bytes.subarray(0, read)
  }

  /** Where the next whole head is. */
  findBlock(from: number): number | undefined {
    for (let offset = from; offset < this.size; offset += SEARCH_BYTES) {
      const bytes = this.at(offset, SEARCH_BYTES + Block.HEAD_BYTES)
      for (let at = Block.find(bytes, 0); at !== -1; at = Block.find(bytes, at + 1)) {
        if (Block.read(bytes.subarray(at, at + Block.HEAD_BYTES)) !== undefined) return offset + at
      }
    }
    return undefined
  }

  close(): void {
    fs.closeSync(this.#descriptor)
  }
}
