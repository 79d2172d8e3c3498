/** Writes `src/exchanges.ts`: what the installed CCXT says that each of its exchanges can do. */
import { writeFileSync } from "node:fs"
import { listing } from "./listing.ts"

writeFileSync(new URL("../src/exchanges.ts", import.meta.url), listing())
