/** What the address says is shown: `#/market/binance/BTCUSDT`. Only names that anybody may see stand in it. */
import { Cell } from "./live/Cell.ts"

export const views = [
  { name: "overview", title: "Overview" },
  { name: "connections", title: "Connections" },
  { name: "streams", title: "Streams" },
  { name: "market", title: "Market" },
  { name: "gaps", title: "Gaps" },
  { name: "latency", title: "Latency" },
  { name: "trading", title: "Trading" },
  { name: "alerts", title: "Alerts" }
] as const

export type ViewName = (typeof views)[number]["name"]

export interface Route {
  readonly view: ViewName
  readonly venue?: string
  readonly symbol?: string
}

const parsed = (hash: string): Route => {
  const [name, venue, symbol] = hash.replace(/^#\/?/, "").split("/").map(decoded)
  const view = views.find((each) => each.name === name)?.name ?? "overview"
  return { view, ...(venue !== undefined && { venue }), ...(symbol !== undefined && { symbol }) }
}

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export const route = new Cell<Route>(parsed(location.hash))

addEventListener("hashchange", () => route.set(parsed(location.hash)))

export const hashOf = ({ symbol, venue, view }: Route): string =>
  `#/${[view, venue, symbol]
    .filter((part) => part !== undefined)
    .map((part) => encodeURIComponent(part!))
    .join("/")}`

/** Without an entry in the history: it is another look at the same page. */
export const go = (to: Route): void => {
  history.replaceState(null, "", hashOf(to))
  route.set(to)
}
