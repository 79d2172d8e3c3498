/**
 * How blocks are compressed: zstd where the runtime has it (Node from 22.15, Bun, Deno), else gzip. What each gives is in
 * docs/recordings.md. `none` is for tests and for disks that compress by themselves.
 */
import * as zlib from "node:zlib"
import * as Effect from "effect/Effect"

/** The numbers are of the file format. */
export const numberOf = { none: 0, zstd: 1, gzip: 2 } as const
export type Codec = keyof typeof numberOf

export const codecOf = (number: number): Codec | undefined =>
  (Object.keys(numberOf) as ReadonlyArray<Codec>).find((codec) => numberOf[codec] === number)

const hasZstd = typeof (zlib as Partial<typeof zlib>).zstdCompress === "function"

export const best: Codec = hasZstd ? "zstd" : "gzip"

/** zstd's default; gzip's fast end, which costs about the same. */
const ZSTD_LEVEL = 3
const GZIP_LEVEL = 4

/** Off the main thread. */
export const compress = (codec: Codec, bytes: Buffer): Effect.Effect<Buffer, Error> => {
  if (codec === "none") return Effect.succeed(bytes)
  return Effect.callback((resume) => {
    const done = (error: Error | null, result: Buffer): void =>
      resume(error === null ? Effect.succeed(result) : Effect.fail(error))
    if (codec === "gzip") return zlib.gzip(bytes, { level: GZIP_LEVEL }, done)
    zlib.zstdCompress(bytes, { params: { [zlib.constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }, done)
  })
}

export const decompress = (codec: Codec, bytes: Buffer, rawBytes: number): Buffer => {
  if (codec === "none") return bytes
  if (codec === "gzip") return zlib.gunzipSync(bytes, { maxOutputLength: Math.max(rawBytes, 1) })
  if (!hasZstd) throw new Error("this runtime has no zstd; read the recording with Node 22.15 or later")
  return zlib.zstdDecompressSync(bytes, { maxOutputLength: Math.max(rawBytes, 1) })
}
