/**
 * Reads a configuration file of any kind into a plain value: `.ts`, `.mts`, `.js`, `.mjs` by their default export,
 * `.yaml`, `.yml` and `.json` by their text. What is wrong with the text is told with line and column.
 */
import * as fs from "node:fs/promises"
import * as path from "node:path"
import { pathToFileURL } from "node:url"
import * as Effect from "effect/Effect"
import * as ImportFailure from "./importFailure.ts"
import { BadConfiguration, type Problem } from "./Problem.ts"

export interface ConfigurationFile {
  /** As the user wrote it, for messages. */
  readonly source: string
  /** The folder that adapters and other relative paths are looked for from. */
  readonly folder: string
  readonly value: unknown
}

const extensions = [".ts", ".mts", ".js", ".mjs", ".yaml", ".yml", ".json"]

export const read = Effect.fnUntraced(function* (source: string) {
  const file = path.resolve(source)
  const fail = (message: string) =>
    Effect.fail(new BadConfiguration({ source, problems: [{ path: "", message } satisfies Problem] }))
  const extension = path.extname(file).toLowerCase()
  if (!extensions.includes(extension)) {
    return yield* fail(`"${extension}" is no kind of configuration; expected ${extensions.join(", ")}`)
  }
  const text = yield* Effect.promise(() => fs.readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => error))
  if (typeof text !== "string") {
    return yield* fail(text.code === "ENOENT" ? `there is no such file: ${file}` : `cannot be read: ${text.message}`)
  }
  const parsed: Parsed = yield* Effect.promise(() =>
    extension === ".json" ? parseJson(text) : extension.startsWith(".y") ? parseYaml(text) : importDefault(file)
  )
  if ("message" in parsed) return yield* fail(parsed.message)
  return { source, folder: path.dirname(file), value: parsed.value } satisfies ConfigurationFile
})

type Parsed = { readonly value: unknown } | { readonly message: string }

const at = (text: string, offset: number): string => {
  const before = text.slice(0, offset)
  return `line ${before.split("\n").length}, column ${offset - before.lastIndexOf("\n")}`
}

const parseJson = async (text: string): Promise<Parsed> => {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const position = /at position (\d+)/.exec(said)?.[1]
    if (position !== undefined) return { message: `not JSON: ${at(text, Number(position))}: ${said}` }
    if (/end of/i.test(said)) return { message: `not JSON: ${at(text, text.length)}: ${said}` }
    // engines that do not say where: YAML reads nearly all of JSON and does
    const yaml = await parseYaml(text)
    return { message: "message" in yaml ? yaml.message.replace("not YAML", "not JSON") : `not JSON: ${said}` }
  }
}

const parseYaml = async (text: string): Promise<Parsed> => {
  const { parseDocument } = await import("yaml")
  const document = parseDocument(text, { prettyErrors: true })
  const [error] = document.errors
  if (error === undefined) return { value: document.toJS() as unknown }
  const [first = error.message] = error.message.split("\n")
  return { message: `not YAML: ${at(text, error.pos[0])}: ${first.replace(/ at line \d+, column \d+:?$/, "")}` }
}

const importDefault = async (file: string): Promise<Parsed> => {
  try {
    const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>
    return "default" in module
      ? { value: module["default"] }
      : { message: "has no default export; expected `export default defineConfig({ … })`" }
  } catch (error) {
    return { message: `cannot be loaded: ${ImportFailure.describe(error, file)}` }
  }
}
