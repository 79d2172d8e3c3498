/** The folder of a store: a folder for each table, and beside them what is the store's own. */
import * as path from "node:path"

export interface Layout {
  readonly folder: string
  /** Segments that are not Parquet yet. */
  readonly log: string
  /** Holds the lock of the process that writes; has no data. */
  readonly lock: string
  /** What is in the making; emptied by every start. */
  readonly temporary: string
}

export const of = (folder: string): Layout => ({
  folder,
  log: path.join(folder, "log"),
  lock: path.join(folder, ".writer.duckdb"),
  temporary: path.join(folder, ".temporary")
})
