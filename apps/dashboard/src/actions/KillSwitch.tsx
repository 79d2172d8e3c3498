/** Halts all trading, or allows it again. */
import { useState } from "preact/hooks"
import { post } from "../api/client.ts"
import { Action } from "./Action.tsx"

interface Properties {
  readonly isHalted: boolean
  /** Those that are open. */
  readonly orders: number
}

interface Answer {
  readonly isDone: boolean
  readonly message: string
  readonly open: ReadonlyArray<string>
}

const WITHIN_MS = 10_000

export const KillSwitch = ({ isHalted: isHaltedNow, orders }: Properties) => {
  const [reason, setReason] = useState("")
  // while the dialog is open it is about what was asked for, whatever comes of it
  const [held, setHeld] = useState<boolean>()
  const isHalted = held ?? isHaltedNow
  const command = isHalted ? "resume" : "kill"
  const run = async () => {
    const body = { reason, ...(command === "kill" && { withinMs: WITHIN_MS }) }
    const { message, open } = await post<Answer>(`/api/engine/${command}`, body)
    return open.length === 0 ? `${message}.` : `${message}. May be open: ${open.join(", ")}.`
  }
  return (
    <Action
      onOpen={(isOpen) => setHeld(isOpen ? isHaltedNow : undefined)}
      title={isHalted ? "Resume trading" : "Kill trading"}
      isDangerous={!isHalted}
      run={run}
      fields={
        <label class="field">
          <span>Reason, for the log and the journal</span>
          <input
            type="text"
            required
            maxLength={500}
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </label>
      }
    >
      {isHalted ? (
        <p>Strategies may send orders again, at once.</p>
      ) : (
        <p>
          All trading is halted at once, the {orders === 1 ? "open order is" : `${orders} open orders are`} cancelled on
          every venue, and no new one is sent until trading is resumed. Positions stay as they are.
        </p>
      )}
    </Action>
  )
}
