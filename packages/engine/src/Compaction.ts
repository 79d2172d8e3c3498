/**
 * What a journal keeps when an engine starts. Pure.
 *
 * Guarantees: of an order that has not ended everything is kept but repeated reports (its latest says what they said); of one
 * that has ended only its latest report, for `keepEnded` at least after it was last heard of, and at most `maxEnded` orders.
 * Fills and funding payments are forgotten only when they are older than `keepEnded` and a `portfolio` snapshot was taken
 * a day after them; snapshots, halts and starts only when there is a later one. The order of what is kept stays.
 */
import { Order } from "@tidewire/core"
import * as Duration from "effect/Duration"
import { type Entry, keyOf } from "./Journal.ts"

export interface Policy {
  /** Epoch ms. */
  readonly now: number
  /** Default 7 days, longer than any venue's lookup of cancelled orders goes back. */
  readonly keepEnded?: Duration.Input
  /** Default 10 000. */
  readonly maxEnded?: number
}

const DEFAULT_KEEP_ENDED: Duration.Input = "7 days"
const DEFAULT_MAX_ENDED = 10_000

/** Fills are kept for so long before a snapshot that covers them: the clocks of venues differ from ours. */
const MARGIN: Duration.Input = "1 day"

/**
 * From when on fills are to be asked for of a symbol that has none here: since the journal began, but of fills that were
 * forgotten, because a portfolio covers them, none that would then be counted twice.
 */
export const fillsSince = (kept: ReadonlyArray<Entry>, now: number): number => {
  const [begun = now] = kept.flatMap((entry) => ("time" in entry ? [entry.time] : []))
  const covered = kept.findLast((entry) => entry._tag === "Snapshot" && entry.name === "portfolio")
  if (covered?._tag !== "Snapshot") return begun
  const oldest = now - Duration.toMillis(DEFAULT_KEEP_ENDED) + Duration.toMillis(MARGIN)
  return Math.max(begun, Math.min(covered.time, oldest))
}

export const compact = (entries: Iterable<Entry>, policy: Policy): ReadonlyArray<Entry> => {
  const all = [...entries]
  const oldest = policy.now - Duration.toMillis(policy.keepEnded ?? DEFAULT_KEEP_ENDED)
  const latest = latestOf(all)
  const orders = ordersOf(all)
  const forgotten = forgottenOf(orders, oldest, policy.maxEnded ?? DEFAULT_MAX_ENDED)
  const coveredTo = latest.get("Snapshot portfolio") ?? -1
  const covered = all[coveredTo]
  const margin = Duration.toMillis(MARGIN)
  const bound = covered?._tag === "Snapshot" ? Math.min(oldest, covered.time - margin) : oldest
  const isOld = (index: number, time: number) => index < coveredTo && time < bound
  return all.filter((entry, index) => {
    switch (entry._tag) {
      case "Intent":
        return !forgotten.has(keyOf(entry.venue, entry.request.clientOrderId))
      case "Cancel":
        return !hasEnded(orders, keyOf(entry.venue, entry.clientOrderId))
      case "Amend":
        return !hasEnded(orders, keyOf(entry.venue, entry.amendment.clientOrderId))
      case "Order": {
        const key = keyOf(entry.order.venue, entry.order.clientOrderId)
        return orders.get(key)?.index === index && !forgotten.has(key)
      }
      case "Fill":
        return !isOld(index, entry.fill.receivedTime)
      case "Funding":
        return !isOld(index, entry.funding.receivedTime)
      case "Snapshot":
        return latest.get(`Snapshot ${entry.name}`) === index
      case "Halt":
      case "Resume":
        return latest.get("trading") === index
      case "Started":
        return latest.get("boot") === index
    }
  })
}

/** Where the one of each kind is that counts. */
const latestOf = (entries: ReadonlyArray<Entry>): ReadonlyMap<string, number> => {
  const latest = new Map<string, number>()
  let boot = Number.NEGATIVE_INFINITY
  for (const [index, entry] of entries.entries()) {
    if (entry._tag === "Snapshot") latest.set(`Snapshot ${entry.name}`, index)
    if (entry._tag === "Halt" || entry._tag === "Resume") latest.set("trading", index)
    // the highest, not the last: the clock may have been set back
    if (entry._tag === "Started" && entry.boot > boot) {
      boot = entry.boot
      latest.set("boot", index)
    }
  }
  return latest
}

interface Last {
  readonly index: number
  readonly time: number
  readonly isEnded: boolean
}

const ordersOf = (entries: ReadonlyArray<Entry>): ReadonlyMap<string, Last> => {
  const orders = new Map<string, Last>()
  for (const [index, entry] of entries.entries()) {
    if (entry._tag !== "Order") continue
    const { clientOrderId, receivedTime, status, venue } = entry.order
    orders.set(keyOf(venue, clientOrderId), { index, time: receivedTime, isEnded: Order.isEnded(status) })
  }
  return orders
}

const hasEnded = (orders: ReadonlyMap<string, Last>, key: string): boolean => orders.get(key)?.isEnded ?? false

const forgottenOf = (orders: ReadonlyMap<string, Last>, oldest: number, maxEnded: number): ReadonlySet<string> => {
  const ended = [...orders].filter(([, last]) => last.isEnded).toSorted(([, left], [, right]) => right.time - left.time)
  return new Set(ended.filter(([, last], rank) => last.time < oldest || rank >= maxEnded).map(([id]) => id))
}
