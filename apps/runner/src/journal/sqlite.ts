/**
 * The SQLite that the runtime brings: `node:sqlite` (Node, Deno) or `bun:sqlite`. This file is the only one that knows which.
 */

export interface Statement {
  readonly run: (...values: ReadonlyArray<string | number | null>) => unknown
  readonly get: (...values: ReadonlyArray<string | number | null>) => unknown
  readonly all: (...values: ReadonlyArray<string | number | null>) => ReadonlyArray<unknown>
  /** Bun's must be let go one by one before a database is really closed. */
  readonly finalize?: () => void
}

export interface Database {
  readonly exec: (sql: string) => unknown
  readonly prepare: (sql: string) => Statement
  readonly close: () => void
}

/** Opens a file, which is made where there is none; throws what the runtime throws. */
export type OpenDatabase = (path: string) => Database

export const load = async (): Promise<OpenDatabase> => {
  if ("Bun" in globalThis) {
    // not written out, because no other runtime has a module of that name
    const name: string = "bun:sqlite"
    const bun = (await import(name)) as { readonly Database: new (path: string) => Database }
    return (path) => new bun.Database(path)
  }
  const { DatabaseSync } = await import("node:sqlite")
  return (path) => new DatabaseSync(path)
}
