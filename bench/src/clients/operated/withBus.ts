/** With a bus that nobody listens to. */
import { operated } from "./operated.ts"

await operated("a bus")
