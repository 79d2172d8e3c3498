/**
 * The adapter at the head of docs/adding-a-venue.md, which is the file of the example. As a program it writes the
 * document: `node scripts/guide.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs"

const BEGIN = "<!-- examples/custom-venue/adapter.ts, put here by pnpm generate -->"
const END = "<!-- end of adapter.ts -->"

const file = new URL("../docs/adding-a-venue.md", import.meta.url)
const example = new URL("../examples/custom-venue/adapter.ts", import.meta.url)

/** The document as it stands, and as it should; throws where it has no place for the adapter. */
export const page = (): { readonly now: string; readonly fresh: string } => {
  const now = readFileSync(file, "utf8")
  const [begin, end] = [now.indexOf(BEGIN), now.indexOf(END)]
  if (begin === -1 || end < begin) throw new RangeError(`the guide has no "${BEGIN}" before "${END}"`)
  const code = `\`\`\`ts\n${readFileSync(example, "utf8").trim()}\n\`\`\``
  return { now, fresh: `${now.slice(0, begin)}${BEGIN}\n\n${code}\n\n${now.slice(end)}` }
}

if (import.meta.main) writeFileSync(file, page().fresh)
