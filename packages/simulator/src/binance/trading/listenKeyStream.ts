/**
 * The user stream of a `/private` connection. Guarantees that a key that is none is taken without a word, and that a key
 * that expires is told once, after which the connection stays open and silent.
 */
import type { Line } from "../../Protocol.ts"
import * as notices from "../notices.ts"
import { names, usdmEvents } from "./usdmEvents.ts"
import { attach } from "../../account/userStream.ts"

export interface ListenKeyStream {
  readonly open: (listenKey: string) => void
  readonly expire: () => void
  readonly close: () => void
}

export const listenTo = (line: Line, isCombined: () => boolean): ListenKeyStream => {
  const { listenKeys } = line.trading
  const attached = new Map<string, () => void>()
  const { events, listenKey: first } = line.path

  const notice = (listenKey: string): void => line.say(notices.listenKeyExpired(isCombined(), listenKey, line.now()))

  const ended = (listenKey: string): void => {
    const detach = attached.get(listenKey)
    if (detach === undefined) return
    detach()
    attached.delete(listenKey)
    notice(listenKey)
  }

  const open = (listenKey: string): void => {
    const account = listenKeys.ownerOf(listenKey)
    if (account === undefined || attached.has(listenKey)) return
    // Under their names faults find them.
    for (const name of names) if (events === undefined || events.includes(name)) line.subscribe(name, undefined)()
    const detach = attach(line, account, usdmEvents(account), ({ payload, stream, symbol }) => {
      if (events !== undefined && !events.includes(stream)) return
      line.deliver({ stream, symbol, payload, text: JSON.stringify(payload), unit: "ms" })
    })
    attached.set(listenKey, detach)
  }

  listenKeys.watchers.add(ended)
  return {
    open,
    expire: () => {
      if (attached.size === 0) notice(first)
      for (const listenKey of attached.keys()) listenKeys.end(listenKey)
    },
    close: () => {
      listenKeys.watchers.delete(ended)
      for (const detach of attached.values()) detach()
      attached.clear()
    }
  }
}
