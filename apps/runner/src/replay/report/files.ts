/** A report as files: `<name>.json` and `<name>.html`. Nothing is ever overwritten. */
import * as fs from "node:fs"
import * as Effect from "effect/Effect"
import type { Problem } from "../../configuration/Problem.ts"
import { Failed } from "../../process/exit.ts"
import { page } from "./page.ts"
import type { Report } from "./Report.ts"

const FILE_ENDINGS = [".json", ".html"] as const

/** What is there already, before anything is played. */
export const problems = (name: string): ReadonlyArray<Problem> =>
  FILE_ENDINGS.filter((ending) => fs.existsSync(`${name}${ending}`)).map((ending) => ({
    path: "--report",
    message: `${name}${ending} is there already; expected a new name, because nothing is ever overwritten`
  }))

export const write = (name: string, report: Report): Effect.Effect<void, Failed> =>
  Effect.try({
    try: () => {
      fs.writeFileSync(`${name}.json`, `${JSON.stringify(report, undefined, 2)}\n`, { flag: "wx" })
      fs.writeFileSync(`${name}.html`, page(report), { flag: "wx" })
    },
    catch: (cause) =>
      new Failed({ message: "the report could not be written", context: { name, reason: String(cause) }, cause })
  })
