/** A modal dialog of the browser: it keeps the focus inside, and Escape closes it. */
import type { ComponentChildren } from "preact"
import type { RefObject } from "preact"
import { useEffect, useId, useRef } from "preact/hooks"

interface Properties {
  readonly title: string
  readonly onClose: () => void
  /** What has the focus afterwards, where that is not what had it before. */
  readonly returnTo?: RefObject<HTMLElement | null>
  readonly children: ComponentChildren
}

export const Dialog = ({ children, onClose, returnTo, title }: Properties) => {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const shown = dialog.current
    shown?.showModal()
    // closed rather than only removed: the browser then gives the focus back
    return () => {
      shown?.close()
      returnTo?.current?.focus()
    }
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby={id} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  )
}
