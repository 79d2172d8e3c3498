/** A connection to PostgreSQL, loaded when it is asked for. What is secret of its URL is in no message. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Redacted from "effect/Redacted"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Scope from "effect/Scope"
import type * as SqlClient from "effect/sql/SqlClient"
import { messageOf, StoreError } from "../Store.ts"

const CLOSE_WITHIN = "2 seconds"

const load = Effect.tryPromise({
  try: () => import("@effect/sql-pg/PgClient"),
  catch: (cause) =>
    new StoreError({
      message: `the client of PostgreSQL cannot be loaded (${messageOf(cause).split("\n")[0]}); install it beside the runner: npm install @effect/sql-pg`,
      cause
    })
})

export interface Options {
  readonly url: string
  readonly schema: string
  /** Nothing can be changed over it. */
  readonly readOnly?: boolean
}

/** Opens connections as they are needed; ends with the scope. */
export const open = ({
  readOnly = false,
  schema,
  url
}: Options): Effect.Effect<SqlClient.SqlClient, StoreError, Scope.Scope> =>
  Effect.gen(function* () {
    const { make } = yield* load
    const scope = yield* Effect.acquireRelease(Scope.make(), (scope, exit) => closed(Scope.close(scope, exit)))
    const made = make({
      url: Redacted.make(url),
      applicationName: "tidewire",
      minConnections: 0,
      maxConnections: 2,
      connectTimeout: "5 seconds",
      startupParameters: {
        search_path: schema,
        timezone: "UTC",
        ...(readOnly && { default_transaction_read_only: "on" })
      }
    })
    return yield* Effect.mapError(Scope.provide(made, scope), describe(url))
  }).pipe(Effect.provide(Reactivity.layer))

/** A database that hangs does not hold up the end of a run. */
const closed = (closing: Effect.Effect<void>): Effect.Effect<void> =>
  Effect.flatMap(Effect.forkDetach(closing), (fiber) => Effect.timeoutOption(Fiber.await(fiber), CLOSE_WITHIN)).pipe(
    Effect.asVoid
  )

/** What went wrong, in the database's words where it had any. */
export const describe =
  (url: string) =>
  (error: unknown): StoreError => {
    if (error instanceof StoreError) return error
    const said = deepest(error)
    return new StoreError({ message: `PostgreSQL at ${placeOf(url)}: ${said}`, cause: error })
  }

/** Host and database. */
const placeOf = (url: string): string => {
  if (!URL.canParse(url)) return "an address that is no URL"
  const { host, pathname, searchParams } = new URL(url)
  return `${host === "" ? (searchParams.get("host") ?? "") : host}${pathname}`
}

/** The innermost message: those around it say that a statement failed. */
export const deepest = (error: unknown): string => {
  let said = messageOf(error)
  for (let at: unknown = error; typeof at === "object" && at !== null;) {
    if ("message" in at && typeof at.message === "string" && at.message !== "") said = at.message
    at = "cause" in at && at.cause !== undefined ? at.cause : "reason" in at ? at.reason : undefined
  }
  return said
}
