/**
 * The engine's journal in a SQLite file: a row of JSON for each entry.
 *
 * Guarantees: what `write` has returned from survives `kill -9` of the process, because it is in the operating system's hands
 * by then (write-ahead log, `synchronous = NORMAL`). A loss of power or a crash of the system may cost the last moments, never
 * the order or the wholeness of what is left. One engine at a time: the file is locked while it is open, by the system, so that
 * no lock is left behind by a process that was killed. Ends with its scope.
 */
import { Journal } from "@tidewire/engine"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import { type Database, load, type OpenDatabase } from "./sqlite.ts"

/** The journal cannot be used; nothing was changed. */
export class JournalUnavailable extends Data.TaggedError("JournalUnavailable")<{
  readonly path: string
  readonly message: string
}> {}

/** Of the table, not of the entries: those are read by the engine's own schema. */
const VERSION = 1

/** Rows in memory at once while the journal is read. */
const PAGE = 1_000

const decode = Schema.decodeUnknownSync(Schema.fromJsonString(Journal.Entry))

/**
 * Writes between two times that the write-ahead log is taken into the table. That waits for the disk, some milliseconds, so it
 * is done beside the orders (`tend`).
 */
const TAKE_IN_AFTER = 200

/** Pages of the log, at 4 KB, at which a write takes it in itself, when nobody tends it. */
const MOST_PAGES = 10_000

const TEND_EVERY = "1 second"

/** A journal that is open until it is closed. */
export interface SqliteJournal extends Journal.Journal {
  /** To be called now and then, while no order waits. */
  readonly tend: () => void
  readonly close: () => void
}

export const open = (path: string): Effect.Effect<SqliteJournal, JournalUnavailable, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.tryPromise({
      try: async () => openUnsafe(await load(), path),
      catch: (error) => new JournalUnavailable({ path, message: messageOf(path, error) })
    }),
    (journal) => Effect.sync(() => journal.close())
  ).pipe(
    Effect.tap((journal) =>
      // what cannot be taken in is still in the log, and the next write says what is wrong
      Effect.forkScoped(Effect.forever(Effect.delay(Effect.ignore(Effect.try(journal.tend)), TEND_EVERY)))
    )
  )

/** As `open`, but to be closed by hand; throws what the runtime throws. */
export const openUnsafe = (openDatabase: OpenDatabase, path: string): SqliteJournal => {
  const database = openDatabase(path)
  try {
    claim(database)
    const version = versionOf(database)
    if (version > VERSION) throw new Error(`it was written by a newer version (${version}, this one knows ${VERSION})`)
    database.exec(
      "CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY AUTOINCREMENT, about TEXT, entry TEXT NOT NULL)"
    )
    // orders are forgotten one by one; what is about none is not in it
    database.exec("CREATE INDEX IF NOT EXISTS entries_about ON entries (about) WHERE about IS NOT NULL")
    database.exec(`PRAGMA user_version = ${VERSION}`)
    return journalOf(database)
  } catch (error) {
    database.close()
    throw error
  }
}

/** Takes the file for this process alone; fails at once where another has it. */
const claim = (database: Database): void => {
  database.exec("PRAGMA busy_timeout = 0")
  database.exec("PRAGMA locking_mode = EXCLUSIVE")
  database.exec("PRAGMA journal_mode = WAL")
  database.exec("PRAGMA synchronous = NORMAL")
  database.exec(`PRAGMA wal_autocheckpoint = ${MOST_PAGES}`)
  // the lock is taken with the first write, and then kept
  database.exec("BEGIN IMMEDIATE")
  database.exec("COMMIT")
}

const versionOf = (database: Database): number => {
  const statement = database.prepare("PRAGMA user_version")
  const { user_version: version } = statement.get() as { readonly user_version: number }
  statement.finalize?.()
  return version
}

interface Row {
  readonly seq: number
  readonly entry: string
}

const journalOf = (database: Database): SqliteJournal => {
  const insert = database.prepare("INSERT INTO entries (about, entry) VALUES (?, ?)")
  const remove = database.prepare("DELETE FROM entries WHERE about = ?")
  const page = database.prepare("SELECT seq, entry FROM entries WHERE seq > ? ORDER BY seq LIMIT ?")
  const begin = database.prepare("BEGIN")
  const rollback = database.prepare("ROLLBACK")
  let written = 0
  const write = (entry: Journal.Entry) => {
    written++
    insert.run(Journal.orderOf(entry) ?? null, JSON.stringify(entry))
  }
  return {
    close: () => {
      insert.finalize?.()
      remove.finalize?.()
      page.finalize?.()
      begin.finalize?.()
      rollback.finalize?.()
      database.close()
    },
    tend: () => {
      if (written < TAKE_IN_AFTER) return
      written = 0
      database.exec("PRAGMA wal_checkpoint(PASSIVE)")
    },
    write,
    rehearse: (entry) => {
      const before = written
      begin.run()
      try {
        write(entry)
      } finally {
        rollback.run()
        written = before
      }
    },
    forget: (venue, clientOrderId) => void remove.run(Journal.keyOf(venue, clientOrderId)),
    read: function* () {
      for (let last = 0; ;) {
        const rows = page.all(last, PAGE) as ReadonlyArray<Row>
        for (const row of rows) yield read(row)
        if (rows.length < PAGE) return
        last = rows.at(-1)!.seq
      }
    },
    replace: (entries) => {
      database.exec("BEGIN IMMEDIATE")
      try {
        database.exec("DELETE FROM entries")
        for (const entry of entries) write(entry)
        database.exec("COMMIT")
      } catch (error) {
        database.exec("ROLLBACK")
        throw error
      }
      // gives the room back that the write-ahead log has taken
      database.exec("PRAGMA wal_checkpoint(TRUNCATE)")
    }
  }
}

/** An entry that cannot be read stops the engine from starting: what it does not know of, it cannot look after. */
const read = ({ entry, seq }: Row): Journal.Entry => {
  try {
    return decode(entry)
  } catch (error) {
    throw new Error(`Entry ${seq} of the journal cannot be read: ${entry.slice(0, 200)}`, { cause: error })
  }
}

const messageOf = (path: string, error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error)
  return /locked|busy/i.test(text)
    ? `The journal ${path} is in use: another engine is running on it.`
    : `The journal ${path} cannot be opened: ${text}.`
}
