/** What an operator can do about a connection, or about all of them. */
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
    does: "It is closed and opened again. What is missed meanwhile is fetched where the venue allows it, and told as a gap."
  },
  {
    kind: "reset",
    title: "Reset",
    does: "One that has used up its attempts is tried again at once. Others are left alone."
  }
] as const

export const ConnectionActions = ({ connection, venue }: Properties) => {
  const about = connection === undefined ? "all connections" : `${venue}/${connection}`
  return (
    <span class="actions">
      {kinds.map(({ does, kind, title }) => (
        <Action
          key={kind}
          title={connection === undefined ? `${title} all` : title}
          label={`${title} ${about}`}
          isSmall
          run={() => carryOut(kind, venue, connection)}
        >
          <p>
            <b>{about}</b>
          </p>
          <p>{does}</p>
        </Action>
      ))}
    </span>
  )
}

const carryOut = async (kind: string, venue?: string, connection?: string): Promise<string> => {
  const body = { ...(venue !== undefined && { venue }), ...(connection !== undefined && { connection }) }
  const { connections } = await post<{ readonly connections: ReadonlyArray<string> }>(`/api/connections/${kind}`, body)
  return connections.length === 0 ? "Nothing was to be done." : `Asked for: ${connections.join(", ")}.`
}
