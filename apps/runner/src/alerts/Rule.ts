/** A rule of the configuration: a name, how bad it is, how long it must hold, and what of a picture it finds. */
import * as Duration from "effect/Duration"
import type { RuleEntry, Severity } from "../configuration/AlertsEntry.ts"
import { engineKinds } from "./engineKinds.ts"
import { feedKinds } from "./feedKinds.ts"
import type { Find, Kind, Kinds, On } from "./Kind.ts"
import { processKinds } from "./processKinds.ts"
import { streamKinds } from "./streamKinds.ts"

export interface Rule {
  readonly name: string
  readonly severity: Severity
  readonly forMs: number
  readonly find: Find
}

const kinds: Kinds<On> = { ...streamKinds, ...feedKinds, ...engineKinds, ...processKinds }

export const make = (entry: RuleEntry): Rule => {
  // sound because an entry is made by the kind that it names
  const kind = kinds[entry.on] as Kind<On>
  const find = kind.make(entry)
  const isAsked = matching(entry.match)
  return {
    name: entry.name ?? entry.on,
    severity: entry.severity ?? kind.severity,
    forMs: entry.for === undefined ? kind.forMs : Duration.toMillis(entry.for),
    find: (picture) => find(picture).filter(({ subject }) => isAsked(subject))
  }
}

/** `*` stands for any run of characters. */
const matching = (match: string): ((subject: string) => boolean) => {
  if (match === "*") return () => true
  const escaped = match.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
  const expression = new RegExp(`^${escaped.join(".*")}$`, "i")
  return (subject) => expression.test(subject)
}
