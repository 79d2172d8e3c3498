/** Tables for people and for Markdown alike: columns are padded, as the formatter would. */
export const markdown = (head: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const lines = [head, ...rows]
  const widths = head.map((_, index) => Math.max(3, ...lines.map((line) => line[index]!.length)))
  const write = (line: ReadonlyArray<string>): string =>
    `| ${line.map((cell, index) => cell.padEnd(widths[index]!)).join(" | ")} |`
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`
  return [write(head), rule, ...rows.map(write)].join("\n")
}
