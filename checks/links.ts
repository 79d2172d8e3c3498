/** The links of documents to files beside them. */
import { existsSync, readFileSync } from "node:fs"
import { dirname, resolve } from "node:path"

/** Those that lead nowhere, each with the document that has it. */
export const deadLinks = (root: string, documents: ReadonlyArray<string>): ReadonlyArray<string> =>
  documents.flatMap((document) => {
    const text = readFileSync(resolve(root, document), "utf8")
    return [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target = ""]) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(resolve(root, dirname(document), target)))
      .map((target) => `${document}: ${target}`)
  })
