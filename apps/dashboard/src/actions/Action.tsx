/**
 * Something that changes the instance: a button, and a dialog that says what will happen before it does, and afterwards what
 * happened. Without a token it asks for one first.
 */
import type { ComponentChildren } from "preact"
import { useRef, useState } from "preact/hooks"
import { ApiError } from "../api/client.ts"
import * as Token from "../api/Token.ts"
import { announce } from "../parts/Announcer.tsx"
import { Dialog } from "../parts/Dialog.tsx"
import { askForToken } from "./TokenDialog.tsx"

interface Properties {
  /** On the button, and the dialog's title. */
  readonly title: string
  /** For who hears the button without what stands around it. */
  readonly label?: string
  /** On the button that does it, where that is not the title. */
  readonly submit?: string
  /** What it does. */
  readonly children?: ComponentChildren
  /** What is to be given beside it. */
  readonly fields?: ComponentChildren
  readonly isDangerous?: boolean
  readonly isSmall?: boolean
  /** Told when the dialog opens and closes. */
  readonly onOpen?: (isOpen: boolean) => void
  /** Gives what happened, in words. */
  readonly run: () => Promise<string>
}

const UNAUTHORIZED = 401

export const Action = ({
  children,
  fields,
  isDangerous,
  isSmall,
  label,
  onOpen,
  run,
  title,
  submit = title
}: Properties) => {
  const [isOpen, setOpen] = useState(false)
  const [isRunning, setRunning] = useState(false)
  const [outcome, setOutcome] = useState<{ readonly text: string; readonly isDone: boolean }>()
  const open = (isNowOpen: boolean) => {
    setOpen(isNowOpen)
    onOpen?.(isNowOpen)
  }
  const begin = () => {
    setOutcome(undefined)
    if (Token.current.get() === undefined) askForToken(() => open(true))
    else open(true)
  }
  const confirm = async () => {
    setRunning(true)
    try {
      const text = await run()
      setOutcome({ text, isDone: true })
      announce(text)
    } catch (error) {
      if (error instanceof ApiError && error.status === UNAUTHORIZED) Token.forget()
      setOutcome({ text: error instanceof Error ? error.message : String(error), isDone: false })
    }
    setRunning(false)
  }
  const button = useRef<HTMLButtonElement>(null)
  const close = () => open(false)
  return (
    <>
      <button
        type="button"
        ref={button}
        class={`${isDangerous ? "danger" : ""} ${isSmall ? "small" : ""}`}
        aria-label={label}
        onClick={begin}
      >
        {title}
      </button>
      {isOpen && (
        <Dialog title={label ?? title} onClose={close} returnTo={button}>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              void confirm()
            }}
          >
            {children}
            {outcome === undefined && fields}
            {outcome !== undefined && (
              <p class={outcome.isDone ? "outcome" : "outcome bad"} role={outcome.isDone ? "status" : "alert"}>
                {outcome.text}
              </p>
            )}
            <div class="buttons">
              <button type="button" onClick={close}>
                {outcome === undefined ? "Cancel" : "Close"}
              </button>
              {outcome === undefined && (
                <button type="submit" class={isDangerous ? "danger" : "main"} disabled={isRunning}>
                  {isRunning ? "Working…" : submit}
                </button>
              )}
            </div>
          </form>
        </Dialog>
      )}
    </>
  )
}
