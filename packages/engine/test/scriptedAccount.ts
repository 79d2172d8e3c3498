/**
 * A venue by script: it keeps orders as a venue does, tells nothing by itself, and answers as the test says.
 */
import {
  type Order,
  Order as OrderModule,
  type PrivateEvent,
  type Trading,
  type VenueAdapter,
  VenueError
} from "@tidewire/core"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as SubscriptionRef from "effect/SubscriptionRef"

export const venueError = (reason: VenueError.Reason) =>
  new VenueError.VenueError({ venue: "paper", operation: "test", reason })

export const failing = (reason: VenueError.Reason) => Effect.fail(venueError(reason))

export const unknownOutcome = failing(new VenueError.OutcomeUnknown({ message: "no answer", clientOrderId: "" }))
export const unavailable = failing(new VenueError.VenueUnavailable({ message: "closed" }))
export const rejected = failing(new VenueError.OrderRejected({ message: "no funds", code: -2010 }))

export class ScriptedAccount {
  /** What the venue has, ended orders included. */
  readonly orders = new Map<string, PrivateEvent.Order>()
  /** Every call, in order: `submit 0`, `cancel 0`, `openOrders` …; orders by their number. */
  readonly calls: Array<string> = []
  readonly numbers = new Map<string, number>()
  fillsAtVenue: Array<PrivateEvent.Fill> = []
  balancesAtVenue: Array<PrivateEvent.Balance> = []
  positionsAtVenue: Array<PrivateEvent.Position> = []
  mode: "oneWay" | "hedge" = "oneWay"
  /** What happens in place of what a venue does; `pass` does it. */
  script: {
    submit?: (
      order: Order.Request,
      pass: () => Trading.Accepted
    ) => Effect.Effect<Trading.Accepted, VenueError.VenueError>
    cancel?: (order: Order.Reference, pass: () => void) => Effect.Effect<void, VenueError.VenueError>
    cancelAll?: (pass: () => void) => Effect.Effect<void, VenueError.VenueError>
    amend?: (amendment: Order.Amendment, pass: () => void) => Effect.Effect<void, VenueError.VenueError>
    order?: (
      found: PrivateEvent.Order | undefined
    ) => Effect.Effect<PrivateEvent.Order | undefined, VenueError.VenueError>
    openOrders?: (
      found: ReadonlyArray<PrivateEvent.Order>
    ) => Effect.Effect<ReadonlyArray<PrivateEvent.Order>, VenueError.VenueError>
    balances?: Effect.Effect<ReadonlyArray<PrivateEvent.Balance>, VenueError.VenueError>
    /** To be given before it is opened; without it the account cannot. */
    rehearse?: NonNullable<Trading.Account["rehearse"]>
  } = {}
  emit: (event: PrivateEvent.PrivateEvent) => void = () => undefined
  account: Trading.Account | undefined
  readonly capabilities: Trading.TradingCapabilities

  constructor(capabilities: Partial<Trading.TradingCapabilities> = {}) {
    this.capabilities = {
      kinds: ["limit", "market", "stop", "takeProfit"],
      timesInForce: ["gtc", "ioc", "fok", "postOnly"],
      reduceOnly: true,
      amends: "priceAndSize",
      positions: true,
      deadMan: true,
      ...capabilities
    }
  }

  get trading(): Trading.Trading {
    return {
      capabilities: this.capabilities,
      open: (emit) => Effect.map(this.#make(), (account) => ((this.emit = emit), (this.account = account)))
    }
  }

  readonly up = (session: number) =>
    Effect.suspend(() => SubscriptionRef.set(this.account!.stream, { _tag: "Up", session }))
  readonly down = Effect.suspend(() => SubscriptionRef.set(this.account!.stream, { _tag: "Down", reason: "lost" }))

  /** The venue changes an order of its own accord, and says nothing. */
  change(clientOrderId: string, change: Partial<PrivateEvent.Order>, receivedTime = 0): PrivateEvent.Order {
    const changed = { ...this.orders.get(clientOrderId)!, receivedTime, ...change }
    this.orders.set(clientOrderId, changed)
    return changed
  }

  /** As `change`, and tells it. */
  report(clientOrderId: string, change: Partial<PrivateEvent.Order>): void {
    this.emit(this.change(clientOrderId, change))
  }

  called(prefix: string): number {
    return this.calls.filter((each) => each.startsWith(prefix)).length
  }

  #call(name: string, clientOrderId?: string): void {
    if (clientOrderId === undefined) return void this.calls.push(name)
    if (!this.numbers.has(clientOrderId)) this.numbers.set(clientOrderId, this.numbers.size)
    this.calls.push(`${name} ${this.numbers.get(clientOrderId)}`)
  }

  #open(): ReadonlyArray<PrivateEvent.Order> {
    return [...this.orders.values()].filter((each) => !OrderModule.isEnded(each.status))
  }

  #place(order: Order.Request, now: number): Trading.Accepted {
    const venueOrderId = `v-${this.orders.size}`
    this.orders.set(order.clientOrderId, {
      ...order,
      type: "order",
      venue: "paper",
      receivedTime: now,
      venueOrderId,
      status: "open",
      filled: "0"
    })
    return { venueOrderId }
  }

  #make(): Effect.Effect<Trading.Account> {
    const { script } = this
    const at = <A, E>(use: (now: number) => Effect.Effect<A, E>) => Effect.flatMap(Clock.currentTimeMillis, use)
    const end = (id: string, now: number) => {
      const order = this.orders.get(id)
      if (order !== undefined && !OrderModule.isEnded(order.status)) this.change(id, { status: "cancelled" }, now)
    }
    return Effect.gen({ self: this }, function* () {
      return {
        stream: yield* SubscriptionRef.make<Trading.StreamState>({ _tag: "Down", reason: undefined }),
        connections: yield* SubscriptionRef.make<ReadonlyMap<string, VenueAdapter.ConnectionStatus>>(new Map()),
        submit: (order) =>
          at((now) => {
            this.#call("submit", order.clientOrderId)
            const pass = () => this.#place(order, now)
            return this.script.submit?.(order, pass) ?? Effect.succeed(pass())
          }),
        ...(script.rehearse !== undefined && { rehearse: script.rehearse }),
        amend: (amendment) =>
          at((now) => {
            this.#call("amend", amendment.clientOrderId)
            const { price, size } = amendment
            const pass = () =>
              void this.change(
                amendment.clientOrderId,
                { ...(price === undefined ? {} : { price }), ...(size === undefined ? {} : { size }) },
                now
              )
            return this.script.amend?.(amendment, pass) ?? Effect.sync(pass)
          }),
        cancel: (order) =>
          at((now) => {
            this.#call("cancel", order.clientOrderId)
            const pass = () => end(order.clientOrderId, now)
            return this.script.cancel?.(order, pass) ?? Effect.sync(pass)
          }),
        cancelAll: () =>
          at((now) => {
            this.#call("cancelAll")
            const pass = () => this.#open().forEach((each) => end(each.clientOrderId, now))
            return this.script.cancelAll?.(pass) ?? Effect.sync(pass)
          }),
        order: (reference) =>
          at((now) => {
            this.#call("order", reference.clientOrderId)
            const known = this.orders.get(reference.clientOrderId)
            const found = known === undefined ? undefined : { ...known, receivedTime: now }
            return this.script.order?.(found) ?? Effect.succeed(found)
          }),
        openOrders: () =>
          at((now) => {
            this.#call("openOrders")
            const found = this.#open().map((each) => ({ ...each, receivedTime: now }))
            return this.script.openOrders?.(found) ?? Effect.succeed(found)
          }),
        fills: ({ since, symbol }) =>
          Effect.sync(() => {
            this.#call(`fills ${symbol} ${since}`)
            return this.fillsAtVenue.filter(
              (each) => each.symbol === symbol && (each.exchangeTime ?? each.receivedTime) >= since
            )
          }),
        balances: Effect.suspend(() => script.balances ?? Effect.succeed(this.balancesAtVenue)),
        positions: Effect.sync(() => this.positionsAtVenue),
        positionMode: Effect.sync(() => this.mode),
        deadMan: (_, within) => Effect.sync(() => this.#call(`deadMan ${Duration.toMillis(within)}`))
      } satisfies Trading.Account
    })
  }
}
