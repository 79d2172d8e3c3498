/**
 * A PostgreSQL server of the system's binaries, in a folder of its own, on a free port of loopback. It refuses to run as root:
 * root runs it as the user `postgres`, or as `nobody`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import * as fs from "node:fs"
import { createServer } from "node:net"
import type { AddressInfo } from "node:net"
import * as os from "node:os"
import * as path from "node:path"

const NEEDED = ["initdb", "postgres"]

const DEBIAN = "/usr/lib/postgresql"

/** The newest installed; `undefined` where there is none. */
export const binaries = ((): string | undefined => {
  const versions = fs.existsSync(DEBIAN) ? fs.readdirSync(DEBIAN) : []
  const places = [
    ...versions.toSorted((a, b) => Number(b) - Number(a)).map((version) => path.join(DEBIAN, version, "bin")),
    ...(process.env["PATH"] ?? "").split(path.delimiter)
  ]
  return places.find((place) => NEEDED.every((name) => fs.existsSync(path.join(place, name))))
})()

export const missing = `PostgreSQL is not installed: ${NEEDED.join(" and ")} are neither in ${DEBIAN}/*/bin nor in PATH (apt-get install postgresql)`

export interface Server {
  readonly url: string
  readonly start: () => Promise<void>
  /** As a machine that hangs: sockets stay open, nothing answers. */
  readonly freeze: () => void
  readonly thaw: () => void
  /** At once, without a farewell. */
  readonly kill: () => Promise<void>
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** Who it runs as; of root somebody else. */
const identity = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const ids = (user: string) =>
    ["-u", "-g"].map((flag) => Number(spawnSync("id", [flag, user], { encoding: "utf8" }).stdout || "NaN"))
  const [uid = NaN, gid = NaN] = [ids("postgres"), ids("nobody")].find(([id]) => Number.isInteger(id)) ?? []
  return { uid, gid }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, "close")
  return port
}

/** Made, and not started. */
export const make = async (): Promise<Server> => {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), "tidewire-postgres-"))
  const who = identity()
  if (who !== undefined) fs.chownSync(place, who.uid, who.gid)
  const bin = (name: string) => path.join(binaries!, name)
  const data = path.join(place, "data")
  const environment = { ...process.env, LC_ALL: "C" }
  execFileSync(bin("initdb"), ["-D", data, "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8"], {
    ...who,
    cwd: place,
    env: environment,
    stdio: "pipe"
  })
  const port = await freePort()
  let child: ChildProcess | undefined
  const kill = async (): Promise<void> => {
    const running = child
    child = undefined
    if (running === undefined) return
    const closed = once(running, "close")
    running.kill("SIGCONT")
    running.kill("SIGQUIT")
    await closed
  }
  /** All of its processes: each connection has one. */
  const signal = (name: "SIGSTOP" | "SIGCONT") => {
    const pid = child!.pid!
    const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")
    for (const each of [pid, ...children.map(Number)]) {
      try {
        process.kill(each, name)
      } catch (error) {
        // it ended meanwhile
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error
      }
    }
  }
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start: async () => {
      const settings = [`unix_socket_directories=${place}`, "listen_addresses=127.0.0.1", `port=${port}`]
      const started = spawn(bin("postgres"), ["-D", data, ...settings.flatMap((each) => ["-c", each])], {
        ...who,
        cwd: place,
        env: environment,
        stdio: ["ignore", "ignore", "pipe"]
      })
      child = started
      let said = ""
      await new Promise<void>((resolve, reject) => {
        started.stderr!.on("data", (chunk) => {
          said += String(chunk)
          if (said.includes("database system is ready to accept connections")) resolve()
        })
        started.on("close", () => reject(new Error(`postgres ended:\n${said}`)))
      })
    },
    freeze: () => signal("SIGSTOP"),
    thaw: () => signal("SIGCONT"),
    kill,
    [Symbol.asyncDispose]: async () => {
      await kill()
      fs.rmSync(place, { recursive: true, force: true })
    }
  }
}
