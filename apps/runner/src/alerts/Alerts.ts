/**
 * Alerts of a running session (S-D10): rules are looked at once a second, what they find is told to the log, and to a webhook
 * and a command where there are any, once when it begins and once when it is over.
 *
 * Guarantees: nothing here waits for whoever is told; nothing is raised any more once the session stops.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import type { AlertsEntry } from "../configuration/AlertsEntry.ts"
import type { Instance } from "../operation/Instance.ts"
import type * as Parts from "../operation/Parts.ts"
import { AlertBook } from "./AlertBook.ts"
import * as Announcement from "./Announcement.ts"
import * as Command from "./command.ts"
import * as Picture from "./Picture.ts"
import * as Rule from "./Rule.ts"
import * as Sink from "./Sink.ts"
import * as Webhook from "./webhook.ts"

const LOOK_EVERY: Duration.Input = "1 second"

/** As many alerts of one announcement as get a line of the log. */
const LOGGED = 20

export const open = (
  entry: AlertsEntry,
  instance: Instance,
  parts: Parts.Parts
): Effect.Effect<Parts.Alerts, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { clearAfter, command, repeat, webhook } = entry
    const rules = entry.rules.map(Rule.make)
    const book = new AlertBook({
      clearAfterMs: Duration.toMillis(clearAfter),
      ...(repeat !== undefined && { repeatMs: Duration.toMillis(repeat) })
    })
    const sinks = [
      ...(webhook === undefined ? [] : [yield* Sink.make(Webhook.nameOf(webhook), Webhook.send(webhook))]),
      ...(command === undefined ? [] : [yield* Sink.make(command[0], Command.send(command))])
    ]
    const look = Effect.clockWith((clock) =>
      Effect.suspend(() => {
        if (instance.phase() === "stopping") return Effect.void
        const now = clock.currentTimeMillisUnsafe()
        const picture = Picture.take(instance, parts, now)
        const found = rules.flatMap((rule) => rule.find(picture).map((finding) => ({ rule, ...finding })))
        const announcement = Announcement.of(book.step(now, found))
        if (announcement === undefined) return Effect.void
        for (const sink of sinks) sink.tell(announcement)
        return log(announcement)
      })
    )
    yield* Effect.forkScoped(Effect.schedule(look, Schedule.fixed(LOOK_EVERY)))
    return { active: () => book.active(), history: () => book.history() }
  })

const log = ({ ended, raised, repeated }: Announcement.Announcement): Effect.Effect<void> => {
  const lines = [
    ...[...raised, ...repeated].map((alert) =>
      Effect.annotateLogs(
        alert.severity === "critical"
          ? Effect.logError("alert")
          : alert.severity === "warning"
            ? Effect.logWarning("alert")
            : Effect.logInfo("alert"),
        { ...alert }
      )
    ),
    ...ended.map((alert) => Effect.annotateLogs(Effect.logInfo("alert is over"), { ...alert }))
  ]
  const rest = lines.length - LOGGED
  const more = rest > 0 ? [Effect.logWarning(`${rest} more alerts; the API has all of them`)] : []
  return Effect.all([...lines.slice(0, LOGGED), ...more], { discard: true })
}
