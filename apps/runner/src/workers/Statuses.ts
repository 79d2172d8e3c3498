/**
 * The connections of one worker as the main thread shows them: each with the number of its worker behind its name
 * (`BTCUSDT@2`), and with counts that go on where another worker has taken over.
 */
import type { Event, VenueAdapter } from "@tidewire/core"

type Status = VenueAdapter.ConnectionStatus

/** What was counted by workers that are no more. */
interface Before {
  readonly reconnects: number
  readonly rotations: number
}

const open: ReadonlyArray<Event.ConnectionStateName> = ["Connected", "Authenticating", "Subscribing", "Active"]

export const nameOf = (connection: string, worker: number): string => `${connection}@${worker}`

export const workerOf = (name: string): number => Number(name.slice(name.lastIndexOf("@") + 1))

export class Statuses {
  readonly #worker: number
  readonly #before = new Map<string, Before>()
  #all: ReadonlyMap<string, Status> = new Map()

  constructor(worker: number) {
    this.#worker = worker
  }

  get all(): ReadonlyMap<string, Status> {
    return this.#all
  }

  nameOf(connection: string): string {
    return nameOf(connection, this.#worker)
  }

  /** The name that the worker knows a connection by. */
  bareName(name: string): string {
    return name.slice(0, name.lastIndexOf("@"))
  }

  /** These take the place of all, as the worker tells them. */
  replace(statuses: ReadonlyArray<Status>): void {
    this.#all = new Map(
      statuses.map((status) => {
        const name = this.nameOf(status.name)
        const { reconnects, rotations } = this.#before.get(name) ?? { reconnects: 0, rotations: 0 }
        return [
          name,
          { ...status, name, reconnects: status.reconnects + reconnects, rotations: status.rotations + rotations }
        ]
      })
    )
  }

  /** One moved, by the name that is shown. */
  moved({ attempt, connection, reason, receivedTime, state }: Event.Connection): void {
    const known = this.#all.get(connection) ?? planned(connection, receivedTime)
    this.#all = new Map(this.#all).set(connection, { ...known, state, attempt, reason, since: receivedTime })
  }

  /** The worker is no more; gives how many of its connections were open. */
  lost(): number {
    let wereOpen = 0
    for (const { name, reconnects, rotations, state } of this.#all.values()) {
      const isOpen = open.includes(state)
      if (isOpen) wereOpen++
      this.#before.set(name, { reconnects: reconnects + (isOpen ? 1 : 0), rotations })
    }
    return wereOpen
  }

  /** The names of those in one of these states: the one of this name, or all. */
  named(name: string | undefined, states: ReadonlyArray<Event.ConnectionStateName>): ReadonlyArray<string> {
    return [...this.#all.values()]
      .filter((each) => (name === undefined || each.name === name) && states.includes(each.state))
      .map((each) => each.name)
  }
}

/** A connection before its worker has said anything of it. */
export const planned = (name: string, since: number): Status => ({
  name,
  state: "Stopped",
  attempt: 0,
  reason: undefined,
  since,
  reconnects: 0,
  rotations: 0
})
