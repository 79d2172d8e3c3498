/** The files of a recording: a folder with `000001.twtape`, `000002.twtape` … in order. */
import * as fs from "node:fs"
import * as path from "node:path"

const NAME = /^\d{6}\.twtape$/

export const nameOf = (segment: number): string => `${String(segment).padStart(6, "0")}.twtape`

/** A recording's files in order: of a folder, or a file by itself. Empty when there are none. */
export const list = (source: string): ReadonlyArray<string> => {
  const stat = fs.statSync(source, { throwIfNoEntry: false })
  if (stat === undefined) return []
  if (stat.isFile()) return [source]
  return fs
    .readdirSync(source)
    .filter((name) => NAME.test(name))
    .toSorted()
    .map((name) => path.join(source, name))
}

/** Why a recording cannot be made there; `undefined` when it can. Makes the folder. */
export const prepare = (folder: string): string | undefined => {
  try {
    fs.mkdirSync(folder, { recursive: true })
    const found = fs.readdirSync(folder)
    return found.length === 0
      ? undefined
      : `${folder} is not empty; expected a new folder, because nothing is ever overwritten`
  } catch (error) {
    return `${folder} cannot be written to: ${error instanceof Error ? error.message : String(error)}`
  }
}
