/**
 * Many venues at once: a client each, one collector of what they say, one bus for handlers, one report.
 *
 * Guarantees: fail-soft: a venue that cannot start, or fails later, is told in the report and the others run; a handler
 * that throws is counted and the others hear on (`EventBus`); `stop` ends every stream, drained. Only when every venue
 * has failed does `run` fail.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Client from "./Client.ts"
import * as Collector from "./Collector.ts"
import type { Event } from "./Event.ts"
import { EventBus } from "./EventBus.ts"
import type { EventStoreOptions } from "./EventStore.ts"
import type { HandlerFailure } from "./HandlerList.ts"
import { receiveTime } from "./receiveTime.ts"
import type { StreamRequest } from "./StreamRequest.ts"
import type { AdapterModule } from "./VenueAdapter.ts"

/** One venue of a manager; the channels are tickers and bars of a minute unless others are given. */
export interface ManagedRequest extends Omit<StreamRequest, "channels"> {
  readonly channels?: ReadonlyArray<string>
}

export interface ManagerOptions {
  /** The bounds of the collector. */
  readonly store?: EventStoreOptions
  /** Hears of handlers that throw; they are counted in any case. Must not throw. */
  readonly onHandlerFailure?: (failure: HandlerFailure<unknown>) => void
}

export interface VenueStatus extends Omit<Client.ClientStatus, "loops" | "lastEventTime"> {
  readonly state: "idle" | "running" | "ended" | "failed"
  /** Why it failed. */
  readonly reason?: string
  /** How long ago the latest market event was received; absent before the first. */
  readonly lastEventAgeMs?: number
}

/** The report: the sums over all venues, then each. */
export interface ManagerStatus extends Omit<VenueStatus, "venue" | "state" | "reason"> {
  readonly handlerFailures: number
  readonly venues: ReadonlyArray<VenueStatus>
}

/** Every venue has failed. */
export class NothingRuns extends Error {
  readonly _tag = "NothingRuns"
  /** Why, for each venue. */
  readonly venues: ReadonlyArray<VenueStatus>

  constructor(venues: ReadonlyArray<VenueStatus>) {
    super(`no venue runs: ${venues.map(({ reason, venue }) => `${venue}: ${reason ?? "ended"}`).join("; ")}`)
    this.venues = venues
  }
}

const DEFAULT_CHANNELS = ["ticker", "bars:1m"]

/** One venue while it runs and after. */
interface Managed {
  readonly name: string
  readonly makeClient: () => Client.Client
  readonly symbols: ReadonlyArray<string>
  readonly channels: ReadonlyArray<string>
  client: Client.Client | undefined
  state: VenueStatus["state"]
  reason: string | undefined
}

export class Manager {
  readonly collector: Collector.Collector
  /** Where handlers hear of events: `manager.bus.on("ticker", (ticker) => …)`. */
  readonly bus: EventBus
  readonly #managed: Array<Managed> = []
  #running: Promise<unknown> | undefined

  constructor(options: ManagerOptions = {}) {
    this.collector = Collector.make(options.store)
    this.bus = new EventBus<Event>({ onFailure: options.onHandlerFailure ?? (() => {}) })
  }

  /** Adds a venue, for the runs that begin from now on. */
  add<Endpoints, Options>(adapter: AdapterModule<Endpoints, Options>, request: ManagedRequest): this {
    this.#managed.push({
      name: request.name ?? request.venue,
      makeClient: () => Client.make(adapter, request),
      symbols: request.symbols,
      channels: request.channels ?? DEFAULT_CHANNELS,
      client: undefined,
      state: "idle",
      reason: undefined
    })
    return this
  }

  /**
   * Runs every venue for so long, or until `stop`, or until all have ended; gives the report of the end. Throws
   * `NothingRuns` as soon as every venue has failed.
   */
  run(duration?: Duration.Input): Promise<ManagerStatus> {
    return Effect.runPromise(this.running(duration))
  }

  /** The same as an Effect; interrupting it stops and drains. */
  running(duration?: Duration.Input): Effect.Effect<ManagerStatus, NothingRuns> {
    return Effect.suspend(() => {
      if (this.#running !== undefined) return Effect.die(new Error("this manager runs already"))
      const ended = Promise.all(this.#managed.map((managed) => this.#runVenue(managed)))
      this.#running = ended
      const untilEnded = Effect.promise(() => ended)
      const until = duration === undefined ? untilEnded : Effect.raceFirst(untilEnded, Effect.sleep(duration))
      const stopped = Effect.promise(async () => {
        await this.close()
        this.#running = undefined
      })
      return until.pipe(Effect.ensuring(stopped), Effect.andThen(this.#report))
    })
  }

  /** Ends every stream; what waits is still given. */
  stop(): void {
    for (const { client } of this.#managed) client?.stop()
  }

  /** Stops, and waits until everything has drained and is closed. */
  async close(): Promise<void> {
    this.stop()
    await this.#running
  }

  status(): ManagerStatus {
    const now = receiveTime()
    const venues = this.#managed.map((managed) => venueStatus(managed, now))
    const sum = (of: (venue: VenueStatus) => number): number => venues.reduce((total, venue) => total + of(venue), 0)
    const ages = venues.flatMap(({ lastEventAgeMs }) => (lastEventAgeMs === undefined ? [] : [lastEventAgeMs]))
    return {
      streams: { total: sum(({ streams }) => streams.total), active: sum(({ streams }) => streams.active) },
      connections: {
        total: sum(({ connections }) => connections.total),
        active: sum(({ connections }) => connections.active)
      },
      gaps: sum(({ gaps }) => gaps),
      reconnects: sum(({ reconnects }) => reconnects),
      ...(ages.length > 0 && { lastEventAgeMs: Math.min(...ages) }),
      handlerFailures: this.bus.failures,
      venues
    }
  }

  /** The report of the end. */
  readonly #report: Effect.Effect<ManagerStatus, NothingRuns> = Effect.suspend(() => {
    const status = this.status()
    const hasFailed = status.venues.length > 0 && status.venues.every(({ state }) => state === "failed")
    return hasFailed ? Effect.fail(new NothingRuns(status.venues)) : Effect.succeed(status)
  })

  /** Never rejects: what goes wrong is in the report. */
  async #runVenue(managed: Managed): Promise<void> {
    try {
      managed.state = "running"
      managed.reason = undefined
      managed.client = managed.makeClient()
      await managed.client.watch(managed.symbols, managed.channels).run((event) => {
        this.collector.accept(event)
        this.bus.publish(event)
      })
      managed.state = "ended"
    } catch (error) {
      managed.state = "failed"
      managed.reason = error instanceof Error ? error.message : String(error)
    }
  }
}

const venueStatus = ({ channels, client, name, reason, state, symbols }: Managed, now: number): VenueStatus => {
  const { connections, gaps, lastEventTime, reconnects, streams } = client?.status() ?? nothing
  return {
    venue: name,
    state,
    ...(reason !== undefined && { reason }),
    // what is wanted, whether it runs or not
    streams: { total: symbols.length * channels.length, active: streams.active },
    connections,
    gaps,
    reconnects,
    ...(lastEventTime !== undefined && { lastEventAgeMs: Math.max(0, now - lastEventTime) })
  }
}

const nothing = {
  streams: { total: 0, active: 0 },
  connections: { total: 0, active: 0 },
  gaps: 0,
  reconnects: 0,
  lastEventTime: undefined
}

export const make = (options?: ManagerOptions): Manager => new Manager(options)
