/** The journal on SQLite: what every journal must do, on Node and Bun, and what is left when its process is killed. */
import { spawn } from "node:child_process"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { type Journal, JournalContract } from "@tidewire/engine"
import { afterAll, assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as SqliteJournal from "../src/journal/SqliteJournal.ts"

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tidewire-journal-"))
const fixture = (name: string) => fileURLToPath(new URL(`./fixtures/${name}.ts`, import.meta.url))
const bun = fileURLToPath(new URL("../../../node_modules/.bin/bun", import.meta.url))

afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))

interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const run = async (command: string, args: ReadonlyArray<string>): Promise<Ran> => {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] })
  let [stdout, stderr] = ["", ""]
  child.stdout.on("data", (chunk) => (stdout += String(chunk)))
  child.stderr.on("data", (chunk) => (stderr += String(chunk)))
  const [code] = (await once(child, "close")) as [number | null]
  return { code, stdout, stderr }
}

/** Kills a writer when it has acknowledged this many; gives the last one it did, and how many it made a second. */
const killed = async (
  file: string,
  atLeast: number
): Promise<{ readonly last: number; readonly perSecond: number }> => {
  const child = spawn(process.execPath, [fixture("journalWriter"), file], { stdio: ["ignore", "pipe", "inherit"] })
  let text = ""
  let began = 0
  let took = 0
  child.stdout.on("data", (chunk) => {
    if (began === 0) began = performance.now()
    text += String(chunk)
    if (took > 0 || text.split("\n").length <= atLeast) return
    took = performance.now() - began
    child.kill("SIGKILL")
  })
  const [, signal] = (await once(child, "close")) as [number | null, string | null]
  assert.strictEqual(signal, "SIGKILL")
  // what follows the last line break was cut off by the kill
  const last = Number(text.slice(0, text.lastIndexOf("\n")).split("\n").at(-1))
  return { last, perSecond: Math.round((atLeast / took) * 1_000) }
}

const entriesOf = (file: string): Effect.Effect<ReadonlyArray<Journal.Entry>, SqliteJournal.JournalUnavailable> =>
  Effect.scoped(Effect.map(SqliteJournal.open(file), (journal) => [...journal.read()]))

describe("SqliteJournal", () => {
  it.each([
    ["node", process.execPath],
    ["bun", bun]
  ])("does on %s what every journal must", async (name, command) => {
    const place = path.join(folder, name)
    fs.mkdirSync(place)
    const ran = await run(command, [fixture("journalCases"), place])
    assert.strictEqual(ran.code, 0, ran.stderr)
    assert.deepStrictEqual(
      ran.stdout.trim().split("\n"),
      JournalContract.cases.map((each) => each.title)
    )
  })

  it("has everything that it acknowledged when its process is killed in the middle of writing, three times", async () => {
    const file = path.join(folder, "killed.sqlite")
    let before = 0
    for (let round = 0; round < 3; round++) {
      const { last, perSecond } = await killed(file, 1_000 + round * 2_000)
      const entries = await Effect.runPromise(entriesOf(file))
      const times = entries.slice(before).map((entry) => (entry._tag === "Halt" ? entry.time : Number.NaN))
      assert.isAtLeast(times.length, last + 1, "nothing that was acknowledged is missing")
      assert.deepStrictEqual(
        times,
        Array.from({ length: times.length }, (_, time) => time),
        "whole, and in order"
      )
      assert.isAbove(perSecond, 1_000)
      before = entries.length
    }
  })

  it.effect("belongs to one engine at a time, and to the next when that is gone", () =>
    Effect.gen(function* () {
      const file = path.join(folder, "claimed.sqlite")
      const first = yield* Effect.scoped(
        Effect.gen(function* () {
          const journal = yield* SqliteJournal.open(file)
          journal.write({ _tag: "Resume", time: 1, reason: "" })
          const other = yield* Effect.promise(() => run(process.execPath, [fixture("journalWriter"), file]))
          assert.notStrictEqual(other.code, 0)
          return other.stderr
        })
      )
      assert.include(first, `The journal ${file} is in use: another engine is running on it.`)
      assert.strictEqual((yield* entriesOf(file)).length, 1)
    })
  )

  it.effect("is not opened when it is no journal, or of a newer version, and says why", () =>
    Effect.gen(function* () {
      const other = path.join(folder, "other.sqlite")
      fs.writeFileSync(other, "not a database, but a text that is long enough to be taken for a page of one")
      const newer = path.join(folder, "newer.sqlite")
      yield* entriesOf(newer)
      const { DatabaseSync } = yield* Effect.promise(() => import("node:sqlite"))
      const database = new DatabaseSync(newer)
      database.exec("PRAGMA user_version = 2")
      database.close()
      const messages = yield* Effect.forEach([other, newer, path.join(folder, "no", "where")], (file) =>
        Effect.flip(entriesOf(file))
      )
      assert.deepStrictEqual(
        messages.map((each) => each.message.replaceAll(folder, "")),
        [
          "The journal /other.sqlite cannot be opened: file is not a database.",
          "The journal /newer.sqlite cannot be opened: it was written by a newer version (2, this one knows 1).",
          "The journal /no/where cannot be opened: unable to open database file."
        ]
      )
    })
  )

  it.effect("says which entry it is that cannot be read", () =>
    Effect.gen(function* () {
      const file = path.join(folder, "damaged.sqlite")
      yield* entriesOf(file)
      const { DatabaseSync } = yield* Effect.promise(() => import("node:sqlite"))
      const database = new DatabaseSync(file)
      database.exec(`INSERT INTO entries (entry) VALUES ('{"_tag":"Halt","time":"soon","reason":""}')`)
      database.close()
      const journal = yield* SqliteJournal.open(file)
      assert.throws(() => [...journal.read()], /Entry 1 of the journal cannot be read: .*soon/)
    }).pipe(Effect.scoped)
  )
})
