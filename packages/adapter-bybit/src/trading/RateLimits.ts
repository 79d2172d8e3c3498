/**
 * How often an account may ask for each thing, in any second: the venue counts by user and endpoint, REST and the trade
 * socket together, and every answer tells how it stands.
 *
 * Guarantees: at most 70 % of what the venue allows is used; a call too many is told by the venue and leaves that endpoint
 * alone until it says so, and no other.
 * Source: docs/venues/bybit.md, "Limits of orders".
 */
import { OrderBudget } from "@tidewire/core"
import { Effect } from "effect"
import type { Market } from "../market.ts"

export type Operation = "create" | "amend" | "cancel" | "cancel-all"

const SPOT: Readonly<Record<Operation, number>> = { create: 20, amend: 10, cancel: 20, "cancel-all": 20 }
const CONTRACTS: Readonly<Record<Operation, number>> = { create: 10, amend: 10, cancel: 10, "cancel-all": 10 }
const READS = 50

/** The code of a call too many. */
export const TOO_MANY = 10006

/** Where the venue does not say until when. */
const REST_MS = 1_000

const WINDOW = "1s"

/** A header of an answer by its lower-case name. */
export type Header = (name: string) => string | undefined

export class RateLimits {
  readonly #operations: Readonly<Record<Operation, number>>
  readonly #budgets = new Map<string, OrderBudget.OrderBudget>()
  readonly #counts: boolean

  /** `counts: false` is for what is never sent. */
  constructor(category: Market["category"], { counts = true }: { readonly counts?: boolean } = {}) {
    this.#counts = counts
    this.#operations = category === "spot" ? SPOT : CONTRACTS
  }

  /** Of an operation, or of a read by its path. */
  of(endpoint: Operation | `/${string}`): OrderBudget.OrderBudget {
    const known = this.#budgets.get(endpoint)
    if (known !== undefined) return known
    const count = endpoint.startsWith("/") ? READS : this.#operations[endpoint as Operation]
    const budget = new OrderBudget.OrderBudget([{ name: WINDOW, count, window: "1 second", slides: true }], {
      reserve: 0,
      counts: this.#counts
    })
    this.#budgets.set(endpoint, budget)
    return budget
  }

  /** Takes in an answer's headers. */
  told(endpoint: Operation | `/${string}`, header: Header, nowMs: number): void {
    const allowed = count(header("x-bapi-limit"))
    const left = count(header("x-bapi-limit-status"))
    if (allowed !== undefined && left !== undefined) {
      this.of(endpoint).told(WINDOW, Math.max(0, allowed - left), nowMs, allowed)
    }
  }

  /** A call was one too many; gives for how long none is made now. */
  exceeded(endpoint: Operation | `/${string}`, header: Header, venueNowMs: number): Effect.Effect<number> {
    const until = count(header("x-bapi-limit-reset-timestamp"))
    const restMs = until === undefined ? REST_MS : Math.min(Math.max(1, until - venueNowMs), REST_MS)
    return this.of(endpoint).rest(restMs)
  }
}

const count = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
