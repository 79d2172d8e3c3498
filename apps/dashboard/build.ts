/**
 * Makes the page's files where there are none, or where they are older than what they are made of. In the repository the runner
 * calls it when the page is asked for first; `vite build` makes them anew in any case.
 *
 * Guarantees: files are whole or not there, also when two processes make them at once; the folder is printed in the end.
 */
import { globSync, renameSync, rmSync, statSync } from "node:fs"
import { fileURLToPath } from "node:url"

const root = fileURLToPath(new URL(".", import.meta.url))
const target = `${root}dist`

/** Beside the target, where nothing looks for sources, so that it can be renamed. */
const place = `${root}node_modules/.tidewire-${process.pid}`

const madeOf = ["src/**/*", "public/**/*", "index.html", "package.json", "vite.config.ts"]

/** Epoch ms; 0 when it is not there. */
const changed = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0

const isFresh = (): boolean => {
  const newest = globSync([...madeOf], { cwd: root }).reduce((most, file) => Math.max(most, changed(root + file)), 0)
  return changed(`${target}/index.html`) >= newest
}

const make = async (): Promise<void> => {
  process.env["TIDEWIRE_DASHBOARD_OUT"] = place
  const { build } = await import("vite")
  await build({ root, logLevel: "silent" })
  rmSync(target, { recursive: true, force: true })
  try {
    renameSync(place, target)
  } catch (error) {
    // another process was quicker, with the same files
    if (!isFresh()) throw error
    rmSync(place, { recursive: true, force: true })
  }
}

if (!isFresh()) await make()
process.stdout.write(`${target}\n`)
