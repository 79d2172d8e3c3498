/** Puts a generated table into a document, between two marks that the document has. */

export const BEGIN = "<!-- conformance: made by the suite -->"
export const END = "<!-- end of conformance -->"

/** The document with this between its marks; throws where it has none. */
export const insert = (document: string, generated: string): string => {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)]
  if (begin === -1 || end < begin) throw new RangeError(`the document has no "${BEGIN}" before "${END}"`)
  return `${document.slice(0, begin)}${BEGIN}\n\n${generated.trim()}\n\n${document.slice(end)}`
}
