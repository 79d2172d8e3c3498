/** What must not be overlooked, whatever the view: that the page shows the past, and that trading is halted. */
import { useEffect } from "preact/hooks"
import type { Alerts } from "../api/Stream.ts"
import type { Status } from "../api/Status.ts"
import * as Time from "../format/time.ts"
import { useCell } from "../live/Cell.ts"
import { connectivity } from "../live/Connectivity.ts"
import { usePoll, useNow } from "../live/usePoll.ts"
import { announce } from "../parts/Announcer.tsx"
import { Shape } from "../parts/State.tsx"

export const Banners = () => {
  const { state } = useCell(connectivity)
  const { data: status } = usePoll<Status>("/api/status", 1_000)
  const { data: alerts } = usePoll<Alerts>("/api/alerts", 2_000)
  const newest = alerts?.active.toSorted((one, other) => other.since - one.since)[0]
  useEffect(() => {
    if (state === "lost") announce("Not connected. What is shown is old.")
    if (state === "live") announce("Connected.")
  }, [state])
  useEffect(() => {
    if (newest !== undefined) announce(`Alert, ${newest.severity}: ${newest.subject}, ${newest.message}`)
  }, [newest?.id])
  return (
    <div class="banners">
      {state === "lost" && <Lost />}
      {status?.halted !== undefined && (
        <p class="banner bad">
          <Shape tone="bad" />
          <span>
            <strong>Trading is halted.</strong> {status.halted}
          </span>
        </p>
      )}
    </div>
  )
}

const Lost = () => {
  const { answeredAt } = connectivity.get()
  const now = useNow()
  return (
    <p class="banner bad lost">
      <Shape tone="bad" />
      {answeredAt === undefined ? (
        <span>
          <strong>Not connected.</strong> The instance does not answer; trying again.
        </span>
      ) : (
        <span>
          <strong>Not connected for {Time.span(now - answeredAt)}.</strong> What you see is as of{" "}
          {Time.clock(answeredAt)} UTC; trying again.
        </span>
      )}
    </p>
  )
}
