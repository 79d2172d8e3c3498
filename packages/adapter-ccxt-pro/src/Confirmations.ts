/**
 * Which legs the exchange carries, as far as that can be known: CCXT does not tell acknowledgements.
 *
 * A leg is confirmed once it has delivered, once every socket has had a frame after the leg was asked for (its answer, where
 * the exchange answers), or once nothing was refused for as long as an acknowledgement may take.
 */
import type { Supervision } from "@tidewire/core"
import type { SocketLife } from "./SocketLife.ts"

type Leg = Supervision.Leg

export interface ConfirmationsSetup {
  /** The sockets that have opened. */
  readonly lives: ReadonlyArray<SocketLife>
  readonly onConfirmed: () => void
  /** Runs this once an acknowledgement is overdue. */
  readonly whenOverdue: (run: () => void) => void
}

export class Confirmations {
  readonly #setup: ConfirmationsSetup
  /** What was asked for and is not confirmed, with how many frames each socket had had by then. */
  readonly #asked = new Map<Leg, ReadonlyArray<number>>()
  #isOpen = false

  constructor(setup: ConfirmationsSetup) {
    this.#setup = setup
  }

  ask(leg: Leg): void {
    this.#asked.set(
      leg,
      this.#setup.lives.map(({ frames }) => frames)
    )
    if (this.#isOpen) this.#expect(leg)
  }

  /** The session has opened: from now on an answer may be overdue. */
  opened(): void {
    this.#isOpen = true
    for (const leg of this.#asked.keys()) this.#expect(leg)
  }

  /** A frame came on one of the sockets, of which there are so many, opened or not. */
  frame(sockets: number): void {
    const { lives } = this.#setup
    if (this.#asked.size === 0 || sockets > lives.length) return
    for (const [leg, before] of this.#asked) {
      if (lives.every(({ frames }, index) => frames > (before[index] ?? 0))) this.delivered(leg)
    }
  }

  delivered(leg: Leg): void {
    this.#asked.delete(leg)
    leg.confirm()
    this.#setup.onConfirmed()
  }

  forget(leg: Leg): void {
    this.#asked.delete(leg)
  }

  #expect(leg: Leg): void {
    this.#setup.whenOverdue(() => {
      if (this.#asked.has(leg)) this.delivered(leg)
    })
  }
}
