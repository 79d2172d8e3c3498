/**
 * An open account under observation: everything it told, in order, and what cards ask of it. Keeps at most `MOST` events;
 * a card that is told more than that fails.
 */
import { Order as OrderModule, type PrivateEvent, type Trading, VenueError } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as SubscriptionRef from "effect/SubscriptionRef"
import { fail, type Failed, until } from "./Failed.ts"
import type { Stage } from "./Stage.ts"
import type { TradingExchange, TrueOrder } from "./TradingExchange.ts"

const MOST = 100_000

type Typed<Type extends PrivateEvent.PrivateEvent["type"]> = Extract<PrivateEvent.PrivateEvent, { readonly type: Type }>

export class OpenAccount {
  readonly events: ReadonlyArray<PrivateEvent.PrivateEvent>
  readonly account: Trading.Account
  readonly exchange: TradingExchange

  constructor(account: Trading.Account, exchange: TradingExchange, events: ReadonlyArray<PrivateEvent.PrivateEvent>) {
    this.account = account
    this.exchange = exchange
    this.events = events
  }

  of<Type extends PrivateEvent.PrivateEvent["type"]>(type: Type): ReadonlyArray<Typed<Type>> {
    return this.events.filter((event): event is Typed<Type> => event.type === type)
  }

  /** What was told of an order. */
  orders(clientOrderId: string): ReadonlyArray<PrivateEvent.Order> {
    return this.of("order").filter((order) => order.clientOrderId === clientOrderId)
  }

  /** What was told of it last. */
  order(clientOrderId: string): PrivateEvent.Order | undefined {
    return this.orders(clientOrderId).at(-1)
  }

  /** Of an order, by either of its ids. */
  fills(order: Pick<TrueOrder, "clientOrderId" | "venueOrderId">): ReadonlyArray<PrivateEvent.Fill> {
    return this.of("fill").filter((fill) =>
      fill.clientOrderId === undefined
        ? fill.venueOrderId === order.venueOrderId
        : fill.clientOrderId === order.clientOrderId
    )
  }

  /** The number of the session that is up. */
  get session(): number | undefined {
    const state = SubscriptionRef.getUnsafe(this.account.stream)
    return state._tag === "Up" ? state.session : undefined
  }

  untilTold(clientOrderId: string, status: PrivateEvent.Order["status"]): Effect.Effect<PrivateEvent.Order, Failed> {
    return until(`${clientOrderId} told ${status}`, () => {
      const told = this.order(clientOrderId)
      return told?.status === status ? told : undefined
    })
  }

  untilEnded(clientOrderId: string): Effect.Effect<PrivateEvent.Order, Failed> {
    return until(`${clientOrderId} told to have ended`, () => {
      const told = this.order(clientOrderId)
      return told !== undefined && OrderModule.isEnded(told.status) ? told : undefined
    })
  }

  /** Submits, and waits until it is told open. */
  open(request: OrderModule.Request): Effect.Effect<PrivateEvent.Order, Failed> {
    return Effect.andThen(done("submit", this.account.submit(request)), this.untilTold(request.clientOrderId, "open"))
  }

  /** What the exchange knows of an order. */
  true(clientOrderId: string): Effect.Effect<TrueOrder, Failed> {
    return Effect.flatMap(this.exchange.account, ({ orders }) => {
      const found = orders.find((order) => order.clientOrderId === clientOrderId)
      return found === undefined ? fail(`the exchange has no order ${clientOrderId}`) : Effect.succeed(found)
    })
  }
}

/** Opens the account in the scope at hand, and watches it from its first event on. */
export const open = (stage: Stage): Effect.Effect<OpenAccount, Failed, Scope.Scope> =>
  Effect.gen(function* () {
    const { adapter, exchange } = yield* stage.trading
    const events: Array<PrivateEvent.PrivateEvent> = []
    const account = yield* done(
      "open",
      adapter.open((event) => {
        if (events.length >= MOST) throw new RangeError(`more than ${MOST} events`)
        events.push(event)
      })
    )
    return new OpenAccount(account, exchange, events)
  })

/** Opens it and waits until its stream is up. */
export const openUp = (stage: Stage): Effect.Effect<OpenAccount, Failed, Scope.Scope> =>
  Effect.tap(open(stage), (opened) => until("the stream up", () => opened.session !== undefined))

/** What must come through. */
export const done = <A, R>(what: string, effect: Effect.Effect<A, VenueError.VenueError, R>) =>
  Effect.catch(effect, (error) => fail(`${what}: ${error.message}`))

/** What must fail, and the reason. */
export const refused = <A, R>(
  what: string,
  effect: Effect.Effect<A, VenueError.VenueError, R>
): Effect.Effect<VenueError.Reason, Failed, R> =>
  Effect.matchEffect(effect, {
    onFailure: ({ reason }) => Effect.succeed(reason),
    onSuccess: () => fail(`${what} was accepted`)
  })
