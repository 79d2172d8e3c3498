/**
 * The Parquet files of a store: `<table>/venue=<venue>/date=<day>/tw-<first>-<last>.parquet`, named after the segments of the
 * log whose rows they have.
 *
 * Guarantees: of two files of a partition whose segments overlap the one with more of them has all rows of the other, so a name
 * is enough to tell what counts, whenever a process was killed. Only files of such a name, in such a folder, are ever removed.
 */
import * as fs from "node:fs/promises"
import * as path from "node:path"
import { syncFolder } from "../Segment.ts"
import * as Tables from "../tables.ts"

export interface ParquetFile {
  readonly path: string
  readonly table: string
  /** As the folder is named: `venue=<name>`. */
  readonly venue: string
  /** `2026-01-31`, UTC. */
  readonly date: string
  readonly first: number
  readonly last: number
  readonly bytes: number
}

const NAME = /^tw-(\d{8})-(\d{8})\.parquet$/
const DATE = /^date=(\d{4}-\d\d-\d\d)$/

const eight = (number: number): string => String(number).padStart(8, "0")

export const nameOf = (first: number, last: number): string => `tw-${eight(first)}-${eight(last)}.parquet`

/** As DuckDB and others write and read a value in the name of a folder. */
export const venueFolder = (venue: string): string =>
  `venue=${encodeURIComponent(venue).replaceAll(/[!'()*]/g, (sign) => `%${sign.codePointAt(0)!.toString(16).toUpperCase()}`)}`

/** All of a store, those that others have superseded among them; by table, venue, date and segments. */
export const list = async (folder: string): Promise<ReadonlyArray<ParquetFile>> => {
  const found: Array<ParquetFile> = []
  for (const { name: table } of Tables.tables) {
    for (const venue of await names(path.join(folder, table))) {
      if (!venue.startsWith("venue=")) continue
      for (const day of await names(path.join(folder, table, venue))) {
        const date = DATE.exec(day)?.[1]
        if (date === undefined) continue
        const place = path.join(folder, table, venue, day)
        for (const name of await names(place)) {
          const [, first, last] = NAME.exec(name) ?? []
          if (first === undefined || last === undefined) continue
          const file = path.join(place, name)
          const stat = await fs.stat(file).catch(ifGone)
          if (stat === undefined) continue
          found.push({ path: file, table, venue, date, first: Number(first), last: Number(last), bytes: stat.size })
        }
      }
    }
  }
  return found
}

const names = async (folder: string): Promise<ReadonlyArray<string>> =>
  (await fs.readdir(folder).catch(ifGone))?.toSorted() ?? []

const ifGone = (error: NodeJS.ErrnoException): undefined => {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined
  throw error
}

export const partitionOf = ({ date, table, venue }: ParquetFile): string => `${table}/${venue}/${date}`

/** Which files count, and which have been put into others; by partition in the order of segments. */
export const sift = (
  files: ReadonlyArray<ParquetFile>
): { readonly live: ReadonlyArray<ParquetFile>; readonly superseded: ReadonlyArray<ParquetFile> } => {
  const live: Array<ParquetFile> = []
  const superseded: Array<ParquetFile> = []
  for (const partition of Map.groupBy(files, partitionOf).values()) {
    // the widest of those that begin together comes first
    const ordered = partition.toSorted((a, b) => a.first - b.first || b.last - a.last)
    let covered = -1
    for (const file of ordered) {
      if (file.last <= covered) superseded.push(file)
      else {
        live.push(file)
        covered = file.last
      }
    }
  }
  return { live, superseded }
}

/** Moves a file that is whole to its place, durably. Its folder is made. */
export const place = async (from: string, to: string): Promise<void> => {
  const handle = await fs.open(from, "r+")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  const folder = path.dirname(to)
  const made = await fs.mkdir(folder, { recursive: true })
  await fs.rename(from, to)
  await syncFolder(folder)
  if (made === undefined) return
  // each folder that was made is a name in the one above it
  for (let at = folder; at.length >= made.length; at = path.dirname(at)) await syncFolder(path.dirname(at))
}

/** Removes files, and the folders that are empty then. */
export const remove = async (files: ReadonlyArray<ParquetFile>): Promise<void> => {
  for (const file of files) {
    await fs.rm(file.path, { force: true })
    for (let at = path.dirname(file.path), up = 0; up < 3; at = path.dirname(at), up++) {
      const isEmpty = await fs.rmdir(at).then(
        () => true,
        () => false
      )
      if (!isEmpty) break
    }
  }
}
