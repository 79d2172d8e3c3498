/**
 * The made-up exchange's way to its accounts: private streams that can be lost, late and doubled, and order requests whose
 * answers can be lost. Everything that goes wrong with orders goes wrong here.
 */
import type { Amount, Order } from "@tidewire/core"
import * as Effect from "effect/Effect"
import type { TradingExchange } from "../../src/index.ts"
import { type BookedOrder, Ledger, Refused, type Told } from "./Ledger.ts"
import type { Market } from "./Market.ts"

/** Nobody may read it. */
export const KEY = "made-up-key-that-is-a-secret"

export interface Stream {
  readonly told: (told: Told) => void
  readonly ended: (reason: string) => void
}

type Answer = { readonly _tag: "Done" } | { readonly _tag: "Unknown" } | { readonly _tag: "Nothing" }

const EARLY_MS = 50

export class Wire {
  readonly ledger: Ledger
  readonly streams = new Set<Stream>()
  readonly #now: () => number
  readonly #pending = new Map<"reject" | "unknown" | "loseAnswer" | "early" | "doubleFill", boolean>()
  #lateMs = 0
  #waiting: Array<{ readonly at: number; readonly told: Told }> = []
  #countdowns = new Map<string, number>()

  constructor(markets: ReadonlyMap<string, Market>, now: () => number) {
    this.#now = now
    this.ledger = new Ledger(markets, now)
    this.ledger.listeners.add((told) => this.#publish(told))
  }

  /** Sends what is late and due, and lets countdowns run out. */
  tick(): void {
    const now = this.#now()
    const due = this.#waiting.filter(({ at }) => at <= now)
    this.#waiting = this.#waiting.filter(({ at }) => at > now)
    for (const { told } of due) this.#send(told)
    for (const [symbol, at] of this.#countdowns) {
      if (at > now) continue
      this.#countdowns.delete(symbol)
      this.#cancelAll(symbol)
    }
  }

  /** What is answered to an order; `Refused` where it is refused. */
  place(request: Order.Request): Effect.Effect<readonly [Answer, BookedOrder], Refused> {
    return this.#asked("place", request.clientOrderId, () => {
      if (this.#pending.delete("reject")) throw new Refused(14, "refused on demand")
      const order = this.ledger.place(request)
      const isEarly = this.#pending.delete("early")
      const tag = this.#pending.delete("unknown") ? "Unknown" : this.#pending.delete("loseAnswer") ? "Nothing" : "Done"
      return [{ _tag: tag } satisfies Answer, order, isEarly ? EARLY_MS : 0] as const
    }).pipe(
      Effect.flatMap(([answer, order, delayMs]) =>
        Effect.as(delayMs === 0 ? Effect.void : Effect.sleep(delayMs), [answer, order] as const)
      )
    )
  }

  cancel(clientOrderId: string): Effect.Effect<void, Refused> {
    return this.#asked("cancel", clientOrderId, () => this.ledger.cancel(clientOrderId))
  }

  amend(amendment: Order.Amendment): Effect.Effect<void, Refused> {
    const { clientOrderId, price, size } = amendment
    const change = { ...(price !== undefined && { price }), ...(size !== undefined && { size }) }
    return this.#asked("amend", clientOrderId, () => this.ledger.amend(clientOrderId, change))
  }

  cancelAll(symbol: string): Effect.Effect<void> {
    return Effect.sync(() => this.#cancelAll(symbol))
  }

  countdown(symbol: string, withinMs: number): void {
    if (withinMs === 0) this.#countdowns.delete(symbol)
    else this.#countdowns.set(symbol, this.#now() + withinMs)
  }

  get exchange(): TradingExchange {
    const act = (run: () => unknown) => Effect.asVoid(Effect.sync(run))
    const next = (fault: "reject" | "unknown" | "loseAnswer" | "early" | "doubleFill") =>
      act(() => this.#pending.set(fault, true))
    const end = (reason: string) => act(() => this.streams.forEach((stream) => stream.ended(reason)))
    return {
      account: Effect.sync(() => this.ledger.account),
      secrets: Effect.succeed([KEY]),
      terms: () => Effect.succeed(terms),
      meet: (clientOrderId, size: Amount.Amount) => act(() => this.ledger.meet(clientOrderId, Number(size))),
      moveTo: (symbol) => act(() => this.ledger.moveTo(symbol)),
      faults: {
        reject: next("reject"),
        unknown: next("unknown"),
        loseAnswer: next("loseAnswer"),
        early: next("early"),
        doubleFill: next("doubleFill"),
        late: (byMs) => act(() => (this.#lateMs = byMs)),
        killStream: end("lost"),
        endStream: end("the venue goes down")
      }
    }
  }

  #cancelAll(symbol: string): void {
    for (const order of this.ledger.orders) {
      if (order.symbol === symbol && order.status === "open") this.ledger.cancel(order.clientOrderId)
    }
  }

  #asked<A>(request: "place" | "cancel" | "amend", clientOrderId: string, run: () => A): Effect.Effect<A, Refused> {
    return Effect.try({
      try: () => {
        this.ledger.requests.push({ request, clientOrderId })
        return run()
      },
      catch: (cause) => {
        if (cause instanceof Refused) return cause
        throw cause
      }
    })
  }

  #publish(told: Told): void {
    if (this.#lateMs > 0) return void this.#waiting.push({ at: this.#now() + this.#lateMs, told })
    this.#send(told)
    if (told.type === "fill" && this.#pending.delete("doubleFill")) this.#send(told)
  }

  #send(told: Told): void {
    for (const stream of this.streams) stream.told(told)
  }
}

/** The best level of the made-up book has one; its prices have a half as tick. */
const terms = {
  bid: "99.5",
  ask: "100.5",
  askSize: "1",
  below: "90",
  above: "110",
  rise: "101.5",
  fall: "98.5",
  size: "4"
}
