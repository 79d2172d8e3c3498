/**
 * The recent past that the API tells of: events in a store with bounds, the last fills, and the day's profit.
 *
 * Guarantees: bounded (`http.recent`, `FILLS`, `POINTS`); in the bus's call an event is put in a list, and nothing else. It goes to the
 * store in a turn of its own, at most `A_TURN` at once, or when somebody asks.
 */
import { type Event, EventStore, type PrivateEvent } from "@tidewire/core"
import * as Duration from "effect/Duration"
import type { HttpEntry } from "../configuration/HttpEntry.ts"
import type { Instance } from "../operation/Instance.ts"
import { Ring } from "../operation/Ring.ts"
import type { Told } from "../output/Output.ts"

/** Events that are stored in one turn of the event loop: about 0.2 ms. */
const A_TURN = 256

/** Events that wait for their turn; more than the busiest turn brings. */
const MOST_FRESH = 65_536

const FILLS = 1_000
const POINTS = 2_000
const POINT_EVERY_MS = 5_000
const DAY_MS = 86_400_000
const RETENTION = Duration.minutes(60)

export interface PnlPoint {
  readonly time: number
  /** In the engine's currency. */
  readonly pnl: string
}

export class Recent {
  readonly #events: EventStore.EventStore
  #fresh: Array<Told> = []
  #isScheduled = false
  readonly bounds: { readonly perSeries: number; readonly total: number; readonly retentionMs: number }
  readonly #fills = new Ring<PrivateEvent.Fill>(FILLS)
  readonly #trading: Instance["trading"]
  #points: Array<PnlPoint> = []
  #everyMs = POINT_EVERY_MS

  constructor({ bus, trading }: Instance, { recent: { perSeries, retention = RETENTION, total } }: HttpEntry) {
    this.bounds = { perSeries, total, retentionMs: Duration.toMillis(retention) }
    this.#events = EventStore.make({ perSeries, total, retention })
    this.#trading = trading
    bus.onAny((event) => this.#take(event), "recent past")
    bus.on("fill", (fill) => this.#fills.add(fill), "recent fills")
    bus.onTimer(({ time }) => this.#sample(time), "profit of the day")
  }

  /** With all that was told so far. */
  get events(): EventStore.EventStore {
    this.#store(this.#fresh.length)
    return this.#events
  }

  /** Oldest first. */
  fills(limit?: number): ReadonlyArray<PrivateEvent.Fill> {
    return this.#fills.values(limit)
  }

  /** Of today (UTC), oldest first. */
  points(): ReadonlyArray<PnlPoint> {
    return this.#points
  }

  #take(event: Told): void {
    this.#fresh.push(event)
    if (this.#fresh.length >= MOST_FRESH) this.#store(MOST_FRESH)
    else if (!this.#isScheduled) {
      this.#isScheduled = true
      setImmediate(this.#turn)
    }
  }

  readonly #turn = (): void => {
    this.#isScheduled = false
    this.#store(Math.max(A_TURN, this.#fresh.length >> 2))
    if (this.#fresh.length === 0) return
    this.#isScheduled = true
    setImmediate(this.#turn)
  }

  #store(most: number): void {
    const all = most >= this.#fresh.length
    const some = all ? this.#fresh : this.#fresh.splice(0, most)
    if (all) this.#fresh = []
    // what is not of a market is not kept, and asked for by its type alone
    for (const event of some) this.#events.add(event as Event.Event)
  }

  #sample(time: number): void {
    if (this.#trading === undefined) return
    const last = this.#points.at(-1)
    if (last !== undefined && dayOf(last.time) !== dayOf(time)) {
      this.#points = []
      this.#everyMs = POINT_EVERY_MS
    } else if (last !== undefined && time - last.time < this.#everyMs) return
    this.#points.push({ time, pnl: this.#trading.engine.status().daily.pnl })
    if (this.#points.length <= POINTS) return
    // half of them, at half the pace
    this.#points = this.#points.filter((_, index) => index % 2 === 0)
    this.#everyMs *= 2
  }
}

const dayOf = (time: number): number => Math.floor(time / DAY_MS)
