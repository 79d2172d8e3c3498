/** With the metrics. */
import { operated } from "./operated.ts"

await operated("metrics")
