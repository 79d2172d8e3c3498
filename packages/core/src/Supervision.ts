/**
 * For adapters that do not speak over core's sockets and want to be supervised as those are: what a feed, its
 * connections and the streams of its subscriptions are made of. Such an adapter brings a `SupervisedSession`, which
 * carries streams for as long as it lives; reconnecting, backoff, rotation, silence, gaps and backfill are core's.
 */
export * as Backfill from "./Backfill.ts"
export { ChannelStream, type ChannelStreamOptions } from "./ChannelStream.ts"
export type { BookViewer } from "./CheckedBookStream.ts"
export { BookTeller } from "./BookTeller.ts"
export { EventStream, type EventStreamOptions } from "./EventStream.ts"
export type { FeedCounter } from "./FeedCounter.ts"
export { Leg } from "./Leg.ts"
export { printableUrl } from "./printableUrl.ts"
export { receiveTime, stateTime, stateTimeBy } from "./receiveTime.ts"
export { RecalledStream } from "./RecalledStream.ts"
export { namesOf, open, type SocketFeedSetup as FeedSetup, type StreamSetup } from "./SocketFeed.ts"
export { proveAlive, untilDead, type WatchedSocket } from "./SocketWatch.ts"
export type { Owner, SupervisedSession } from "./SupervisedSession.ts"
