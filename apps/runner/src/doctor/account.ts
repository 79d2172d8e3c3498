/**
 * An account: it can be read, its private stream comes up, its key may do what it must and nothing more. Opens it as a run does
 * and only reads: no order is sent, changed or cancelled.
 */
import type { Trading, VenueError } from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { ms, type Verdicts } from "./Checks.ts"
import { ok, problem, unknown, type Verdict, warning } from "./Finding.ts"
import * as Reasons from "./reasons.ts"
import { oneLine } from "./report.ts"

const UP_WITHIN = "12 seconds"

/** A key that ends sooner is one to see to now. */
const EXPIRY_DAYS = 14
const DAY_MS = 86_400_000

/** `isTraded`: the engine sends real orders there. */
export const look = (trading: Trading.Trading, proxy: string | undefined, isTraded: boolean): Verdicts =>
  Effect.scoped(
    Effect.gen(function* () {
      const startedNs = yield* Clock.currentTimeNanos
      const opened = yield* Effect.result(trading.open(() => {}))
      if (Result.isFailure(opened)) return [Reasons.verdict(opened.failure, proxy)]
      const account = opened.success
      const balances = yield* Effect.result(account.balances)
      // nothing else will do better
      if (Result.isFailure(balances)) return [Reasons.verdict(balances.failure, proxy)]
      const stream = yield* upAfter(account, startedNs, proxy)
      const mode = trading.capabilities.positions ? [yield* positions(account, isTraded)] : []
      return [
        ok(`can be read: ${count(balances.success.length, "asset")}`),
        stream,
        ...mode,
        ...(yield* rights(account, isTraded))
      ]
    })
  )

const count = (many: number, word: string): string => `${many} ${word}${many === 1 ? "" : "s"}`

const upAfter = (account: Trading.Account, startedNs: bigint, proxy: string | undefined): Effect.Effect<Verdict> =>
  Effect.gen(function* () {
    const isUp = SubscriptionRef.changes(account.stream).pipe(
      Stream.filter(({ _tag }) => _tag === "Up"),
      Stream.runHead
    )
    const up = yield* Effect.timeoutOption(isUp, UP_WITHIN)
    const elapsed = Number((yield* Clock.currentTimeNanos) - startedNs) / 1e6
    if (Option.isSome(up)) return ok(`the private stream is up after ${ms(elapsed)}`)
    const connections = [...(yield* SubscriptionRef.get(account.connections)).values()]
    const reasons = connections.flatMap(({ name, reason, state }) => [
      `${name} is ${state}${reason === undefined ? "" : `, ${reason}`}`
    ])
    const reason = reasons.length === 0 ? "" : `: ${oneLine(reasons.join("; "))}`
    const advice =
      proxy === undefined
        ? "look at the key, and whether its host can be reached (`endpoints`)"
        : `look whether the proxy ${proxy} lets it through`
    return problem(`the private stream is not up within ${UP_WITHIN}${reason}`, advice)
  })

const positions = (account: Trading.Account, isTraded: boolean): Effect.Effect<Verdict> =>
  Effect.match(Effect.all([account.positions, account.positionMode]), {
    onFailure: (error: VenueError.VenueError) => Reasons.verdict(error),
    onSuccess: ([held, mode]) => {
      const found = `${count(held.length, "position")}; ${mode === "oneWay" ? "one net position a symbol" : "a long and a short position side by side (hedge mode)"}`
      if (mode === "oneWay") return ok(found)
      return (isTraded ? problem : warning)(
        found,
        "the engine trades on net positions only: set the account to one-way mode at the venue"
      )
    }
  })

const rights = (account: Trading.Account, isTraded: boolean): Effect.Effect<ReadonlyArray<Verdict>> =>
  account.rights === undefined
    ? Effect.succeed([untold({})])
    : Effect.gen(function* () {
        const read = yield* Effect.result(account.rights!)
        if (Result.isFailure(read)) return [Reasons.verdict(read.failure)]
        const { addresses, expiresAt, trade, withdraw } = read.success
        const now = yield* Clock.currentTimeMillis
        return [
          ...(trade === undefined ? [] : [mayTrade(trade, isTraded)]),
          ...(withdraw === undefined ? [untold(read.success)] : [mayWithdraw(withdraw)]),
          ...(addresses === undefined ? [] : [bound(addresses)]),
          ...(expiresAt === undefined ? [] : [expiry(expiresAt, now)])
        ]
      })

const mayTrade = (trade: boolean, isTraded: boolean): Verdict => {
  if (trade) return ok("the key may trade")
  return isTraded
    ? problem("the key may not trade", "allow it on the venue's page of the key, or trade on paper")
    : ok("the key may not trade, and nothing here asks for it")
}

const mayWithdraw = (withdraw: boolean): Verdict =>
  withdraw
    ? warning("the key may withdraw", "nothing here needs that: take the right away on the venue's page of the key")
    : ok("the key may not withdraw")

/** What the venue does not tell over its API. */
const untold = ({ addresses }: Trading.Rights): Verdict =>
  unknown(
    `whether the key may withdraw${addresses === undefined ? ", and from which addresses it works," : ""} is not told by the venue`,
    "look at the venue's page of the key: it must not withdraw, and is best bound to this machine's address"
  )

const bound = (addresses: ReadonlyArray<string>): Verdict =>
  addresses.length === 0
    ? warning("the key works from every address", "bind it to this machine's address on the venue's page of the key")
    : ok(`the key works from ${addresses.join(", ")} only`)

const expiry = (expiresAt: number, now: number): Verdict => {
  const days = Math.floor((expiresAt - now) / DAY_MS)
  const found = `the key ends on ${new Date(expiresAt).toISOString().slice(0, 10)}`
  if (days < 0) return problem(found, "make a new one at the venue, and restart with it")
  return days < EXPIRY_DAYS
    ? warning(`${found}, in ${count(days, "day")}`, "make a new one, and restart with it before that")
    : ok(found)
}
