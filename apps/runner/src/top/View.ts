/** What of an instance is shown, and how keys change that: a pure function of a key. */

export const sorts = ["name", "rate", "age", "state", "dropped", "waiting", "gaps"] as const
export type Sort = (typeof sorts)[number]

export interface View {
  readonly sort: Sort
  readonly isReversed: boolean
  /** A part of `venue/symbol channel`, in any case. */
  readonly filter: string
  /** Keys go into the filter. */
  readonly isTyping: boolean
  /** Streams above the first one that is shown. */
  readonly offset: number
  readonly isPaused: boolean
}

export const initial: View = {
  sort: "name",
  isReversed: false,
  filter: "",
  isTyping: false,
  offset: 0,
  isPaused: false
}

/** The longest filter; no name of a stream is longer. */
const LONGEST = 60

const PAGE = 10

export const keys = {
  up: "\u001B[A",
  down: "\u001B[B",
  pageUp: "\u001B[5~",
  pageDown: "\u001B[6~",
  escape: "\u001B",
  enter: "\r",
  backspace: "\u007F",
  interrupt: "\u0003"
} as const

/** `rows`: how many streams match. `undefined`: whoever looks wants to go. */
export const next = (view: View, key: string, rows: number): View | undefined => {
  if (key === keys.interrupt) return undefined
  if (view.isTyping) return typed(view, key)
  const scrolled = (by: number): View => ({ ...view, offset: Math.max(0, Math.min(rows - 1, view.offset + by)) })
  switch (key) {
    case "q":
      return undefined
    case "s":
      return { ...view, sort: sorts[(sorts.indexOf(view.sort) + 1) % sorts.length]!, isReversed: false, offset: 0 }
    case "r":
      return { ...view, isReversed: !view.isReversed, offset: 0 }
    case "/":
      return { ...view, isTyping: true }
    case keys.escape:
      return { ...view, filter: "", offset: 0 }
    case " ":
    case "p":
      return { ...view, isPaused: !view.isPaused }
    case "j":
    case keys.down:
      return scrolled(1)
    case "k":
    case keys.up:
      return scrolled(-1)
    case keys.pageDown:
      return scrolled(PAGE)
    case keys.pageUp:
      return scrolled(-PAGE)
    default:
      return view
  }
}

const typed = (view: View, key: string): View => {
  const { filter } = view
  switch (key) {
    case keys.enter:
      return { ...view, isTyping: false }
    case keys.escape:
      return { ...view, isTyping: false, filter: "", offset: 0 }
    case keys.backspace:
    case "\b":
      return { ...view, filter: filter.slice(0, -1), offset: 0 }
    default:
      // arrows and the like
      if (key < " ") return view
      return { ...view, filter: `${filter}${key}`.slice(0, LONGEST), offset: 0 }
  }
}
