/**
 * The tables of docs/metrics.md, made of the catalogue. As a program it writes the file: `node scripts/metrics/page.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { catalogue, type Definition } from "../../apps/runner/src/metrics/catalogue.ts"
import { markdown } from "../../bench/src/report/markdown.ts"

const file = new URL("../../docs/metrics.md", import.meta.url)

const BEGIN = "<!-- metrics: made by scripts/metrics/page.ts -->"
const END = "<!-- end of metrics -->"

const titles: Readonly<Record<Definition["section"], string>> = {
  feeds: "Feeds",
  queues: "Queues and streams",
  connections: "Connections",
  books: "Order books",
  latency: "Latency",
  budgets: "Budgets",
  process: "The process",
  engine: "The engine",
  parts: "Other parts, where they are configured"
}

const table = (section: string): string =>
  markdown(
    ["name", "type", "labels", "meaning"],
    Object.entries<Definition>(catalogue)
      .filter(([, definition]) => definition.section === section)
      .map(([name, { help, kind, labels, optional = [] }]) => [
        `\`${name}\``,
        kind,
        [...labels.map((label) => `\`${label}\``), ...optional.map((label) => `(\`${label}\`)`)].join(", ") || "–",
        help
      ])
  )

const tables = (): string =>
  Object.entries(titles)
    .map(([section, title]) => `### ${title}\n\n${table(section)}`)
    .join("\n\n")

/** The document as it stands, and as it should; throws where it has no place for the tables. */
export const page = (): { readonly now: string; readonly fresh: string } => {
  const now = readFileSync(file, "utf8")
  const [begin, end] = [now.indexOf(BEGIN), now.indexOf(END)]
  if (begin === -1 || end < begin) throw new RangeError(`docs/metrics.md has no "${BEGIN}" before "${END}"`)
  return { now, fresh: `${now.slice(0, begin)}${BEGIN}\n\n${tables()}\n\n${now.slice(end)}` }
}

if (import.meta.main) writeFileSync(file, page().fresh)
