/**
 * A block of a recording: a head of fixed size, then entries, compressed together. Blocks are independent of each other, so
 * that what is whole can be read whatever became of its neighbours. docs/recordings.md has the layout.
 *
 * Guarantees: a head or a body that was damaged is never taken for a whole one (CRC-32 of each).
 */
import * as zlib from "node:zlib"
import * as Compression from "./Compression.ts"

/** Of a file; its last byte is the version of the format. */
export const FILE_MAGIC = Buffer.from("TWTAPE\0\u0001", "latin1")

const MAGIC = Buffer.from("TWB1", "latin1")

export const HEAD_BYTES = 48

/** Longer than any that is written: a damaged length is known by it. */
const MOST_BYTES = 256 * 1024 * 1024

export interface Head {
  readonly codec: Compression.Codec
  /** Bytes of the entries, and of them compressed. */
  readonly rawBytes: number
  readonly bodyBytes: number
  readonly entries: number
  /** Epoch microseconds of the first entry and the last. */
  readonly firstMicros: number
  readonly lastMicros: number
  readonly bodyChecksum: number
}

export const write = (head: Omit<Head, "bodyBytes" | "bodyChecksum">, body: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(HEAD_BYTES)
  MAGIC.copy(bytes, 0)
  bytes.writeUInt8(Compression.numberOf[head.codec], 4)
  bytes.writeUInt32LE(head.rawBytes, 8)
  bytes.writeUInt32LE(body.length, 12)
  bytes.writeUInt32LE(head.entries, 16)
  bytes.writeDoubleLE(head.firstMicros, 20)
  bytes.writeDoubleLE(head.lastMicros, 28)
  bytes.writeUInt32LE(zlib.crc32(body), 36)
  bytes.writeUInt32LE(zlib.crc32(bytes.subarray(0, 44)), 44)
  return bytes
}

/** `undefined` for what is no head. */
export const read = (bytes: Buffer): Head | undefined => {
  if (bytes.length < HEAD_BYTES || !bytes.subarray(0, 4).equals(MAGIC)) return undefined
  if (bytes.readUInt32LE(44) !== zlib.crc32(bytes.subarray(0, 44))) return undefined
  const codec = Compression.codecOf(bytes.readUInt8(4))
  const rawBytes = bytes.readUInt32LE(8)
  const bodyBytes = bytes.readUInt32LE(12)
  if (codec === undefined || bodyBytes > MOST_BYTES || rawBytes > MOST_BYTES) return undefined
  return {
    codec,
    rawBytes,
    bodyBytes,
    entries: bytes.readUInt32LE(16),
    firstMicros: bytes.readDoubleLE(20),
    lastMicros: bytes.readDoubleLE(28),
    bodyChecksum: bytes.readUInt32LE(36)
  }
}

/** The entries of a body; `undefined` when it is damaged. */
export const open = (head: Head, body: Buffer): Buffer | undefined => {
  if (body.length !== head.bodyBytes || zlib.crc32(body) !== head.bodyChecksum) return undefined
  try {
    const raw = Compression.decompress(head.codec, body, head.rawBytes)
    return raw.length === head.rawBytes ? raw : undefined
  } catch {
    return undefined
  }
}

/** Where the next head may begin at or after `from`; -1 when nowhere. */
export const find = (bytes: Buffer, from: number): number => bytes.indexOf(MAGIC, from)
