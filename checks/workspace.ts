/** The workspace as the checks see it: its packages, and commands run in it. */
import { execFile } from "node:child_process"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("..", import.meta.url))

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly license?: string
  readonly description?: string
  readonly engines?: { readonly node?: string }
  readonly exports?: unknown
  readonly publishConfig?: { readonly exports?: unknown; readonly access?: string }
  readonly tidewire?: { readonly venues: ReadonlyArray<string> }
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface Package {
  readonly folder: string
  readonly manifest: Manifest
}

const readPackage = (folder: string): Package => ({
  folder,
  manifest: JSON.parse(readFileSync(`${root}${folder}/package.json`, "utf8"))
})

export const packages: ReadonlyArray<Package> = ["packages", "apps"]
  .flatMap((parent) => readdirSync(`${root}${parent}`).map((name) => `${parent}/${name}`))
  .filter((folder) => existsSync(`${root}${folder}/package.json`))
  .map(readPackage)

export const published = packages.filter((each) => each.manifest.private !== true)

export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end, in the workspace unless another folder is named. */
export const run = (command: string, parameters: ReadonlyArray<string>, folder = root): Promise<Ran> =>
  new Promise((resolve) => {
    const path = `${root}node_modules/.bin:${process.env["PATH"]}`
    const env = { ...process.env, PATH: path, TURBO_TELEMETRY_DISABLED: "1", NO_COLOR: "1" }
    // what is meant for this run of the test runner is not for those that it starts, nor are the workspace's own packages
    for (const name of Object.keys(env)) {
      if (/^(VITEST|NODE_OPTIONS$|NODE_PATH$|CI_RESULTS$)/.test(name)) delete env[name as keyof typeof env]
    }
    const options = { cwd: folder, env, maxBuffer: 256 * 1024 * 1024 }
    execFile(command, parameters, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1
      resolve({ code, stdout, stderr })
    })
  })

/** pnpm of the major that the project is made with. */
export const pnpm = (parameters: ReadonlyArray<string>, folder = root): Promise<Ran> =>
  run("npx", ["-y", "pnpm@12", ...parameters], folder)

/** What a failing command said, for the message of an assertion. */
export const said = ({ stderr, stdout }: Ran): string => `${stdout}\n${stderr}`.trim().slice(-4_000)
