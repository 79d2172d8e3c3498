/** The views as tabs: arrow keys, Home and End move between them, and Tab goes on to the view. */
import { useEffect, useRef } from "preact/hooks"
import type { Alerts } from "../api/Stream.ts"
import { useCell } from "../live/Cell.ts"
import { usePoll } from "../live/usePoll.ts"
import { go, route, type ViewName, views } from "../route.ts"

export const tabId = (view: ViewName): string => `tab-${view}`

export const Tabs = () => {
  const { view } = useCell(route)
  const { data: alerts } = usePoll<Alerts>("/api/alerts", 2_000)
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => tabOf(list.current, view)?.scrollIntoView({ block: "nearest", inline: "nearest" }), [view])
  const move = (event: KeyboardEvent) => {
    const to = target(event.key, view)
    if (to === undefined) return
    event.preventDefault()
    go({ view: to })
    tabOf(list.current, to)?.focus()
  }
  return (
    <nav class="tabs" aria-label="Views">
      <div role="tablist" aria-label="Views" ref={list} onKeyDown={move}>
        {views.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={tabId(name)}
            aria-selected={name === view}
            aria-controls="view"
            tabIndex={name === view ? 0 : -1}
            onClick={() => go({ view: name })}
          >
            {title}
            {name === "alerts" && alerts !== undefined && alerts.active.length > 0 && (
              <span class="badge">
                {alerts.active.length}
                <span class="unseen"> active</span>
              </span>
            )}
          </button>
        ))}
      </div>
    </nav>
  )
}

const tabOf = (list: HTMLElement | null, view: ViewName): HTMLElement | null =>
  list?.querySelector<HTMLElement>(`#${tabId(view)}`) ?? null

const target = (key: string, view: ViewName): ViewName | undefined => {
  const at = views.findIndex(({ name }) => name === view)
  const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: -1 }[key]
  return to === undefined ? undefined : views.at(to % views.length)?.name
}
