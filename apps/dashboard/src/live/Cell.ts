/** A value that is watched. Listeners are called at once, when it has become another one. */
import { useEffect, useState } from "preact/hooks"

export class Cell<A> {
  #value: A
  readonly #listeners = new Set<() => void>()

  constructor(value: A) {
    this.#value = value
  }

  get(): A {
    return this.#value
  }

  set(value: A): void {
    if (Object.is(value, this.#value)) return
    this.#value = value
    this.#listeners.forEach((listener) => listener())
  }

  /** Gives what ends it. */
  listen(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

/** The cell's value; the component is drawn again with each new one. */
export const useCell = <A>(cell: Cell<A>): A => {
  const [, draw] = useState<{}>({})
  useEffect(() => cell.listen(() => draw({})), [cell])
  return cell.get()
}
