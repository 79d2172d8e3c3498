/**
 * One REST endpoint: what it weighs and what it answers. Weights may depend on the parameters and are charged before
 * the parameters are judged.
 */
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
}

export interface Endpoint {
  readonly weight: (query: URLSearchParams) => number
  /** A JSON value; throws `RestFailure`. */
  readonly answer: (context: RestContext, query: URLSearchParams) => unknown
}

export type Endpoints = Readonly<Record<string, Endpoint>>

export const always = (weight: number) => (): number => weight
