/** Asks for the operator's token when something needs it. */
import { useState } from "preact/hooks"
import * as Token from "../api/Token.ts"
import { Cell, useCell } from "../live/Cell.ts"
import { Dialog } from "../parts/Dialog.tsx"

/** What waits for a token. */
const waiting = new Cell<(() => void) | undefined>(undefined)

export const askForToken = (then: () => void): void => waiting.set(then)

export const TokenDialog = () => {
  const then = useCell(waiting)
  const [text, setText] = useState("")
  if (then === undefined) return null
  const close = () => {
    setText("")
    waiting.set(undefined)
  }
  return (
    <Dialog title="Token" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim() === "") return
          Token.keep(text.trim())
          close()
          then()
        }}
      >
        <p>Changes need the token of the configuration (`http.token`). It is kept in this tab until it is closed.</p>
        <label class="field">
          <span>Token</span>
          <input
            type="password"
            autocomplete="off"
            required
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <div class="buttons">
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="main">
            Go on
          </button>
        </div>
      </form>
    </Dialog>
  )
}
