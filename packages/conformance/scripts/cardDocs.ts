/**
 * The list of cards in docs/conformance.md, made of the cards. As a program it writes the file:
 * `node packages/conformance/scripts/cardDocs.ts`.
 */
import { readFileSync, writeFileSync } from "node:fs"
import { insert } from "../src/insert.ts"
import { list } from "../src/list.ts"

const file = new URL("../../../docs/conformance.md", import.meta.url)

/** The document as it stands, and as it should. */
export const page = (): { readonly now: string; readonly fresh: string } => {
  const now = readFileSync(file, "utf8")
  return { now, fresh: insert(now, list()) }
}

if (import.meta.main) writeFileSync(file, page().fresh)
