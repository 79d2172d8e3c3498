/** Which instance this is, how it trades, whether the page hears from it, and the page's own settings. */
import type { Status } from "../api/Status.ts"
import * as Token from "../api/Token.ts"
import { useCell } from "../live/Cell.ts"
import { usePoll } from "../live/usePoll.ts"
import { choose, type Theme, theme, themes } from "../theme.ts"
import { Link } from "./Link.tsx"

const modes: Readonly<Record<Status["mode"], string>> = { none: "no trading", paper: "paper", live: "live trading" }

export const Header = () => {
  const { data: status } = usePoll<Status>("/api/status", 1_000)
  const token = useCell(Token.current)
  return (
    <header class="top">
      <h1>
        <img src="/ui/icon.svg" alt="" width="20" height="20" />
        Tidewire
      </h1>
      {status !== undefined && (
        <p class="about">
          <span class={`mode ${status.mode}`}>{modes[status.mode]}</span>
          <span class="source" title={status.source}>
            {status.source.split("/").at(-1)}
          </span>
          <span class="version">{status.version}</span>
        </p>
      )}
      <Link />
      {token !== undefined && (
        <button type="button" class="quiet" onClick={Token.forget}>
          Forget token
        </button>
      )}
      <button type="button" class="quiet theme" onClick={() => choose(following(theme.get()))}>
        Theme<span class="chosen">: {useCell(theme)}</span>
      </button>
    </header>
  )
}

const following = (chosen: Theme): Theme => themes[(themes.indexOf(chosen) + 1) % themes.length]!
