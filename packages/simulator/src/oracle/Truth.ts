/**
 * What is so on the exchange, read where it happens: markets and sockets themselves, not copies. Nothing here changes
 * anything but the birth of a market.
 */
import type { AccountView } from "../account/views.ts"
import type { Clock } from "../clock.ts"
import type { MarketKind } from "../market/definition.ts"
import type { Market } from "../market/market.ts"
import type { Connection } from "../socket/Connection.ts"
import type { Frame } from "../topics/Frame.ts"
import type { Channels } from "./Channels.ts"

export interface Truth {
  /** What an account really has and did; throws `BadRequest` when there is none. */
  readonly account: (key: string) => AccountView
  /** Epoch milliseconds. */
  readonly now: () => number
  /** The simulator's timers. */
  readonly every: Clock["every"]
  readonly market: (kind: MarketKind, symbol: string) => Market | undefined
  readonly channels: (kind: MarketKind) => Channels
  /** The open ones. */
  readonly connections: ReadonlySet<Connection>
  /** Until when what the exchange does to a connection may be late at the client. */
  readonly lateUntil: () => number
  /** By how much the exchange's stamps may have been off, in milliseconds. */
  readonly skews: ReadonlySet<number>
  /** Open, and nothing is sent on it any more. */
  readonly isHalfOpen: (connection: Connection) => boolean
  /** Tells each frame that a fault kept from a connection or made unreadable; answers how to stop. */
  readonly watchWithheld: (watcher: (market: MarketKind, frame: Frame) => void) => () => void
  /** Tells each connection that ends; answers how to stop. */
  readonly watchEnds: (watcher: (ended: Connection) => void) => () => void
}
