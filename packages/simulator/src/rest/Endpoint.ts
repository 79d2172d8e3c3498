/**
 * One REST endpoint: what it weighs and what it answers. Weights may depend on the parameters and are charged before
 * the parameters are judged.
 */
import type { Trading } from "../account/Trading.ts"
import type { Venue } from "../market/venue.ts"
import type { Topics } from "../topics/Topics.ts"
import type { Snapshots } from "./snapshots.ts"

export interface RestContext {
  readonly venue: Venue
  readonly topics: Topics
  readonly snapshots: Snapshots
  readonly weightPerMinute: number
  /** The server's clock, which may be off. */
  readonly now: () => number
  /** How far it is off. */
  readonly skewMs: number
  readonly trading: Trading
}

/** A request beside its parameters. */
export interface Call {
  readonly method: string
  readonly query: string
  readonly body: string
  readonly header: (name: string) => string | undefined
}

export interface Endpoint {
  readonly weight: (query: URLSearchParams) => number
  /** A JSON value, or an `Answer`; throws the venue's failure. */
  readonly answer: (context: RestContext, query: URLSearchParams, call: Call) => unknown
}

export type Endpoints = Readonly<Record<string, Endpoint>>

export const always = (weight: number) => (): number => weight
