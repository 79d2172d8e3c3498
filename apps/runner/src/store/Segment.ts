/**
 * A segment of a log: a file of batches, each a block (`record/Block.ts`) of its own, appended and flushed to the disk. What is
 * logged before it is Parquet, and what is spilled while a database is away, are of this form.
 *
 * Guarantees: a batch is read whole or not at all (checksums), so that a torn end costs only what was never acknowledged.
 */
import * as fs from "node:fs/promises"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import * as Block from "../record/Block.ts"
import * as Compression from "../record/Compression.ts"
import { type Batch, failed, type StoreError } from "./Store.ts"

/** Of a file; its last byte is the version of the format. */
export const MAGIC = Buffer.from("TWSTORE\u0001", "latin1")

const NAME = /^(\d{8})\.twlog$/

export const nameOf = (number: number): string => `${String(number).padStart(8, "0")}.twlog`

/** The numbers of a folder's segments, in order; none where there is no folder. */
export const list = async (folder: string): Promise<ReadonlyArray<number>> => {
  const names = await fs.readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return []
    throw error
  })
  return names
    .flatMap((name) => {
      const number = NAME.exec(name)?.[1]
      return number === undefined ? [] : [Number(number)]
    })
    .toSorted((a, b) => a - b)
}

/** `#batch <writer> <sequence> <rows>`, then for each table `#<table>` and its lines. No line of JSON begins so. */
const textOf = ({ parts, rows, sequence, writer }: Batch): string =>
  `#batch ${writer} ${sequence} ${rows}\n${parts.map(({ lines, table }) => `#${table}\n${lines.join("\n")}\n`).join("")}`

export interface Logged {
  readonly head: string
  /** Of a table: its lines, each with its end. */
  readonly sections: ReadonlyArray<{ readonly table: string; readonly lines: Buffer }>
}

/** The batches of a segment, as far as it is whole. */
export const blocks = async function* (file: string): AsyncGenerator<Logged> {
  const handle = await fs.open(file, "r")
  try {
    const magic = Buffer.alloc(MAGIC.length)
    await handle.read(magic, 0, MAGIC.length, 0)
    if (!magic.equals(MAGIC)) return
    for (let at = MAGIC.length; ;) {
      const headBytes = Buffer.alloc(Block.HEAD_BYTES)
      const { bytesRead } = await handle.read(headBytes, 0, Block.HEAD_BYTES, at)
      const head = bytesRead < Block.HEAD_BYTES ? undefined : Block.read(headBytes)
      if (head === undefined) return
      const body = Buffer.alloc(head.bodyBytes)
      const read = await handle.read(body, 0, head.bodyBytes, at + Block.HEAD_BYTES)
      const raw = read.bytesRead < head.bodyBytes ? undefined : Block.open(head, body)
      if (raw === undefined) return
      yield sectionsOf(raw)
      at += Block.HEAD_BYTES + head.bodyBytes
    }
  } finally {
    await handle.close()
  }
}

const MARK = "\n#"

const sectionsOf = (raw: Buffer): Logged => {
  const sections: Array<Logged["sections"][number]> = []
  const firstEnd = raw.indexOf(MARK)
  const head = raw.toString("utf8", 0, firstEnd === -1 ? raw.length - 1 : firstEnd)
  for (let mark = firstEnd; mark !== -1;) {
    const lineEnd = raw.indexOf("\n", mark + MARK.length)
    const next = raw.indexOf(MARK, lineEnd)
    const end = next === -1 ? raw.length : next + 1
    sections.push({
      table: raw.toString("utf8", mark + MARK.length, lineEnd),
      lines: raw.subarray(lineEnd + 1, end)
    })
    mark = next
  }
  return { head, sections }
}

/** A batch as it was given. */
export const batchOf = ({ head, sections }: Logged): Batch => {
  const [, writer = "", sequence = "0", rows = "0"] = head.split(" ")
  const parts = sections.map(({ lines, table }) => ({
    table,
    lines: lines.toString("utf8").trimEnd().split("\n")
  }))
  return { writer, sequence: Number(sequence), rows: Number(rows), parts }
}

/** Makes the entries of a folder durable: names are not, by a file's own flush. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await fs.open(folder, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** A segment that is written to. Batches are appended one after the other, by one fiber. */
export class Segment {
  readonly number: number
  rows = 0
  /** Of the file, as far as it is acknowledged; and of its rows before they were compressed. */
  bytes = 0
  rawBytes = 0
  readonly #folder: string
  #handle: fs.FileHandle | undefined
  /** An append has failed: what it left behind its acknowledged end is cut off before the next. */
  #isTorn = false

  constructor(folder: string, number: number) {
    this.#folder = folder
    this.number = number
  }

  get path(): string {
    return path.join(this.#folder, nameOf(this.number))
  }

  /** On the disk when it is done. */
  append(batch: Batch): Effect.Effect<void, StoreError> {
    return Effect.gen({ self: this }, function* () {
      const raw = Buffer.from(textOf(batch))
      const body = yield* Effect.mapError(Compression.compress(Compression.best, raw), failed("the log"))
      const head = Block.write(
        { codec: Compression.best, rawBytes: raw.length, entries: batch.rows, firstMicros: 0, lastMicros: 0 },
        body
      )
      yield* Effect.tryPromise({
        try: () => this.#write(Buffer.concat([head, body])),
        catch: failed("the log cannot be written")
      })
      this.rows += batch.rows
      this.rawBytes += raw.length
      // not to be given up in the middle: what is written would not be known
    }).pipe(Effect.uninterruptible)
  }

  close(): Promise<void> {
    const handle = this.#handle
    this.#handle = undefined
    return handle === undefined ? Promise.resolve() : handle.close()
  }

  async #write(block: Buffer): Promise<void> {
    if (this.#handle === undefined) await this.#begin()
    const handle = this.#handle!
    if (this.#isTorn) await handle.truncate(this.bytes)
    this.#isTorn = true
    for (let at = 0; at < block.length;) {
      const { bytesWritten } = await handle.write(block, at, block.length - at, this.bytes + at)
      at += bytesWritten
    }
    await handle.datasync()
    this.#isTorn = false
    this.bytes += block.length
  }

  async #begin(): Promise<void> {
    await fs.mkdir(this.#folder, { recursive: true })
    const handle = await fs.open(this.path, "w+")
    try {
      await handle.write(MAGIC, 0, MAGIC.length, 0)
      await handle.datasync()
      await syncFolder(this.#folder)
    } catch (error) {
      await handle.close()
      throw error
    }
    this.bytes = MAGIC.length
    this.#handle = handle
  }
}
