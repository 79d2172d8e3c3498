/** Puts the dashboard's files into the build, so that the published package carries them. */
import { cpSync, rmSync } from "node:fs"
import { fileURLToPath } from "node:url"

const from = fileURLToPath(new URL("../../dashboard/dist", import.meta.url))
const to = fileURLToPath(new URL("../dist/ui", import.meta.url))

rmSync(to, { recursive: true, force: true })
cpSync(from, to, { recursive: true })
