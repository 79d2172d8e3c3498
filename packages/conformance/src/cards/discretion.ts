/** Cards of what an account must keep to itself, and of orders that end when nobody watches. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Logger from "effect/Logger"
import * as References from "effect/References"
import * as SubscriptionRef from "effect/SubscriptionRef"
import type { Card } from "../Card.ts"
import { unlessTrading } from "../claims.ts"
import { equal, fail, hold, until } from "../Failed.ts"
import { done, openUp } from "../OpenAccount.ts"
import { reference, resting } from "../requests.ts"

/** How long everything is refused, ms. */
const AWAY_MS = 1_000

/** Texts that are kept at most: a card has some hundreds, and one with more fails. */
const MOST_TEXTS = 20_000

/** Everything that can be read of a value: its fields, whether or not they are shown, and of errors message, stack and cause. */
const texts = (value: unknown, seen = new Set<unknown>()): ReadonlyArray<string> => {
  if (typeof value === "string") return [value]
  if (typeof value !== "object" || value === null || seen.has(value)) return []
  seen.add(value)
  const shown = value instanceof Error ? [value.message, value.stack ?? "", String(value)] : []
  const keys = Reflect.ownKeys(value).filter((key) => typeof key === "string")
  const inner: ReadonlyArray<unknown> = [
    ...keys,
    ...keys.map((key) => (value as Readonly<Record<string, unknown>>)[key]),
    ...(value instanceof Map || value instanceof Set ? [...value] : [])
  ]
  return [...shown, ...inner.flatMap((each) => texts(each, seen))]
}

/** What is signed is as good as a key for as long as it lives. */
const SIGNED = /signature["'=:\s]+[A-Za-z0-9+/%]{16,}/i

export const secret: Card = {
  id: "EX-32",
  title: "no key, secret or signature is in an error, a log, a state or an event",
  prerequisite:
    "trading; the exchange can refuse orders, lose streams, refuse connections and fail REST (`reject`, `unknown`, `killStream`, `refuse`, `rest`)",
  action:
    "open the account with every log line kept; place, be refused, be left in the dark; lose the stream, fail every read and every order for a second; come back",
  pass: "none of the exchange's secrets, and nothing that looks signed, is in any of it",
  unless: unlessTrading(),
  check: (stage) =>
    Effect.gen(function* () {
      const { exchange: market, symbol } = stage
      const said: Array<string> = []
      const say = (value: unknown): void => {
        if (said.length < MOST_TEXTS) said.push(...texts(value))
      }
      const listener = Logger.make(({ cause, fiber, message }) => {
        say(message)
        say(fiber.getRef(References.CurrentLogAnnotations))
        say(Cause.pretty(cause))
      })
      const [reject, unknown, kill] = [
        yield* stage.tradingFault("reject"),
        yield* stage.tradingFault("unknown"),
        yield* stage.tradingFault("killStream")
      ]
      const [refuse, rest] = [yield* stage.fault("refuse"), yield* stage.fault("rest")]
      const life = Effect.gen(function* () {
        const watched = yield* openUp(stage)
        const { account, exchange } = watched
        const terms = yield* exchange.terms(symbol)
        const since = Math.floor(yield* market.now)
        const hear = <A, E>(effect: Effect.Effect<A, E>) =>
          Effect.matchCause(effect, { onFailure: say, onSuccess: say })
        yield* hear(watched.open(resting(symbol, "secret-1", terms)))
        yield* reject
        yield* hear(account.submit(resting(symbol, "secret-2", terms)))
        yield* unknown
        yield* hear(account.submit(resting(symbol, "secret-3", terms)))
        yield* hear(account.submit({ ...resting(symbol, "secret-4", terms), symbol: market.unknownSymbol }))
        const before = yield* exchange.secrets
        yield* refuse(AWAY_MS)
        yield* rest(500, AWAY_MS)
        yield* kill
        yield* until("the stream down", () => watched.session === undefined)
        yield* hear(account.submit(resting(symbol, "secret-5", terms)))
        yield* hear(account.cancel(reference(symbol, "secret-1")))
        yield* hear(account.order(reference(symbol, "secret-1")))
        yield* hear(account.openOrders([symbol]))
        yield* hear(account.fills({ symbol, since }))
        yield* hear(account.balances)
        yield* hear(account.positions)
        say([...SubscriptionRef.getUnsafe(account.connections).values()])
        say(SubscriptionRef.getUnsafe(account.stream))
        yield* until("the stream up again", () => watched.session !== undefined)
        say([...SubscriptionRef.getUnsafe(account.connections).values()])
        say(watched.events)
        return [...before, ...(yield* exchange.secrets)]
      })
      const secrets = yield* life.pipe(
        Effect.scoped,
        Effect.provide(Logger.layer([listener])),
        Effect.provideService(References.MinimumLogLevel, "Trace")
      )
      yield* hold("too much was said to be read", said.length < MOST_TEXTS)
      yield* hold("nothing was said", said.length > 0)
      const told = said.find((text) => SIGNED.test(text) || secrets.some((each) => text.includes(each)))
      // what was told is not told again
      yield* hold(`a secret was said in a text of ${told?.length} letters`, told === undefined)
      if (secrets.length === 0) return yield* fail("the exchange names no secrets")
    })
}

const WITHIN_MS = 1_500

export const deadMan: Card = {
  id: "EX-33",
  title: "what is not confirmed in time is cancelled by the venue, and what is taken back is not",
  prerequisite: "the dead-man switch",
  action: "rest an order and set the switch to 1.5 s; rest another, set it again and take it back",
  pass: "the first is open at first, then told cancelled or expired without a request of ours; the other stays open",
  unless: unlessTrading(({ deadMan: isClaimed }) => (isClaimed ? undefined : "the dead-man switch is not claimed")),
  check: (stage) =>
    Effect.gen(function* () {
      const { symbol } = stage
      const watched = yield* openUp(stage)
      const { account, exchange } = watched
      const set = account.deadMan
      if (set === undefined) return yield* fail("it is claimed, and not there")
      const terms = yield* exchange.terms(symbol)
      yield* watched.open(resting(symbol, "dead-1", terms))
      yield* done("deadMan", set([symbol], WITHIN_MS))
      yield* Effect.sleep(WITHIN_MS / 3)
      yield* equal("before the time is over", (yield* watched.true("dead-1")).status, "open")
      yield* watched.untilEnded("dead-1")
      yield* watched.open(resting(symbol, "dead-2", terms))
      yield* done("deadMan", set([symbol], WITHIN_MS))
      yield* done("deadMan taken back", set([symbol], 0))
      yield* Effect.sleep(WITHIN_MS * 1.5)
      yield* equal("what was taken back", (yield* watched.true("dead-2")).status, "open")
      const cancels = (yield* exchange.account).requests.filter(({ request }) => request !== "place")
      yield* equal("cancellations that were asked for", cancels, [])
    })
}
