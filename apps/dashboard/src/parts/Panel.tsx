/** A titled part of a view. Where what it shows was asked for, it says when that is old or could not be had. */
import type { ComponentChildren } from "preact"
import { useId } from "preact/hooks"
import { ApiError } from "../api/client.ts"
import * as Time from "../format/time.ts"
import type { Polled } from "../live/Poll.ts"
import { useNow } from "../live/usePoll.ts"
import { State } from "./State.tsx"

/** An answer that is older than this is said to be. */
const OLD_MS = 5_000

interface Properties {
  readonly title: string
  readonly of?: Polled<unknown>
  /** Beside the title: a count, a choice, buttons. */
  readonly aside?: ComponentChildren
  readonly class?: string
  readonly children: ComponentChildren
}

export const Panel = ({ aside, children, class: name = "", of, title }: Properties) => {
  const id = useId()
  return (
    <section class={`panel ${name}`} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {of !== undefined && <Age of={of} />}
        {aside !== undefined && <div class="aside">{aside}</div>}
      </header>
      {of?.failure instanceof ApiError && of.data === undefined ? <p class="none">{of.failure.message}</p> : children}
    </section>
  )
}

const Age = ({ of }: { readonly of: Polled<unknown> }) => {
  const now = useNow()
  if (of.at === undefined || now - of.at < OLD_MS) return null
  return <State tone="warn">as of {Time.span(now - of.at)} ago</State>
}

/** In place of what is not there. */
export const None = ({ children }: { readonly children: ComponentChildren }) => <p class="none">{children}</p>
