/**
 * `pnpm new:adapter <name>`: makes `packages/adapter-<name>` with a conformance suite that fails until the adapter works,
 * and `docs/venues/<name>.md`. Exit codes: 0 made, 2 not a name that can be had.
 */
import { fileURLToPath } from "node:url"
import * as Scaffold from "./scaffold.ts"
import * as VenueName from "./venueName.ts"

const help = `pnpm new:adapter <name>

Makes packages/adapter-<name> and docs/venues/<name>.md: an adapter that compiles and says of everything that it is not
written yet, and the conformance suite, which fails until it is.

<name> is the venue's id, such as "kraken" or "acme-futures": lower case letters, digits and hyphens.
`

const next = (name: string): string => `
Next:
  npx -y pnpm@12 install
  npx -y pnpm@12 exec vitest run packages/adapter-${name}   # fails until the adapter works

docs/adding-a-venue.md says what belongs where; what you find out about the venue goes into docs/venues/${name}.md.
`

const root = fileURLToPath(new URL("../..", import.meta.url))
const [name, ...more] = process.argv.slice(2).filter((each) => each !== "--")

if (name === "--help" || name === "-h") {
  process.stdout.write(help)
} else if (name === undefined || more.length > 0) {
  process.stderr.write(`expected one name\n\n${help}`)
  process.exitCode = 2
} else {
  const problem = VenueName.problem(name, Scaffold.taken(root))
  if (problem === undefined) {
    process.stdout.write(
      `Made:\n${Scaffold.make(root, name)
        .map((file) => `  ${file}\n`)
        .join("")}${next(name)}`
    )
  } else {
    process.stderr.write(`${problem}\n`)
    process.exitCode = 2
  }
}
