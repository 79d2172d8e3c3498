/** What adapters support and pass, as one markdown table: a column for each, claims first, then a row for each group. */
import { type Capabilities, Interval, type Trading } from "@tidewire/core"
import { type Group, groupOf, groups } from "./Card.ts"
import { cards, named } from "./cards.ts"
import type { Report } from "./Report.ts"

/** The table of these reports by name, each row on a line of its own; ends with a line break. */
export const table = (reports: Readonly<Record<string, Report>>): string => {
  const names = Object.keys(reports)
  const columns = Object.values(reports)
  const rows = [
    ["", ...names.map((name) => `\`${name}\``)],
    ...Object.entries(claims).map(([claim, tell]) => [claim, ...columns.map((each) => tell(each.capabilities))]),
    ...Object.entries(trades).map(([claim, tell]) => [
      claim,
      ...columns.map(({ trading }) => (trading === undefined ? "–" : tell(trading)))
    ]),
    ...(Object.keys(groups) as ReadonlyArray<Group>).map((group) => [
      `${group} (${groups[group]})`,
      ...columns.map((report) => passed(report, group))
    ])
  ]
  const widths = rows[0]!.map((_, column) => Math.max(3, ...rows.map((row) => [...row[column]!].length)))
  const line = (cells: ReadonlyArray<string>): string =>
    `| ${cells.map((cell, column) => cell + " ".repeat(widths[column]! - [...cell].length)).join(" | ")} |`
  const [head, ...body] = rows.map(line)
  return `${[head, line(widths.map((width) => "-".repeat(width))), ...body].join("\n")}\n`
}

const claims: Readonly<Record<string, (capabilities: Capabilities.Capabilities) => string>> = {
  channels: ({ channels }) => channels.join(", "),
  depths: ({ depths }) => depths.join(", ") || "–",
  intervals: ({ intervals }) => {
    const known = Interval.all.filter((each) => intervals.includes(each))
    return known.length === 0 ? "–" : `${known.length}, ${known[0]} to ${known.at(-1)}`
  },
  history: ({ history }) => claimedOf(history),
  present: ({ present }) => claimedOf(present)
}

/** What order entry claims. */
const trades: Readonly<Record<string, (trading: Trading.TradingCapabilities) => string>> = {
  orders: ({ kinds, timesInForce }) => [...kinds, ...timesInForce].join(", "),
  account: ({ amends, deadMan, positions, reduceOnly }) =>
    [`amends ${amends}`, ...(positions ? ["positions"] : []), ...(reduceOnly ? ["reduceOnly"] : [])]
      .concat(deadMan ? ["deadMan"] : [])
      .join(", ")
}

const claimedOf = (reads: Readonly<Record<string, boolean>>): string =>
  Object.entries(reads)
    .flatMap(([read, isClaimed]) => (isClaimed ? [read] : []))
    .join(", ") || "–"

const passed = ({ outcomes }: Report, group: Group): string => {
  const own = cards.filter((card) => groupOf(card) === group)
  const of = (tag: string) => own.filter(({ id }) => outcomes.get(id)?._tag === tag)
  const ids = (tag: string) => of(tag).map(({ id }) => id)
  const [absent, failed, skipped] = [of("NotApplicable"), ids("Failed"), ids("Skipped")]
  if (own.length > 0 && absent.length === own.length) return "not claimed"
  const aside = of("NotSelected").length
  const notes = [
    ...(failed.length > 0 ? [`fails ${failed.join(", ")}`] : []),
    ...(skipped.length > 0 ? [`skips ${skipped.join(", ")}`] : []),
    ...(aside > 0 ? [`${aside} not run`] : []),
    ...(absent.length > 0 ? [`without ${named(absent).join(", ")}`] : [])
  ]
  return [`${of("Passed").length} of ${own.length - absent.length}`, ...notes].join("; ")
}
