/** Ways to break the made-up venue's trading: what it claims, its account, the events it tells, what its exchange shows. */
import type { PrivateEvent, Trading } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Exchange, Subject } from "../../src/index.ts"
import { reference } from "../reference/subject.ts"
import { adapter } from "./broken.ts"

type Account = Trading.Account
type Emit = (event: PrivateEvent.PrivateEvent) => void

/** Its trading side is another. */
export const trading = (change: (trading: Trading.Trading, exchange: Exchange) => Trading.Trading): Subject =>
  adapter(({ trading: made }, shown) => (made === undefined ? {} : { trading: change(made, shown) }))

/** The way it opens is another. */
export const opening = (
  change: (
    open: (emit: Emit) => Effect.Effect<Account, never, Scope.Scope>,
    emit: Emit
  ) => Effect.Effect<Account, never, Scope.Scope>
): Subject => trading((made) => ({ ...made, open: (emit) => change((each) => Effect.orDie(made.open(each)), emit) }))

export const account = (change: (account: Account, exchange: Exchange) => Partial<Account>): Subject =>
  trading((made, shown) => ({
    ...made,
    open: (emit) => Effect.map(made.open(emit), (opened) => ({ ...opened, ...change(opened, shown) }))
  }))

type Of<Type extends PrivateEvent.PrivateEvent["type"]> = Extract<PrivateEvent.PrivateEvent, { readonly type: Type }>

/** Events of one type are told otherwise, some or none in the place of each; `make` is called for each account. */
export const telling = <Type extends PrivateEvent.PrivateEvent["type"]>(
  type: Type,
  make: () => (event: Of<Type>) => ReadonlyArray<PrivateEvent.PrivateEvent>
): Subject =>
  opening((open, emit) => {
    const change = make()
    return open((event) => (event.type === type ? change(event as Of<Type>) : [event]).forEach(emit))
  })

/** One event in the place of each. */
export const changing = <Type extends PrivateEvent.PrivateEvent["type"]>(
  type: Type,
  change: (event: Of<Type>) => PrivateEvent.PrivateEvent
): Subject => telling(type, () => (event) => [change(event)])

/** What is claimed, before and after opening alike. */
export const claiming = (change: Partial<Trading.TradingCapabilities>): Subject => ({
  ...trading((made) => ({ ...made, capabilities: { ...made.capabilities, ...change } })),
  trading: { ...reference.trading!, ...change }
})
