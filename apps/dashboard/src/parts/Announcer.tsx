/** Tells a screen reader, politely and once, what changed: the connection to the instance, alerts, a halt. */
import { Cell, useCell } from "../live/Cell.ts"

const said = new Cell("")

export const announce = (text: string): void => said.set(text)

export const Announcer = () => (
  <p class="unseen" role="status" aria-live="polite">
    {useCell(said)}
  </p>
)
