/** The page's frame: what is true of all of it above, the view that was chosen below. */
import type { ComponentType } from "preact"
import { Banners } from "./frame/Banners.tsx"
import { Footer } from "./frame/Footer.tsx"
import { Header } from "./frame/Header.tsx"
import { Tabs, tabId } from "./frame/Tabs.tsx"
import { TokenDialog } from "./actions/TokenDialog.tsx"
import { useCell } from "./live/Cell.ts"
import { Announcer } from "./parts/Announcer.tsx"
import { route, type ViewName } from "./route.ts"
import { Alerts } from "./views/Alerts.tsx"
import { Connections } from "./views/Connections.tsx"
import { Gaps } from "./views/Gaps.tsx"
import { Latency } from "./views/Latency.tsx"
import { Market } from "./views/Market.tsx"
import { Overview } from "./views/Overview.tsx"
import { Streams } from "./views/Streams.tsx"
import { Trading } from "./views/Trading.tsx"

const views: Readonly<Record<ViewName, ComponentType>> = {
  overview: Overview,
  connections: Connections,
  streams: Streams,
  market: Market,
  gaps: Gaps,
  latency: Latency,
  trading: Trading,
  alerts: Alerts
}

export const App = () => {
  const { view } = useCell(route)
  const View = views[view]
  return (
    <>
      <a class="skip" href="#view" onClick={skip}>
        Skip to the view
      </a>
      <Header />
      <Tabs />
      <main>
        <Banners />
        <div id="view" class={`view ${view}`} role="tabpanel" tabIndex={-1} aria-labelledby={tabId(view)}>
          <View />
        </div>
      </main>
      <Footer />
      <Announcer />
      <TokenDialog />
    </>
  )
}

/** The address stays as it is: it says which view is shown. */
const skip = (event: Event): void => {
  event.preventDefault()
  document.getElementById("view")?.focus()
}
