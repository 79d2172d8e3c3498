/**
 * docs/api.md: every route with a command and what it answered. The routes are the API's own, the answers those of a demo, kept in
 * answers.json. As a program it writes the document: `node scripts/api/page.ts`; with `--record` it asks a demo anew before.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { document } from "../../apps/runner/src/http/api/document.ts"
import { type Route, routes, start } from "./demo.ts"
import { commandOf } from "./examples.ts"
import { isJson, shortened } from "./shortened.ts"

const file = new URL("../../docs/api.md", import.meta.url)
const recorded = new URL("answers.json", import.meta.url)
const BEGIN = "<!-- the routes, put here by pnpm generate -->"

export const answers = (): Readonly<Record<string, string>> => JSON.parse(readFileSync(recorded, "utf8")) as never

/** The document as it stands, and as it should; throws where it has no place for the routes. */
export const page = (): { readonly now: string; readonly fresh: string } => {
  const now = readFileSync(file, "utf8")
  const begin = now.indexOf(BEGIN)
  if (begin === -1) throw new RangeError(`docs/api.md has no "${BEGIN}"`)
  const known = answers()
  const byGroup = Map.groupBy(routes(), ({ group }) => group)
  const groups = (document().tags ?? []).map(({ description = "", name }) =>
    [`## ${name}`, description, ...(byGroup.get(name) ?? []).map((route) => told(route, known[route.id]))].join("\n\n")
  )
  return { now, fresh: `${now.slice(0, begin)}${BEGIN}\n\n${groups.join("\n\n")}\n` }
}

const told = (route: Route, answer: string | undefined): string => {
  if (answer === undefined) throw new RangeError(`${route.id} has no answer: run node scripts/api/page.ts --record`)
  const { description, example, method, path } = route
  return [
    `### \`${method.toUpperCase()} ${path}\``,
    description,
    `\`\`\`sh\n${commandOf(method, example)}\n\`\`\``,
    `\`\`\`${isJson(answer) ? "text" : "text"}\n${shortened(answer)}\n\`\`\``
  ].join("\n\n")
}

const record = async (): Promise<void> => {
  const demo = await start()
  const told: Record<string, string> = {}
  try {
    for (const route of routes()) {
      const answer = await demo.answer(route)
      told[route.id] = isJson(answer) ? JSON.stringify(kept(JSON.parse(answer))) : answer
    }
  } finally {
    await demo.stop()
  }
  writeFileSync(recorded, `${JSON.stringify(told, undefined, 2)}\n`)
}

/** Of the folder that it was recorded in nothing is said; of long lists no more than is shown. */
const kept = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.slice(0, 3).map(kept)
  if (typeof value === "string") return value.replace(/^\/.*\/(?=[\w.-]+$)/, "/etc/tidewire/")
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, kept(each)]))
}

if (import.meta.main) {
  if (process.argv.includes("--record")) await record()
  writeFileSync(file, page().fresh)
}
