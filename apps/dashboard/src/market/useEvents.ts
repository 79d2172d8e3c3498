/** Events of one market for as long as the component is on the page; what they change is drawn with the next pulse. */
import type { Event } from "@tidewire/core"
import { useEffect, useState } from "preact/hooks"
import { listen, type Type } from "../live/LiveSocket.ts"
import * as Pulse from "../live/Pulse.ts"

interface Properties {
  readonly venue: string
  readonly symbol: string
  readonly types: ReadonlyArray<Type>
  readonly event: (event: Event.Event) => void
  /** Called first and after each loss: read anew what events alone do not tell. */
  readonly begun: () => void
}

/** `event` and `begun` are those of the first drawing: what they change must outlive it. Gives what asks for a drawing. */
export const useEvents = ({ begun, event, symbol, types, venue }: Properties): (() => void) => {
  const [draw, setDraw] = useState<() => void>()
  const [, drawn] = useState<{}>({})
  useEffect(() => {
    const again = () => drawn({})
    const soon = () => Pulse.soon(again)
    setDraw(() => soon)
    const unlisten = listen({
      venue,
      symbol,
      types,
      begun,
      event: (each) => {
        event(each)
        soon()
      }
    })
    return () => {
      unlisten()
      Pulse.cancel(again)
    }
  }, [venue, symbol])
  return draw ?? nothing
}

const nothing = (): void => undefined
