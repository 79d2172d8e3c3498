/** What is too old, or too much, by the file: the oldest days first, over all tables. */
import type { ParquetFile } from "./parquetFiles.ts"

export interface Limits {
  /** Days before this one (`2026-01-31`) go. */
  readonly oldest: string | undefined
  /** As many bytes may stay. */
  readonly bytes: number | undefined
}

export const select = (files: ReadonlyArray<ParquetFile>, { bytes, oldest }: Limits): ReadonlyArray<ParquetFile> => {
  const ordered = files.toSorted((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.first - b.first))
  let left = ordered.reduce((sum, file) => sum + file.bytes, 0)
  return ordered.filter((file) => {
    const isOld = oldest !== undefined && file.date < oldest
    const isTooMuch = bytes !== undefined && left > bytes
    if (isOld || isTooMuch) left -= file.bytes
    return isOld || isTooMuch
  })
}
