/**
 * The table of faults in docs/simulator.md, made from the table the parsers read. As a program it writes the file:
 * `node packages/simulator/scripts/faultDocs.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type Fault, immediate, lasting } from "../src/faults/Fault.ts"
import { faultTable, type Parameter } from "../src/faults/faultTable.ts"

const file = fileURLToPath(new URL("../../../docs/simulator.md", import.meta.url))

const BEGIN = "<!-- faults: made by packages/simulator/scripts/faultDocs.ts -->"
const END = "<!-- end of faults -->"

const lengthOf = (kind: Fault["kind"]): string => {
  if ((immediate as ReadonlyArray<string>).includes(kind)) return "at once"
  return lasting.includes(kind) ? "lasts" : "once"
}

const shown = (name: string, parameter: Parameter): string =>
  `\`${name}\`${parameter.required === true ? "" : "?"}${
    parameter.type === "text" && parameter.oneOf !== undefined ? ` (${parameter.oneOf.join(", ")})` : ""
  }`

const rows = (): ReadonlyArray<ReadonlyArray<string>> =>
  (Object.keys(faultTable) as ReadonlyArray<Fault["kind"]>).map((kind) => {
    const { parameters, says } = faultTable[kind]
    const all = Object.entries(parameters).map(([name, parameter]) => shown(name, parameter))
    return [`\`${kind}\``, lengthOf(kind), all.join(", "), says]
  })

/** The table as the formatter writes it: columns of one width. */
const table = (): string => {
  const all = [["fault", "acts", "parameters", "what it does"], ...rows()]
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]!.length)))
  const line = (row: ReadonlyArray<string>) => `| ${row.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`
  const [head, ...body] = all
  return [line(head!), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n")
}

/** The page as it stands, and as it ought to stand. */
export const pages = (): { readonly now: string; readonly fresh: string } => {
  const now = readFileSync(file, "utf8")
  const before = now.slice(0, now.indexOf(BEGIN) + BEGIN.length)
  return { now, fresh: `${before}\n\n${table()}\n\n${now.slice(now.indexOf(END))}` }
}

if (import.meta.main) writeFileSync(file, pages().fresh)
