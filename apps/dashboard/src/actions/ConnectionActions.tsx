/** What an operator can do about a connection, or about all of them: one button, and a choice in its dialog. */
import { useState } from "preact/hooks"
import { post } from "../api/client.ts"
import { Action } from "./Action.tsx"

interface Properties {
  readonly venue?: string
  /** Absent: every connection. */
  readonly connection?: string
}

const kinds = [
  {
    kind: "rotate",
    title: "Rotate",
    does: "A new connection is opened and delivers before the old one is closed: nothing is lost."
  },
  {
    kind: "reconnect",
    title: "Reconnect",
    does: "It is dropped and dialled again at once. What is missed meanwhile is fetched where the venue allows it, and told as a gap."
  },
  {
    kind: "reset",
    title: "Reset",
    does: "If it waits for its next attempt, or its circuit is open, it tries again at once. Else nothing happens."
  }
] as const

export const ConnectionActions = ({ connection, venue }: Properties) => {
  const [chosen, choose] = useState<(typeof kinds)[number]>(kinds[0])
  const about = connection === undefined ? "all connections" : `${venue}/${connection}`
  return (
    <Action
      title={connection === undefined ? "Manage all" : "Manage"}
      label={`Manage ${about}`}
      submit={chosen.title}
      isSmall
      run={() => carryOut(chosen.kind, venue, connection)}
      fields={
        <fieldset>
          <legend>What to do with {about}</legend>
          {kinds.map((each) => (
            <label key={each.kind}>
              <input type="radio" name="kind" checked={each === chosen} onChange={() => choose(each)} />
              <span>
                <b>{each.title}</b>
                <span>{each.does}</span>
              </span>
            </label>
          ))}
        </fieldset>
      }
    />
  )
}

const carryOut = async (kind: string, venue?: string, connection?: string): Promise<string> => {
  const body = { ...(venue !== undefined && { venue }), ...(connection !== undefined && { connection }) }
  const { connections } = await post<{ readonly connections: ReadonlyArray<string> }>(`/api/connections/${kind}`, body)
  return connections.length === 0 ? "Nothing was to be done." : `Asked for: ${connections.join(", ")}.`
}
