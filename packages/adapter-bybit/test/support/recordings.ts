/**
 * Recordings of the real venue. They are not part of the repository: `TIDEWIRE_RECORDINGS` says where they are.
 */
import { existsSync, readFileSync } from "node:fs"

const folder = process.env["TIDEWIRE_RECORDINGS"]

export const frames = "bybit-v5-gct.jsonl"
export const controls = "acks-errors-bybit.jsonl"

/** True when it is absent: a test then reports itself skipped. */
export const isMissing = (file: string): boolean => folder === undefined || !existsSync(`${folder}/${file}`)

export const lines = (file: string): ReadonlyArray<string> =>
  readFileSync(`${folder}/${file}`, "utf8")
    .split("\n")
    .filter((line) => line !== "")
