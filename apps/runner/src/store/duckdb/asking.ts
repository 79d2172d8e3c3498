/** Statements that read a store of Parquet files, and reach nothing else. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Answer, type Asking, BadStatement, type Row } from "../Answer.ts"
import { messageOf, StoreError } from "../Store.ts"
import type { Database, Result } from "./database.ts"
import * as Reading from "./reading.ts"

/** As DuckDB numbers them. */
const SELECT = 1
const EXPLAIN = 4
const INTEGERS = new Set([5, 9, 16])

/** How often a statement is begun again because the store has put files together under it. */
const ATTEMPTS = 5

export const make = (folder: string): Asking => {
  let current: Database | undefined
  const once = (sql: string): Effect.Effect<Answer, BadStatement | StoreError, Scope.Scope> =>
    Effect.gen(function* () {
      const database = yield* Reading.open(folder, { closed: true, progress: true })
      current = database
      const result = yield* asked(() => start(database, sql))
      const iterator = result.yieldRowsJson()[Symbol.asyncIterator]()
      const integers = [...result.deduplicatedColumnNames().keys()].filter((at) =>
        INTEGERS.has(result.columnTypeId(at))
      )
      const read = asked(async () => {
        const { done, value } = await iterator.next()
        return done === true
          ? undefined
          : (value as ReadonlyArray<Array<unknown>>).map((row) => withNumbers(row, integers))
      })
      // what cannot be read shows with the first rows, before anything is told
      const first = yield* read
      let isFirst = true
      const next = Effect.suspend(() => {
        if (!isFirst) return read
        isFirst = false
        return Effect.succeed(first)
      })
      return { columns: result.deduplicatedColumnNames(), next }
    })
  const ask = (sql: string, attempts: number): ReturnType<typeof once> =>
    Effect.catch(once(sql), (error) =>
      attempts > 1 && error instanceof StoreError && Reading.isGone(error) ? ask(sql, attempts - 1) : Effect.fail(error)
    )
  return {
    ask: (sql) => ask(sql, ATTEMPTS),
    progress: () => {
      const percent = current?.connection.progress.percentage ?? -1
      return percent < 0 ? undefined : percent
    }
  }
}

const start = async ({ connection }: Database, sql: string): Promise<Result> => {
  // where it cannot be parsed, preparing it says why
  const statements = await connection.extractStatements(sql).catch(() => connection.prepare(sql).then(() => undefined))
  if (statements === undefined) throw new BadStatement({ message: "this is no statement" })
  if (statements.count !== 1)
    throw new BadStatement({ message: `expected one statement, and these are ${statements.count}` })
  const statement = await statements.prepare(0)
  const type: number = statement.statementType
  if (type !== SELECT && type !== EXPLAIN) {
    throw new BadStatement({
      message: "this statement does not only read; expected SELECT, FROM, DESCRIBE, SUMMARIZE or EXPLAIN"
    })
  }
  return statement.stream()
}

const asked = <A>(ask: () => Promise<A>): Effect.Effect<A, BadStatement | StoreError> =>
  Effect.tryPromise({
    try: ask,
    catch: (cause) => {
      if (cause instanceof BadStatement) return cause
      const error = new StoreError({ message: messageOf(cause), cause })
      return Reading.isGone(error) ? error : new BadStatement({ message: error.message })
    }
  })

/** Integers come as texts. */
const withNumbers = (row: Array<unknown>, integers: ReadonlyArray<number>): Row => {
  for (const at of integers) {
    const number = Number(row[at])
    if (row[at] !== null && Number.isSafeInteger(number)) row[at] = number
  }
  return row
}
