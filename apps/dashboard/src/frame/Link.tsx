/** Whether the page hears from the instance: over requests, and over the socket where one is open. */
import { useCell } from "../live/Cell.ts"
import { connectivity } from "../live/Connectivity.ts"
import { socketState } from "../live/LiveSocket.ts"
import { State } from "../parts/State.tsx"

export const Link = () => {
  const { state } = useCell(connectivity)
  const socket = useCell(socketState)
  return (
    <div class="link">
      {state === "lost" ? (
        <State tone="bad">not connected</State>
      ) : state === "live" ? (
        socket === "waiting" ? (
          <State tone="warn">events reconnecting</State>
        ) : (
          <State tone="ok">connected</State>
        )
      ) : (
        <State tone="busy">{state === "paused" ? "paused" : "connecting"}</State>
      )}
    </div>
  )
}
