/**
 * Where a running engine is reached by other processes of its owner: a socket beside its journal, named after it, so that both
 * sides find it by the configuration alone. A path that is too long for a socket has it in a folder of the owner's own, below
 * that of temporary files; Windows has a named pipe.
 */
import { createHash } from "node:crypto"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

/** The least that any system takes, its end among it (macOS has 104). */
const LONGEST = 103

/** For the owner alone. */
const FOLDER_MODE = 0o700

export const of = (journal: string): string => {
  const name = createHash("sha256").update(journal).digest("hex").slice(0, 24)
  if (process.platform === "win32") return `\\\\.\\pipe\\tidewire-${name}`
  const beside = `${journal}.sock`
  return Buffer.byteLength(beside) <= LONGEST ? beside : path.join(ownFolder(), `${name}.sock`)
}

/** Throws when somebody else has made it. */
const ownFolder = (): string => {
  const uid = os.userInfo().uid
  const folder = path.join(os.tmpdir(), `tidewire-${uid}`)
  fs.mkdirSync(folder, { recursive: true, mode: FOLDER_MODE })
  const stat = fs.lstatSync(folder)
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o077) !== 0) {
    throw new Error(`${folder} is not a folder of this user alone`)
  }
  return folder
}
