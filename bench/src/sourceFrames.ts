/**
 * The frames that loads are made of: Binance spot as recorded, or, where the recording is absent, generated frames of the
 * same shape. Which of the two it was is part of every result.
 */
import { existsSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import * as generated from "./generated.ts"

const folder = process.env["TIDEWIRE_RECORDINGS"]

const FILE = "binance-spot-btcusdt-20240808.gz"

export interface SourceFrames {
  readonly source: "recording" | "generated"
  /** Combined-stream frames of `btcusdt@trade`. */
  readonly trades: ReadonlyArray<string>
  /** The REST snapshot, and the combined-stream frames of `btcusdt@depth@100ms`. */
  readonly snapshot: string
  readonly changes: ReadonlyArray<string>
}

export const read = (): SourceFrames => {
  const path = `${folder}/${FILE}`
  if (!existsSync(path)) return { source: "generated", ...generated.make() }
  const frames = gunzipSync(readFileSync(path))
    .toString("utf8")
    .split("\n")
    .map((line) => line.slice(line.indexOf(" ") + 1))
  return {
    source: "recording",
    trades: frames.filter((frame) => frame.startsWith('{"stream":"btcusdt@trade"')),
    snapshot: frames.find((frame) => frame.startsWith('{"lastUpdateId"')) ?? "",
    changes: frames.filter((frame) => frame.startsWith('{"stream":"btcusdt@depth@100ms"'))
  }
}
