/** What is told at once: alerts that began, that are over, and that go on. */
import type { Alert } from "../operation/Parts.ts"
import type { Change } from "./AlertBook.ts"

export interface Announcement extends Change {
  /** One line for people. */
  readonly text: string
}

/** As many as a text names. */
const NAMED = 10

/** `undefined` where there is nothing to tell. */
export const of = (change: Change): Announcement | undefined => {
  const { ended, raised, repeated } = change
  const lines = [
    ...some(raised, ({ message, severity, ...alert }) => `${severity}: ${nameOf(alert)}: ${message}`),
    ...some(repeated, ({ message, severity, ...alert }) => `still ${severity}: ${nameOf(alert)}: ${message}`),
    ...some(ended, (alert) => `over: ${nameOf(alert)}`)
  ]
  return lines.length === 0 ? undefined : { ...change, text: lines.join("\n") }
}

const nameOf = ({ rule, subject }: Pick<Alert, "rule" | "subject">): string => `${rule} ${subject}`

const some = (alerts: ReadonlyArray<Alert>, line: (alert: Alert) => string): ReadonlyArray<string> => {
  const lines = alerts.slice(0, NAMED).map(line)
  return alerts.length > NAMED ? [...lines, `and ${alerts.length - NAMED} more`] : lines
}
