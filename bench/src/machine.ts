/** Where and with what a measurement was made. */
import { execFileSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { cpus, loadavg, platform, release, totalmem } from "node:os"

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGB: number
  readonly system: string
  readonly node: string
  /** By package name; what is not installed is absent. */
  readonly packages: Readonly<Record<string, string>>
  /** The commit measured; "changed" when the working tree differs from it. */
  readonly commit: string
}

const PACKAGES = [
  "@tidewire/core",
  "@tidewire/adapter-binance",
  "@tidewire/adapter-bybit",
  "effect",
  "ws",
  "tardis-dev",
  "binance",
  "bybit-api",
  "ccxt"
]

export const read = (): Machine => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryGB: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release()}`,
  node: process.version,
  packages: Object.fromEntries(PACKAGES.flatMap((name) => version(name).map((found) => [name, found]))),
  commit: commit()
})

/** Load averages of the machine. */
export interface Load {
  readonly oneMinute: number
  readonly fiveMinutes: number
  readonly fifteenMinutes: number
}

export const load = (): Load => {
  const [oneMinute = 0, fiveMinutes = 0, fifteenMinutes = 0] = loadavg().map((each) => Math.round(each * 100) / 100)
  return { oneMinute, fiveMinutes, fifteenMinutes }
}

/** Entry points may be closed, so the manifest is looked for where packages are. */
const version = (name: string): ReadonlyArray<string> => {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    try {
      return [(JSON.parse(readFileSync(`${folder}/${name}/package.json`, "utf8")) as { version: string }).version]
    } catch {
      continue
    }
  }
  return []
}

const commit = (): string => {
  const git = (...args: ReadonlyArray<string>): string =>
    execFileSync("git", args, { cwd: import.meta.dirname, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })
  try {
    const id = git("rev-parse", "--short", "HEAD").trim()
    return git("status", "--porcelain", "--untracked-files=no", "--", "../../packages").trim() === ""
      ? id
      : `${id}, changed`
  } catch {
    return "unknown"
  }
}
