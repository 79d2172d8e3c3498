/**
 * Recordings of real venues. They are not part of the repository: `TIDEWIRE_RECORDINGS` says where they are.
 */
import { existsSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"

const folder = process.env["TIDEWIRE_RECORDINGS"]

export const spot = "binance-spot-btcusdt-20240808.gz"
export const usdm = "binance-usdm-btcusdt-20240808.gz"
export const bars = "binance-usdm-kline-nexus.jsonl"
export const controls = "acks-errors-binance.jsonl"
export const spotAccount = "binance-spot-private-lifecycle.jsonl"
export const usdmAccount = "binance-usdm-private-lifecycle.jsonl"
export const spotInstruments = "binance-spot-rest-exchangeInfo-2021.jsonl.gz"
export const usdmInstruments = "binance-usdm-rest-exchangeInfo-2021.jsonl.gz"

/** True when one of them is absent: a test then reports itself skipped. */
export const missing = (...files: ReadonlyArray<string>): boolean =>
  folder === undefined || files.some((file) => !existsSync(`${folder}/${file}`))

export const text = (file: string): string => {
  const bytes = readFileSync(`${folder}/${file}`)
  return (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8")
}

export const lines = (file: string): ReadonlyArray<string> =>
  text(file)
    .split("\n")
    .filter((line) => line !== "")

/** The frames of a file whose lines begin with a receive time. */
export const frames = (file: string): ReadonlyArray<string> =>
  lines(file).map((line) => line.slice(line.indexOf(" ") + 1))
