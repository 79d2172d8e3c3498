/**
 * Polling in the place of connections that are down: from the moment that the circuit of one opens until it is Active
 * again, its `hybrid` subscriptions are polled.
 *
 * Guarantees: nothing is told of a poll that a session carries; each switch is told, by a reason in the states of the
 * subscriptions and by a line in the log. What cannot be polled waits for the socket.
 */
import * as Effect from "effect/Effect"
import * as FiberMap from "effect/FiberMap"
import type * as Scope from "effect/Scope"
import * as Capabilities from "./Capabilities.ts"
import type { ChannelStream } from "./ChannelStream.ts"
import { PolledConnection, type PolledConnectionSetup } from "./PolledConnection.ts"
import { phaseOf } from "./PollTimes.ts"
import type { ConnectionStatus } from "./VenueAdapter.ts"

const DOWN = "polled while the socket is down"
const BACK = "the socket is back"

export interface FallbackSetup extends Omit<PolledConnectionSetup, "name" | "because" | "nextPhase"> {
  readonly capabilities: Capabilities.Capabilities
  /** The streams that a connection of this name is to carry, and no other carries now. */
  readonly streamsOf: (connection: string) => ReadonlyArray<ChannelStream>
  /** Polling of a connection of this name has ended: it is there no more. */
  readonly onEnded: (name: string) => void
}

export interface Fallback {
  /** A connection has moved. */
  readonly moved: (status: ConnectionStatus) => void
  /** This stream has ended. */
  readonly dropped: (stream: ChannelStream) => void
}

export const make = (setup: FallbackSetup): Effect.Effect<Fallback, never, Scope.Scope> =>
  Effect.gen(function* () {
    const fibers = yield* FiberMap.make<string>()
    const run = yield* FiberMap.runtime(fibers)<never>()
    const running = new Map<string, PolledConnection>()
    let phases = 0

    const say = (message: Effect.Effect<void>, connection: string) =>
      Effect.annotateLogs(message, { venue: setup.reads.venue, connection })

    const begin = (connection: string, reason: string | undefined): void => {
      const { capabilities } = setup
      const known = running.get(connection)
      const added = setup
        .streamsOf(connection)
        .filter((each) => isHybrid(each, capabilities) && known?.streams.has(each) !== true)
      if (added.length === 0) return
      if (known !== undefined) return known.add(added)
      const name = `${connection}/fallback`
      const nextPhase = () => phaseOf(phases++)
      const polled = new PolledConnection({ ...setup, name, because: DOWN, nextPhase })
      polled.add(added)
      running.set(connection, polled)
      const told = Effect.annotateLogs(Effect.logWarning(DOWN), reason === undefined ? {} : { reason })
      run(
        connection,
        Effect.andThen(say(told, connection), polled.run).pipe(Effect.ensuring(Effect.sync(() => setup.onEnded(name))))
      )
    }

    /** Streams that are polled no more; where none is left, polling has ended. */
    const release = (
      connection: string,
      polled: PolledConnection,
      streams: Iterable<ChannelStream>,
      reason: string
    ) => {
      for (const stream of streams) stream.stopPolling("disconnect", reason)
      polled.remove([...streams])
      if (polled.streams.size > 0) return
      running.delete(connection)
      // this takes the place of the polling
      run(connection, say(Effect.logInfo(`${reason}: polling ends`), connection))
    }

    /** What a session carries again, on whatever connection, and all of a connection that is Active. */
    const end = (connection: string): void => {
      for (const [name, polled] of running) {
        const back = [...polled.streams].filter((each) => name === connection || each.isCarried)
        if (back.length > 0) release(name, polled, back, BACK)
      }
    }

    return {
      moved: ({ name, reason, state }) => {
        if (state === "Failed") begin(name, reason)
        else if (state === "Active") end(name)
      },
      dropped: (stream) => {
        for (const [name, polled] of running) {
          if (polled.streams.has(stream)) release(name, polled, [stream], "unsubscribed")
        }
      }
    }
  })

const isHybrid = ({ state, subscription }: ChannelStream, capabilities: Capabilities.Capabilities): boolean =>
  subscription.transport === "hybrid" &&
  state !== "ended" &&
  Capabilities.unpollable(capabilities, subscription.channel) === undefined
