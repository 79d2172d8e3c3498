/**
 * The operator's token: asked for once, kept in this tab's session, forgotten when the API refuses it or the tab is closed. It
 * stands in no address and is never shown.
 */
import { Cell } from "../live/Cell.ts"

const KEY = "tidewire.token"

const stored = sessionStorage.getItem(KEY)

export const current = new Cell<string | undefined>(stored === null ? undefined : stored)

export const keep = (token: string): void => {
  sessionStorage.setItem(KEY, token)
  current.set(token)
}

export const forget = (): void => {
  sessionStorage.removeItem(KEY)
  current.set(undefined)
}
