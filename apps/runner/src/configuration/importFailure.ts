/**
 * Why a module of the user's cannot be imported, on one line: where in its folder, as far as the runtime says, and what.
 * Runtimes tell the place of a syntax error at the head of the stack, in the message, or in the first of several errors;
 * that of an error that is thrown is the first call in the folder, whoever threw it.
 */
import * as path from "node:path"
import { stripVTControlCharacters } from "node:util"
import { pathToFileURL } from "node:url"
import { isRecord } from "./valueAt.ts"

export const describe = (error: unknown, file: string): string => {
  const told = error instanceof AggregateError ? (error.errors[0] as unknown) : error
  const { message, position, stack } = Object(told) as { message?: unknown; position?: unknown; stack?: unknown }
  const [said = ""] = plain(typeof message === "string" ? message : String(told)).split("\n")
  const at = placeOf(position) ?? placeIn(`${plain(message)}\n${plain(stack)}`, file)
  return `${at === undefined ? "" : `${at}: `}${said.replace(/ at file:\/\/\S+$/, "")}`
}

const plain = (text: unknown): string => (typeof text === "string" ? stripVTControlCharacters(text) : "")

const placeOf = (position: unknown): string | undefined =>
  isRecord(position) ? place(String(position["line"]), String(position["column"])) : undefined

const place = (line: string, column?: string): string =>
  `line ${line}${column === undefined ? "" : `, column ${column}`}`

/** The first place that a text names in the folder of the file, but for what is installed there. */
const placeIn = (text: string, file: string): string | undefined => {
  const folder = `${path.dirname(file)}${path.sep}`
  for (const rest of text
    .replaceAll(`${pathToFileURL(folder).href}`, folder)
    .split(folder)
    .slice(1)) {
    const [, name = "", line, column] = /^([^\n:]*):(\d+)(?::(\d+))?/.exec(rest) ?? []
    if (line === undefined || name.includes("node_modules")) continue
    return name === path.basename(file) ? place(line, column) : `${name}, ${place(line, column)}`
  }
  return undefined
}
