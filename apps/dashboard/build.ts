/**
 * Makes the page's files where there are none, or where they are older than what they are made of. In the repository the runner
 * calls it when the page is asked for first; `vite build` makes them anew in any case.
 *
 * Guarantees: one process makes them at a time, and whoever waited for it finds them made; files are whole or not there; the folder is
 * printed in the end.
 */
import { globSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs"
import { setTimeout as wait } from "node:timers/promises"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL(".", import.meta.url))
const target = `${root}dist`

/** Beside the target, where nothing looks for sources, so that it can be renamed. */
const place = `${root}node_modules/.tidewire-${process.pid}`

/** Is there while somebody makes them; one that is older was left behind by a process that was killed. */
const lock = `${root}node_modules/.tidewire-lock`
const LEFT_BEHIND_MS = 60_000
const LOOK_AGAIN_MS = 50

const madeOf = ["src/**/*", "public/**/*", "index.html", "package.json", "vite.config.ts"]

/** Epoch ms; 0 when it is not there. */
const changed = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

const isFresh = (): boolean => {
  const newest = globSync([...madeOf], { cwd: root }).reduce((most, file) => Math.max(most, changed(root + file)), 0)
  return changed(`${target}/index.html`) >= newest
}

const make = async (): Promise<void> => {
  process.env["TIDEWIRE_DASHBOARD_OUT"] = place
  // whatever it is for who calls: libraries are taken as they are published for pages
  process.env["NODE_ENV"] = "production"
  const { build } = await import("vite")
  await build({ root, logLevel: "silent" })
  rmSync(target, { recursive: true, force: true })
  renameSync(place, target)
}

const isMine = (): boolean => {
  try {
    mkdirSync(lock)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error
    if (changed(lock) < Date.now() - LEFT_BEHIND_MS) rmSync(lock, { recursive: true, force: true })
    return false
  }
}

while (!isFresh()) {
  if (!isMine()) {
    await wait(LOOK_AGAIN_MS)
    continue
  }
  try {
    if (!isFresh()) await make()
  } finally {
    rmSync(lock, { recursive: true, force: true })
    rmSync(place, { recursive: true, force: true })
  }
  // also where a source says that it was changed in the future
  break
}
process.stdout.write(`${target}\n`)
