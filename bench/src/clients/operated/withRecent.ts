/** With the metrics and the recent past. */
import { operated } from "./operated.ts"

await operated("metrics and recent events")
