/**
 * Which rows of a long table are in the document: those that are seen, and some on each side. Rows all have one height, so that
 * thousands of them cost no more than a screenful.
 */
import { useEffect, useState } from "preact/hooks"

/** As `--row` in tokens.css, px. */
export const ROW_HEIGHT = 28

/** Below so many there is nothing to save. */
const WHOLE = 80
const BESIDE = 12

export interface Window {
  readonly from: number
  readonly to: number
}

/** Of the element that scrolls. */
export const useWindow = (element: () => HTMLElement | null, total: number): Window => {
  const [seen, setSeen] = useState({ top: 0, height: 900 })
  useEffect(() => {
    const scrolled = element()
    if (scrolled === null) return
    const look = () => setSeen({ top: scrolled.scrollTop, height: scrolled.clientHeight })
    look()
    scrolled.addEventListener("scroll", look, { passive: true })
    return () => scrolled.removeEventListener("scroll", look)
  }, [total <= WHOLE])
  if (total <= WHOLE) return { from: 0, to: total }
  const from = Math.max(0, Math.min(total - 1, Math.floor(seen.top / ROW_HEIGHT) - BESIDE))
  return { from, to: Math.min(total, from + Math.ceil(seen.height / ROW_HEIGHT) + 2 * BESIDE) }
}
