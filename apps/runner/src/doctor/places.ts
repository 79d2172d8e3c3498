/**
 * The places on disk that a configuration writes to: they can be written, and there is room. What is written for it is removed
 * at once.
 */
import * as fs from "node:fs/promises"
import * as net from "node:net"
import * as path from "node:path"
import * as Effect from "effect/Effect"
import * as ControlAddress from "../engine/controlAddress.ts"
import type { Verdicts } from "./Checks.ts"
import { ok, problem, type Verdict, warning } from "./Finding.ts"

const MB = 1_024 * 1_024

/** Below the first a run is about to stop, below the second it is time to look. */
const LEAST_MB = 200
const LITTLE_MB = 2_048

/** A journal: its folder, its size, and who has it. */
export const journal = (file: string): Verdicts =>
  Effect.gen(function* () {
    const size = yield* Effect.promise(() =>
      fs
        .stat(file)
        .then((each) => each.size)
        .catch(() => undefined)
    )
    const what = size === undefined ? `${file} is made at the first start` : `${file} has ${megabytes(size)}`
    const isHeld = yield* held(file)
    const [room] = yield* folder(path.dirname(file), what)
    return [
      ...(room === undefined ? [] : [room]),
      isHeld
        ? warning(
            "an engine runs on it",
            "another one cannot start on it: stop that one first, or give this one a journal of its own"
          )
        : ok("no engine runs on it")
    ]
  })

/** A folder that is written to; where it is not there yet, the nearest above it in which it would be made. */
export const folder = (wanted: string, what = wanted): Verdicts =>
  Effect.promise(async (): Promise<ReadonlyArray<Verdict>> => {
    const there = await nearest(wanted)
    const reason = await unwritable(there)
    if (reason !== undefined) {
      const advice = `make ${there} a folder that the user of this process may write to, or configure another place`
      return [problem(`${what}: nothing can be written in ${there} (${reason})`, advice)]
    }
    const { bavail, bsize } = await fs.statfs(there)
    const free = Math.floor((bavail * bsize) / MB)
    const found = `${what}; can be written, ${free} MB are free`
    if (free < LEAST_MB) return [problem(found, "free some, or move it to a larger disk, before it is full")]
    return [free < LITTLE_MB ? warning(found, "free some, or move it to a larger disk") : ok(found)]
  })

const nearest = async (wanted: string): Promise<string> => {
  const isThere = await fs.stat(wanted).then(
    () => true,
    () => false
  )
  const parent = path.dirname(wanted)
  return isThere || parent === wanted ? wanted : nearest(parent)
}

/** Why not; permissions alone do not tell, since a whole file system may be read-only. */
const unwritable = async (there: string): Promise<string | undefined> => {
  const probe = path.join(there, `.tidewire-doctor-${process.pid}`)
  try {
    await fs.writeFile(probe, "", { flag: "wx" })
    await fs.rm(probe)
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error)
  }
}

/** Whether somebody listens for `tidewire kill` on this journal. */
const held = (file: string): Effect.Effect<boolean> =>
  Effect.callback<boolean>((resume) => {
    const socket = net.connect(ControlAddress.of(file))
    const say = (isHeld: boolean) => () => {
      socket.destroy()
      resume(Effect.succeed(isHeld))
    }
    socket.on("connect", say(true)).on("error", say(false))
    return Effect.sync(() => socket.destroy())
  })

const megabytes = (bytes: number): string => `${(bytes / MB).toFixed(bytes < 10 * MB ? 1 : 0)} MB`
