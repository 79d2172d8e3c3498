/** The name of a new venue: what it may be, and how it is written in code. */

/** Beyond it the lines of the template with the name in them would be too long for the formatter. */
const LONGEST = 24

const legal = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/** Why this cannot be the name of a venue; `undefined` when it can. */
export const problem = (name: string, taken: ReadonlyArray<string>): string | undefined => {
  const given = JSON.stringify(name)
  if (name.startsWith("adapter-")) return `${given}: the venue's name alone, "${name.slice("adapter-".length)}"`
  if (!legal.test(name)) {
    return `${given} is no name of a package: expected lower case letters, digits and single hyphens, a letter first`
  }
  if (name.length > LONGEST) return `${given} is too long: expected at most ${LONGEST} characters`
  return taken.includes(name) ? `${given} is taken` : undefined
}

/** `my-venue` as `MyVenue`. */
export const pascal = (name: string): string =>
  name
    .split("-")
    .map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`)
    .join("")
