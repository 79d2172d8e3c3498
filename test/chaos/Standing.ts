/** What the stream says of itself at the moment: whether everything that was asked for is there. */
import type { Event } from "@tidewire/core"

export class Standing {
  readonly #states = new Map<string, string>()

  accept(event: Event.Event): void {
    if (event.type === "connection") this.#states.set(`${event.venue} ${event.connection}`, event.state)
    else if (event.type === "bookState") this.#states.set(`${event.venue} ${event.symbol} book state`, event.state)
    else if (event.type === "subscription") {
      this.#states.set(`${event.venue} ${event.symbol} ${event.channel}`, event.state)
    }
  }

  /** What is not as it should be. */
  problems(): ReadonlyArray<string> {
    return [...this.#states].flatMap(([name, state]) =>
      ["Active", "live", "quiet"].includes(state) ? [] : [`${name}: ${state}`]
    )
  }

  get isWhole(): boolean {
    return this.#states.size > 0 && this.problems().length === 0
  }
}
